#include "agent/usage/usage_meter.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/usage/time_zone.h"

namespace rsip::agent {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

const UsageLease kOne{"hotel", "203.0.113.10", 1};
const UsageLease kTwo{"hotel", "203.0.113.10", 2};
const UsageLease kWhole{"office", "203.0.113.77", 1};
constexpr UsageAmount kMoved{1000, 2000, 10, 20, 0};

/// A host at 2026-11-24, 20:00:00 local time.
class UsageMeterTest : public testing::Test {
 protected:
  void pass(Duration time) {
    now_.boot += time;
    fraction_ += time;
    const auto whole = std::chrono::duration_cast<seconds>(fraction_);
    fraction_ -= whole;
    now_.unix_seconds += whole.count();
  }
  void look(const std::vector<UsageLease>& leases, const UsageMeter::Moved& moved = {}) {
    meter_.look("hotel", leases, moved, now_);
  }
  [[nodiscard]] static UsageAmount leased(std::uint64_t time) { return {0, 0, 0, 0, time}; }

  fakes::TimeZone zone_{fakes::kBerlin};
  UsageMoment now_{TimePoint(hours(5)), 1795546800};
  Duration fraction_{};
  UsageMeter meter_;
};

TEST_F(UsageMeterTest, CountsEachLeaseFromItsBeginToItsEnd) {
  look({kOne});
  pass(seconds(30));
  look({kOne, kTwo});
  pass(seconds(60));
  look({kTwo});
  pass(seconds(10));
  look({});
  pass(hours(1));
  look({});
  EXPECT_EQ(meter_.take(),
            (UsageRows{{{"2026-11-24", kOne}, leased(90)}, {{"2026-11-24", kTwo}, leased(70)}}));
  EXPECT_TRUE(meter_.take().empty());
  EXPECT_FALSE(meter_.measures());
}

TEST_F(UsageMeterTest, LosesNoFractionsOfSecondsByLookingOften) {
  look({kOne});
  for (int i = 0; i < 100; ++i) {
    pass(milliseconds(990));
    look({kOne});
  }
  EXPECT_EQ(meter_.take()[(UsageKey{"2026-11-24", kOne})].leased_seconds, 99U);
}

TEST_F(UsageMeterTest, PutsTrafficToItsLease) {
  look({kOne, kTwo});
  pass(seconds(60));
  look({kOne, kTwo}, {{1, kMoved}});
  pass(seconds(60));
  look({kOne, kTwo}, {{1, kMoved}, {2, kMoved}});
  const auto rows = meter_.take();
  EXPECT_EQ(rows.at({"2026-11-24", kOne}), (UsageAmount{2000, 4000, 20, 40, 120}));
  EXPECT_EQ(rows.at({"2026-11-24", kTwo}), (UsageAmount{1000, 2000, 10, 20, 120}));
}

TEST_F(UsageMeterTest, PutsWhatIsToldLateToTheLeaseThatEnded) {
  look({kOne});
  look({});
  pass(seconds(1));
  look({}, {{1, kMoved}});
  EXPECT_EQ(meter_.take(), (UsageRows{{{"2026-11-24", kOne}, kMoved}}));
}

TEST_F(UsageMeterTest, DropsNoTrafficOfALeaseItNeverSaw) {
  look({}, {{9, kMoved}});
  EXPECT_EQ(meter_.take(), (UsageRows{{{"2026-11-24", {"hotel", "", 9}}, kMoved}}));
}

TEST_F(UsageMeterTest, CountsOnWhenTheSameBindIsLeasedAgain) {
  look({kOne});
  pass(seconds(60));
  look({}, {{1, kMoved}});
  pass(seconds(60));
  look({kOne});
  pass(seconds(60));
  look({kOne}, {{1, kMoved}});
  EXPECT_EQ(meter_.take(),
            (UsageRows{{{"2026-11-24", kOne}, UsageAmount{2000, 4000, 20, 40, 120}}}));
}

TEST_F(UsageMeterTest, SplitsTimeAtLocalMidnight) {
  look({kOne});
  pass(hours(5));
  look({kOne});
  EXPECT_EQ(meter_.take(), (UsageRows{{{"2026-11-24", kOne}, leased(4 * 3600)},
                                      {{"2026-11-25", kOne}, leased(3600)}}));
}

TEST_F(UsageMeterTest, PutsTrafficToTheDayOfMostOfItsTime) {
  look({kOne});
  pass(hours(4) - seconds(50));
  look({kOne});
  pass(seconds(60));
  look({kOne}, {{1, kMoved}});
  const auto rows = meter_.take();
  EXPECT_EQ(rows.at({"2026-11-24", kOne}).sent_bytes, 1000U);
  EXPECT_EQ(rows.at({"2026-11-25", kOne}).sent_bytes, 0U);
}

TEST_F(UsageMeterTest, CountsDaysOf23And25HoursAsLongAsTheyAre) {
  now_.unix_seconds = 1774738800;  // 2026-03-29T00:00 +01:00
  look({kOne});
  pass(hours(24));
  look({kOne});
  EXPECT_EQ(meter_.take(), (UsageRows{{{"2026-03-29", kOne}, leased(23 * 3600)},
                                      {{"2026-03-30", kOne}, leased(3600)}}));
  now_.unix_seconds = 1792879200;  // 2026-10-25T00:00 +02:00
  look({kOne});
  static_cast<void>(meter_.take());
  pass(hours(26));
  look({kOne});
  EXPECT_EQ(meter_.take(), (UsageRows{{{"2026-10-25", kOne}, leased(25 * 3600)},
                                      {{"2026-10-26", kOne}, leased(3600)}}));
}

TEST_F(UsageMeterTest, CountsSleepAsLeasedTime) {
  look({kOne});
  pass(hours(30));
  look({kOne});
  EXPECT_EQ(meter_.take(), (UsageRows{{{"2026-11-24", kOne}, leased(4 * 3600)},
                                      {{"2026-11-25", kOne}, leased(24 * 3600)},
                                      {{"2026-11-26", kOne}, leased(2 * 3600)}}));
}

TEST_F(UsageMeterTest, NeitherLosesNorInventsTimeWhenTheClockIsSet) {
  for (const std::int64_t jump : {-10 * 86400LL, 10 * 86400LL, -1795546800LL}) {
    look({kOne});
    static_cast<void>(meter_.take());
    pass(seconds(60));
    now_.unix_seconds += jump;
    look({kOne}, {{1, kMoved}});
    const auto rows = meter_.take();
    std::uint64_t time = 0;
    std::uint64_t sent = 0;
    for (const auto& [key, amount] : rows) {
      time += amount.leased_seconds;
      sent += amount.sent_bytes;
    }
    EXPECT_EQ(time, 60U) << jump;
    EXPECT_EQ(sent, 1000U) << jump;
  }
}

TEST_F(UsageMeterTest, KeepsGatewaysApart) {
  look({kOne});
  meter_.look("office", {kWhole}, {}, now_);
  pass(seconds(60));
  look({kOne}, {{1, kMoved}});
  meter_.look("office", {kWhole}, {}, now_);
  const auto rows = meter_.take();
  EXPECT_EQ(rows.at({"2026-11-24", kOne}), (UsageAmount{1000, 2000, 10, 20, 60}));
  EXPECT_EQ(rows.at({"2026-11-24", kWhole}), leased(60));
}

TEST_F(UsageMeterTest, TellsWhetherLeasesAreNews) {
  EXPECT_FALSE(meter_.is_news("hotel", {}));
  EXPECT_TRUE(meter_.is_news("hotel", {kOne}));
  look({kOne});
  EXPECT_FALSE(meter_.is_news("hotel", {kOne}));
  EXPECT_TRUE(meter_.is_news("hotel", {kTwo}));
  EXPECT_TRUE(meter_.is_news("hotel", {kOne, kTwo}));
  EXPECT_TRUE(meter_.is_news("hotel", {}));
}

}  // namespace
}  // namespace rsip::agent
