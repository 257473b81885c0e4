#include "agent/usage/calendar.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/usage/time_zone.h"

namespace rsip::agent {
namespace {

using fakes::kBerlin;
using fakes::TimeZone;

constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kNoonUtc = 1795608000;  // 2026-11-25T12:00:00Z

TEST(Calendar, NamesTheLocalDayNotThatOfUtc) {
  {
    const TimeZone utc("UTC");
    EXPECT_EQ(local_day(kNoonUtc), "2026-11-25");
    EXPECT_EQ(local_day(kNoonUtc + 12 * kHour - 1), "2026-11-25");
    EXPECT_EQ(local_day(kNoonUtc + 12 * kHour), "2026-11-26");
  }
  const TimeZone kiritimati("LINT-14");
  EXPECT_EQ(local_day(kNoonUtc), "2026-11-26");
}

TEST(Calendar, FindsBothMidnightsOfADay) {
  const TimeZone berlin(kBerlin);
  EXPECT_EQ(local_midnight(kNoonUtc), kNoonUtc - 13 * kHour);
  EXPECT_EQ(next_local_midnight(kNoonUtc), kNoonUtc + 11 * kHour);
  EXPECT_EQ(next_local_midnight(kNoonUtc + 11 * kHour), kNoonUtc + 35 * kHour);
}

TEST(Calendar, KnowsDaysOf23And25Hours) {
  const TimeZone berlin(kBerlin);
  const std::int64_t march_29 = 1774738800;    // 2026-03-29T00:00 +01:00
  const std::int64_t october_25 = 1792879200;  // 2026-10-25T00:00 +02:00
  EXPECT_EQ(local_day(march_29), "2026-03-29");
  EXPECT_EQ(local_midnight(march_29), march_29);
  EXPECT_EQ(next_local_midnight(march_29), march_29 + 23 * kHour);
  EXPECT_EQ(local_day(october_25), "2026-10-25");
  EXPECT_EQ(next_local_midnight(october_25), october_25 + 25 * kHour);
}

TEST(Calendar, CountsDatesBackOverMonthsAndLeapDays) {
  EXPECT_EQ(days_before("2026-11-24", 0), "2026-11-24");
  EXPECT_EQ(days_before("2026-03-01", 1), "2026-02-28");
  EXPECT_EQ(days_before("2028-03-01", 1), "2028-02-29");
  EXPECT_EQ(days_before("2026-01-01", 1), "2025-12-31");
  EXPECT_EQ(days_before("2026-12-31", -1), "2027-01-01");
}

TEST(Calendar, TakesDatesAndNothingElse) {
  EXPECT_EQ(parse_day("2026-11-24"), "2026-11-24");
  EXPECT_EQ(parse_day("2028-02-29"), "2028-02-29");
  for (const char* wrong : {"", "24.11.2026", "2026-11-31", "2027-02-29", "2026-13-01", "2026-11-4",
                            "2026-11-24 ", "-026-11-24", "2026/11/24", "2026-1a-24"}) {
    const auto day = parse_day(wrong);
    ASSERT_FALSE(day) << wrong;
    EXPECT_EQ(day.error().kind, ErrorKind::kUsage);
    EXPECT_NE(day.error().message.find(wrong), std::string::npos);
    EXPECT_NE(day.error().hint.find("2026-11-24"), std::string::npos);
  }
}

}  // namespace
}  // namespace rsip::agent
