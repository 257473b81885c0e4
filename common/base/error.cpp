#include <cctype>
#include <string_view>

#include "common/base/result.h"

namespace rsip {
namespace {

struct KindRow {
  ErrorKind kind;
  int exit_code;
  const char* name;
};

constexpr KindRow kKinds[] = {
    {ErrorKind::kOther, 1, "other"},
    {ErrorKind::kUsage, 2, "usage"},
    {ErrorKind::kAgentNotRunning, 3, "agent_not_running"},
    {ErrorKind::kPermission, 4, "permission_denied"},
    {ErrorKind::kTimeout, 5, "timed_out"},
    {ErrorKind::kState, 6, "state_not_as_asked"},
    {ErrorKind::kUnreachable, 7, "gateway_unreachable"},
    {ErrorKind::kDenied, 8, "denied_by_policy"},
    {ErrorKind::kNoResources, 9, "no_resources"},
    {ErrorKind::kInUse, 10, "in_use"},
    {ErrorKind::kSignInNeeded, 11, "sign_in_needed"},
    {ErrorKind::kConfigInvalid, 12, "configuration_invalid"},
    {ErrorKind::kNotFound, 13, "no_such_object"},
    {ErrorKind::kProtocol, 14, "protocol_error"},
    {ErrorKind::kIkeUnreachable, 15, "ike_daemon_unreachable"},
};

const KindRow& row(ErrorKind kind) {
  for (const KindRow& candidate : kKinds) {
    if (candidate.kind == kind) return candidate;
  }
  return kKinds[0];
}

}  // namespace

int exit_code(ErrorKind kind) {
  return row(kind).exit_code;
}

const char* to_string(ErrorKind kind) {
  return row(kind).name;
}

ErrorKind error_kind(std::string_view name) {
  for (const KindRow& candidate : kKinds) {
    if (candidate.name == name) return candidate.kind;
  }
  return ErrorKind::kOther;
}

std::string to_line(const Error& error) {
  if (error.hint.empty()) return error.message;
  std::string sentence = error.hint;
  if (sentence.starts_with("rsip")) return error.message + ". " + sentence;  // a command to type
  sentence[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(sentence[0])));
  return error.message + ". " + sentence;
}

}  // namespace rsip
