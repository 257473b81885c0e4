#include "gui/models/lease_timeline.h"

#include <gmock/gmock.h>

#include "gui/models/words.h"

using namespace rsip;
using namespace rsip::gui;
using Mark = LeaseTimeline::Mark;

namespace {

std::uint32_t asTold(const std::string&, std::uint32_t seconds) {
  return seconds;
}

ipc::Status leased(std::uint32_t expires) {
  ipc::Status status;
  status.gateways.push_back({.name = "hotel"});
  status.gateways[0].leases.push_back(
      {.bind = 3,
       .expires_in_seconds = expires,
       .renews_in_seconds = expires / 2,
       .granted_seconds = 1800,
       .history = {{.time = "2026-11-24T13:00:00Z", .what = "granted", .granted_seconds = 1800},
                   {.time = "2026-11-24T13:15:00Z", .what = "extended", .granted_seconds = 1800},
                   {.time = "2026-11-24T13:20:00Z", .what = "failed", .detail = "no answer"}}});
  return status;
}

const std::int64_t kNow = timeOf("2026-11-24T13:30:00Z").toMSecsSinceEpoch();

}  // namespace

TEST(LeaseTimeline, ShowsALeaseFromItsGrantToItsEnd) {
  LeaseTimeline line;
  line.update(leased(1200), asTold, kNow);
  ASSERT_EQ(line.bars().size(), 1U);
  const LeaseTimeline::Bar& bar = line.bars()[0];
  EXPECT_EQ(bar.from, kNow - 1800'000);
  EXPECT_EQ(bar.to, kNow + 1200'000);
  EXPECT_EQ(bar.renewsAt, kNow + 600'000);
  EXPECT_EQ(bar.lastTry, bar.to - 225'000);
  ASSERT_EQ(bar.markers.size(), 3U);
  EXPECT_EQ(bar.markers[0].mark, Mark::kGranted);
  EXPECT_EQ(bar.markers[1].mark, Mark::kExtended);
  EXPECT_EQ(bar.markers[2].mark, Mark::kFailed);
  EXPECT_EQ(bar.markers[2].words, "Not renewed: no answer");
}

TEST(LeaseTimeline, DoesNotTrembleWithTheRoundingOfCountdowns) {
  LeaseTimeline line;
  line.update(leased(1200), asTold, kNow);
  line.update(leased(1199), asTold, kNow + 300);
  EXPECT_EQ(line.bars()[0].to, kNow + 1200'000);
}

TEST(LeaseTimeline, KeepsALeaseThatIsGoneForAnHour) {
  LeaseTimeline line;
  line.update(leased(1200), asTold, kNow);
  line.update({}, asTold, kNow + 5000);
  ASSERT_EQ(line.bars().size(), 1U);
  EXPECT_TRUE(line.bars()[0].gone);
  EXPECT_EQ(line.bars()[0].to, kNow + 5000);
  EXPECT_EQ(line.bars()[0].markers.back().mark, Mark::kEnded);
  line.update({}, asTold, kNow + 3'700'000);
  EXPECT_TRUE(line.bars().empty());
}

TEST(LeaseTimeline, TellsALostLeaseFromOneThatEndedBothWaysRound) {
  const ipc::Happening lost{.kind = "lease_lost", .gateway = "hotel", .bind = 3};
  LeaseTimeline early;
  early.update(leased(1200), asTold, kNow);
  early.happened(lost, kNow);
  early.update({}, asTold, kNow);
  EXPECT_EQ(early.bars()[0].markers.back().mark, Mark::kLost);
  LeaseTimeline late;
  late.update(leased(1200), asTold, kNow);
  late.update({}, asTold, kNow);
  late.happened(lost, kNow);
  EXPECT_EQ(late.bars()[0].markers.back().mark, Mark::kLost);
}

TEST(LeaseTimeline, SeesSleepByTheClockThatStoodStill) {
  LeaseTimeline line;
  line.observeClocks(10'000, 9'000, kNow);
  line.observeClocks(12'000, 11'000, kNow + 2000);
  EXPECT_TRUE(line.suspended().empty());
  line.observeClocks(614'000, 13'000, kNow + 604'000);
  ASSERT_EQ(line.suspended().size(), 1U);
  EXPECT_EQ(line.suspended()[0], (LeaseTimeline::Band{kNow + 4000, kNow + 604'000}));
}

TEST(LeaseTimeline, SpansAnHourBackAndTheLongestLease) {
  LeaseTimeline line;
  EXPECT_EQ(line.span(kNow).from, kNow - 3'600'000);
  line.update(leased(7200), asTold, kNow);
  EXPECT_EQ(line.span(kNow).to, kNow + 7'200'000);
}

TEST(LeaseTimeline, SaysABarInWords) {
  LeaseTimeline line;
  line.update(leased(1200), asTold, kNow);
  EXPECT_EQ(LeaseTimeline::words(line.bars()[0], kNow),
            "hotel, lease 3: ends in 20 min, renewed 1 times, 1 times not");
}
