#include "tests/gateway/tunnel/boot_time.h"

#include <ctime>

namespace rsip::gateway {

TimePoint boot_time() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return TimePoint(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

}  // namespace rsip::gateway
