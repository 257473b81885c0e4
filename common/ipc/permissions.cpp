#include "common/ipc/permissions.h"

namespace rsip::ipc {

const char* to_string(Who who) {
  switch (who) {
    case Who::kRoot:
      return "root";
    case Who::kGroup:
      return "group";
    case Who::kActiveSession:
      return "active_session";
    case Who::kOther:
      return "other";
  }
  return "?";
}

Result<void> permit(Who who, Access access) {
  if (is_allowed(who, access)) return {};
  return fail(ErrorKind::kPermission, "this is for those who may change what the agent does",
              "use this machine's screen, or be a member of group rsip: sudo usermod --append "
              "--groups rsip USER (no new login is needed)");
}

}  // namespace rsip::ipc
