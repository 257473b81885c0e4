#include "agent/linux/boot_clock.h"

#include <time.h>

namespace rsip::agent {

TimePoint BootClock::now() const {
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return TimePoint(std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec));
}

}  // namespace rsip::agent
