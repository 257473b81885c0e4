#pragma once

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace rsip::agent {

/// What kind of failure an errno value is to a user.
inline ErrorKind kind_of_errno(int code) {
  switch (code) {
    case EPERM:
    case EACCES:
      return ErrorKind::kPermission;
    case EBUSY:
    case EEXIST:
    case EADDRINUSE:
      return ErrorKind::kInUse;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
      return ErrorKind::kUnreachable;
    case ENODEV:
    case ENOENT:
      return ErrorKind::kNotFound;
    case ENOBUFS:
    case ENOMEM:
    case EMFILE:
    case ENFILE:
      return ErrorKind::kNoResources;
    default:
      return ErrorKind::kOther;
  }
}

inline constexpr std::string_view kNeedsNetAdmin =
    "run rsipd as root or with CAP_NET_ADMIN and CAP_NET_RAW";

/// "cannot <what>: <the kernel's answer>".
inline tl::unexpected<Error> fail_errno(int code, const std::string& what, std::string hint = {}) {
  if (hint.empty() && kind_of_errno(code) == ErrorKind::kPermission) hint = kNeedsNetAdmin;
  return fail(kind_of_errno(code), "cannot " + what + ": " + std::strerror(code), std::move(hint));
}

}  // namespace rsip::agent
