#pragma once

#include <cstdint>

#include "common/base/result.h"
#include "common/ipc/contract.h"

/// Who may do what: the one table of the contract.
namespace rsip::ipc {

/// Who is at the other end of the socket.
enum class Who {
  kRoot,           ///< Root, or the user that the agent runs as.
  kGroup,          ///< A member of group `rsip`.
  kActiveSession,  ///< The user whose local session is in front (logind).
  kOther,          ///< Any other local user.
};
inline constexpr Who kEverybody[] = {Who::kRoot, Who::kGroup, Who::kActiveSession, Who::kOther};

struct Caller {
  Who who = Who::kOther;
  std::uint32_t user = 0;  ///< User id.
};

/// "root", "group", "active_session", "other".
const char* to_string(Who who);

constexpr bool is_allowed(Who who, Access access) {
  switch (access) {
    case Access::kRead:
      return true;
    case Access::kChange:
      return who != Who::kOther;
  }
  return false;
}

/// errors   kPermission: who may, and how to become one of them
Result<void> permit(Who who, Access access);

}  // namespace rsip::ipc
