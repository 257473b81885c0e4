#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "common/base/ipv4.h"
#include "tests/gateway/engine/actions.h"

namespace rsip::gateway {

/// Writes what has happened to the log, one line per event.
void log_events(const std::vector<Action>& actions);

/// Writes what was refused to the log, at most one line a second: anybody can send rubbish.
class RefusalLog {
 public:
  void add(Ipv4Address host, const char* reason);

 private:
  std::uint64_t total_ = 0;
  std::chrono::steady_clock::time_point quiet_until_{};
};

}  // namespace rsip::gateway
