#pragma once

#include <chrono>

namespace rsip {

/// Time since boot, sleep included (CLOCK_BOOTTIME): a lease goes on while a laptop is suspended.
/// It deliberately has no now(): engines are given the time, only drivers read a clock.
struct BootTime {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootTime>;
  static constexpr bool is_steady = true;
};

using TimePoint = BootTime::time_point;
using Duration = BootTime::duration;

}  // namespace rsip
