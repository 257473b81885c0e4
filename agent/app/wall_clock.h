#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace rsip::agent {

/// The time of day, for people; what the agent does goes by TimePoint.
using WallClock = std::function<std::chrono::system_clock::time_point()>;

/// ISO 8601, UTC, whole seconds: "2026-11-24T12:00:00Z".
std::string to_iso(std::chrono::system_clock::time_point time);

}  // namespace rsip::agent
