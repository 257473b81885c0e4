#pragma once

#include <ctime>
#include <string>

namespace rsip {

/// ISO 8601, UTC, whole seconds: "2026-11-24T12:00:00Z".
std::string utc_time(std::time_t when);

}  // namespace rsip
