#include "gui/models/throughput_history.h"

#include <gmock/gmock.h>

using namespace rsip::gui;
using Rate = ThroughputHistory::Rate;

TEST(ThroughputHistory, TellsBytesASecondOfTwoCounts) {
  ThroughputHistory history;
  history.add(1000, 100, 1000);
  history.add(2000, 300, 5000);
  EXPECT_THAT(history.last(60), testing::ElementsAre(Rate{200, 4000}));
  EXPECT_EQ(history.peak(60), 4000);
}

TEST(ThroughputHistory, ReckonsWithALateCount) {
  ThroughputHistory history;
  history.add(0, 0, 0);
  history.add(2000, 1000, 0);
  EXPECT_EQ(history.newest(), (Rate{500, 0}));
}

TEST(ThroughputHistory, HasAGapForEachSecondThatNobodyCounted) {
  ThroughputHistory history;
  history.add(0, 0, 0);
  history.add(1000, 10, 10);
  history.add(6000, 20, 20);
  EXPECT_THAT(history.last(60), testing::ElementsAre(Rate{10, 10}, std::nullopt, std::nullopt,
                                                     std::nullopt, std::nullopt, std::nullopt));
}

TEST(ThroughputHistory, HasAGapAndNoHugeRateWhenCountersBeginAnew) {
  ThroughputHistory history;
  history.add(0, 5000, 5000);
  history.add(1000, 10, 10);
  history.add(2000, 30, 10);
  EXPECT_THAT(history.last(60), testing::ElementsAre(std::nullopt, Rate{20, 0}));
}

TEST(ThroughputHistory, BeginsAnewAfterAnInterruption) {
  ThroughputHistory history;
  history.add(0, 0, 0);
  history.interrupt();
  history.interrupt();
  history.add(1000, 1'000'000, 0);
  EXPECT_THAT(history.last(60), testing::ElementsAre(std::nullopt));
}

TEST(ThroughputHistory, RemembersTenMinutesAndNoMore) {
  ThroughputHistory history;
  for (int second = 0; second <= 700; ++second) history.add(second * 1000, 10 * second, 0);
  EXPECT_EQ(history.last(10'000).size(), ThroughputHistory::kSeconds);
  EXPECT_EQ(history.last(60).size(), 60U);
}
