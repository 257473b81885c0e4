#include "gui/models/usage_bars.h"

#include <gmock/gmock.h>

using namespace rsip;
using namespace rsip::gui;

namespace {

ipc::UsageRow row(const char* day, const char* gateway, std::uint64_t bytes) {
  return {.day = day, .gateway = gateway, .sent_bytes = bytes, .leased_seconds = 60};
}
const QDate kToday(2026, 11, 24);

}  // namespace

TEST(UsageBars, HaveABarForEachOfThirtyDays) {
  const UsageBars bars = UsageBars::byDay(
      {row("2026-11-24", "a", 5), row("2026-11-24", "b", 7), row("2026-10-26", "a", 1)}, kToday);
  ASSERT_EQ(bars.bars().size(), 30U);
  EXPECT_EQ(bars.bars().back().sent, 12U);
  EXPECT_EQ(bars.bars().front().sent, 1U);
  EXPECT_EQ(bars.bars()[5].sent, 0U);
  EXPECT_EQ(bars.peak(), 12U);
}

TEST(UsageBars, LeaveOutDaysThatAreNotShownOrAreNone) {
  const UsageBars bars = UsageBars::byDay({row("2026-10-25", "a", 5), row("soon", "a", 5)}, kToday);
  EXPECT_EQ(bars.peak(), 0U);
}

TEST(UsageBars, AddUpGatewaysTheMostUsedFirst) {
  const UsageBars bars = UsageBars::byGateway(
      {row("2026-11-23", "a", 5), row("2026-11-24", "b", 7), row("2026-11-24", "a", 1)});
  ASSERT_EQ(bars.bars().size(), 2U);
  EXPECT_EQ(bars.bars()[0].name, "b");
  EXPECT_EQ(bars.bars()[1].sent, 6U);
  EXPECT_EQ(bars.total().leasedSeconds, 180U);
}
