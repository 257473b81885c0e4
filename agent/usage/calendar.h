#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

/// Days of this host's time zone, as it is now: whoever moves it moves where later days begin.
namespace rsip::agent {

/// "2026-11-24".
///
/// unix_seconds   since 1970 in UTC
std::string local_day(std::int64_t unix_seconds);
/// When the local day of a time began. A day has 23 to 25 hours where clocks are changed.
std::int64_t local_midnight(std::int64_t unix_seconds);
/// The local midnight that follows; later than unix_seconds.
std::int64_t next_local_midnight(std::int64_t unix_seconds);

/// The date so many days before a date; a negative number: after it.
///
/// day   "2026-11-24", known to be right
std::string days_before(const std::string& day, int days);
/// Checks a date.
///
/// errors   kUsage
Result<std::string> parse_day(std::string_view text);

}  // namespace rsip::agent
