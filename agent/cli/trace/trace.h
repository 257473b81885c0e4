#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>

#include "common/base/result.h"

namespace rsip::cli::trace {

struct TraceOptions {
  std::string socket;
  std::chrono::milliseconds patience{3000};  ///< For the agent's answer.
  std::string file;
  bool overwrite = false;
  std::uint32_t seconds = 0;  ///< 0: until it is interrupted.
  std::uint64_t packets = 0;  ///< 0: as many as there are.
};

/// The whole of `rsipctl trace`: captures control and tunnel traffic and what is inside the tunnels
/// into one pcapng file, until the time is over, so many packets have come, or SIGINT or SIGTERM.
///
/// progress   where it says what it looks at, and at the end how many packets there were
/// errors     kUsage if the file exists, kPermission without root or CAP_NET_RAW, what the agent
///            says, kOther if the file cannot be written
Result<void> run_trace(const TraceOptions& options, std::ostream& progress);

}  // namespace rsip::cli::trace
