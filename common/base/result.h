#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace rsip {

/// What kind of failure this is, as a user or a script tells failures apart.
/// Each kind has one documented exit code, see exit_code().
enum class ErrorKind {
  kOther,
  kUsage,
  kAgentNotRunning,
  kPermission,
  kTimeout,
  kState,
  kUnreachable,
  kDenied,
  kNoResources,
  kInUse,
  kSignInNeeded,
  kConfigInvalid,
  kNotFound,
  kProtocol,
  kIkeUnreachable,
};

/// A failure on its way to a person: what happened and what to do about it.
struct Error {
  ErrorKind kind = ErrorKind::kOther;
  std::string message;  ///< One line, no full stop: "cannot reach gateway 10.1.0.1:4555: refused".
  std::string hint;     ///< What to do, may be empty: "check [[gateway]] address in ...".

  bool operator==(const Error&) const = default;
};

template <class T, class E = Error>
using Result = tl::expected<T, E>;

inline tl::unexpected<Error> fail(ErrorKind kind, std::string message, std::string hint = {}) {
  return tl::unexpected(Error{kind, std::move(message), std::move(hint)});
}

/// Process exit code for an error kind (table in README.md).
int exit_code(ErrorKind kind);

/// Stable lower_snake name for JSON, e.g. "no_resources".
const char* to_string(ErrorKind kind);
/// The kind of that name; kOther if there is none.
ErrorKind error_kind(std::string_view name);

/// "message. Hint" on one line.
std::string to_line(const Error& error);

}  // namespace rsip
