#pragma once

#include "common/base/time.h"

namespace rsip::gateway {

/// Reads the clock that leases count on: CLOCK_BOOTTIME.
TimePoint boot_time();

}  // namespace rsip::gateway
