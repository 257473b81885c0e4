#include "agent/app/wall_clock.h"

#include "common/base/utc_time.h"

namespace rsip::agent {

std::string to_iso(std::chrono::system_clock::time_point time) {
  return utc_time(std::chrono::system_clock::to_time_t(time));
}

}  // namespace rsip::agent
