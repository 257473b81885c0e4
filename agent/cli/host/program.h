#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "common/base/result.h"

namespace rsip::cli {

/// What a program printed, and how it ended.
struct ProgramOutput {
  int exit_code = 0;
  std::string text;
};

/// How to run a program: how long it may take, how much of its output is kept, and whether what it
/// complains of belongs to that.
struct ProgramLimits {
  std::chrono::milliseconds time{3000};
  std::size_t bytes = 4 << 20;
  bool complaints = false;
};

/// Runs a program of the system, found in the usual folders, with English messages and no input.
///
/// command   program and arguments; no shell reads them
/// errors    kNotFound if it is not installed, kTimeout, kOther
Result<ProgramOutput> run_program(const std::vector<std::string>& command,
                                  const ProgramLimits& limits = {});

/// Runs a program that uses this one's terminal, to its end.
///
/// returns   its exit code
/// errors    as run_program()
Result<int> run_in_terminal(const std::vector<std::string>& command);

}  // namespace rsip::cli
