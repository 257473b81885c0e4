#pragma once

#include "agent/platform/clock.h"

namespace rsip::agent {

/// CLOCK_BOOTTIME: goes on while the machine sleeps, as leases do.
class BootClock : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override;
};

}  // namespace rsip::agent
