#include "agent/usage/calendar.h"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace rsip::agent {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

/// tzset(3) first: the zone may have been changed while the agent runs.
std::tm local_time(std::int64_t unix_seconds) {
  tzset();
  const auto when = static_cast<std::time_t>(unix_seconds);
  std::tm local{};
  localtime_r(&when, &local);
  return local;
}

std::string to_text(int year, unsigned month, unsigned day) {
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", year, month, day);
  return text;
}

/// The beginning of a date; where clocks are changed at midnight the first moment that exists.
std::int64_t begin_of(std::tm local, int days_later) {
  local.tm_mday += days_later;
  local.tm_hour = local.tm_min = local.tm_sec = 0;
  local.tm_isdst = -1;
  return static_cast<std::int64_t>(std::mktime(&local));
}

/// A number of as many digits as there are characters; nothing else.
bool read_digits(std::string_view text, int& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && text.front() != '-';
}

bool read_date(std::string_view text, year_month_day& date) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  int year = 0;
  int month = 0;
  int day = 0;
  if (!read_digits(text.substr(0, 4), year) || !read_digits(text.substr(5, 2), month) ||
      !read_digits(text.substr(8, 2), day)) {
    return false;
  }
  date = std::chrono::year(year) / month / day;
  return date.ok();
}

}  // namespace

std::string local_day(std::int64_t unix_seconds) {
  const std::tm local = local_time(unix_seconds);
  return to_text(local.tm_year + 1900, static_cast<unsigned>(local.tm_mon + 1),
                 static_cast<unsigned>(local.tm_mday));
}

std::int64_t local_midnight(std::int64_t unix_seconds) {
  return begin_of(local_time(unix_seconds), 0);
}

std::int64_t next_local_midnight(std::int64_t unix_seconds) {
  return std::max(begin_of(local_time(unix_seconds), 1), unix_seconds + 1);
}

std::string days_before(const std::string& day, int days) {
  year_month_day date;
  if (!read_date(day, date)) return day;
  const year_month_day moved = sys_days(date) - std::chrono::days(days);
  return to_text(static_cast<int>(moved.year()), static_cast<unsigned>(moved.month()),
                 static_cast<unsigned>(moved.day()));
}

Result<std::string> parse_day(std::string_view text) {
  year_month_day date;
  if (read_date(text, date)) return std::string(text);
  return fail(ErrorKind::kUsage, "\"" + std::string(text) + "\" is not a date",
              "write it as year-month-day, for example 2026-11-24");
}

}  // namespace rsip::agent
