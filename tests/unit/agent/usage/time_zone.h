#pragma once

#include <cstdlib>
#include <ctime>

namespace rsip::fakes {

/// Local time is that of a zone as long as it lives.
class TimeZone {
 public:
  explicit TimeZone(const char* zone) {
    setenv("TZ", zone, 1);
    tzset();
  }
  ~TimeZone() {
    unsetenv("TZ");
    tzset();
  }
  TimeZone(const TimeZone&) = delete;
  TimeZone& operator=(const TimeZone&) = delete;
};

/// Berlin, without need of its file: clocks go forward on the last Sunday of March at 2, back on
/// that of October at 3.
inline constexpr const char* kBerlin = "CET-1CEST,M3.5.0,M10.5.0/3";

}  // namespace rsip::fakes
