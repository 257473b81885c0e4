#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"

namespace rsip::cli {

/// Becomes another program, found by PATH.
/// errors   kOther if it cannot be started: it is not there
Error become(const std::vector<std::string>& words);

struct Ended {
  int code = 0;      ///< Exit code; 128 and the signal's number if one ended it.
  std::string text;  ///< What it wrote, to standard output and standard error.
};

/// Runs a program, found by PATH, to its end.
/// errors   kOther if it cannot be started
Result<Ended> run_program(const std::vector<std::string>& words);

/// rsipd: the one beside this program, else the one that is found in PATH or in sbin.
std::string find_rsipd();

}  // namespace rsip::cli
