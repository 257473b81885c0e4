#pragma once

#include <string>

#include "common/base/remote_scope.h"
#include "common/base/result.h"

namespace rsip::agent {

/// "198.51.100.7" or "198.51.100.7:5000"; empty: any.
///
/// errors   kUsage saying what is wrong with it
Result<RemoteScope> parse_remote(const std::string& text);

}  // namespace rsip::agent
