#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"

namespace rsip::cli {

/// Becomes another program, found by PATH.
/// errors   kOther if it cannot be started: it is not there
Error become(const std::vector<std::string>& words);

/// rsipd: the one beside this program, else the one that is found in PATH or in sbin.
std::string find_rsipd();

}  // namespace rsip::cli
