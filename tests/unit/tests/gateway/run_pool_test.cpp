#include "tests/gateway/engine/run_pool.h"

#include <gtest/gtest.h>

namespace rsip::gateway {
namespace {

constexpr Ipv4Address kMe{1};
constexpr Ipv4Address kOther{2};
constexpr TimePoint kNow{std::chrono::hours(1)};
constexpr TimePoint kLater{kNow + std::chrono::minutes(2)};

RunPool pool_of_hundred() {
  return RunPool({{1000, 100}});
}

TEST(RunPool, OwnsExactlyWhatItWasMadeOf) {
  const RunPool pool({{10, 5}, {20, 5}});
  EXPECT_TRUE(pool.owns({10, 5}));
  EXPECT_TRUE(pool.owns({24, 1}));
  EXPECT_FALSE(pool.owns({9, 1}));
  EXPECT_FALSE(pool.owns({14, 2}));
  EXPECT_FALSE(pool.owns({12, 10}));
  EXPECT_FALSE(pool.owns({25, 1}));
}

TEST(RunPool, TakesTheSmallestRunThatIsLargeEnough) {
  RunPool pool({{10, 8}, {30, 4}, {50, 100}});
  EXPECT_EQ(pool.take_any(4), (gateway::Run{30, 4}));
  EXPECT_EQ(pool.take_any(4), (gateway::Run{10, 4}));
  EXPECT_EQ(pool.take_any(20), (gateway::Run{50, 20}));
}

TEST(RunPool, HasNothingLeftWhenAllIsTaken) {
  RunPool pool = pool_of_hundred();
  EXPECT_TRUE(pool.take_any(100));
  EXPECT_FALSE(pool.take_any(1));
  EXPECT_EQ(pool.largest_free(), 0U);
  EXPECT_EQ(pool.free_count(), 0U);
}

TEST(RunPool, TakesANamedRunOutOfTheMiddle) {
  RunPool pool = pool_of_hundred();
  ASSERT_TRUE(pool.available({1040, 20}, kMe));
  pool.take({1040, 20});
  EXPECT_FALSE(pool.available({1059, 1}, kMe));
  EXPECT_TRUE(pool.available({1060, 40}, kMe));
  EXPECT_EQ(pool.free_count(), 80U);
  EXPECT_EQ(pool.largest_free(), 40U);
}

TEST(RunPool, HoldsWhatIsGivenBackAndThenFreesIt) {
  RunPool pool = pool_of_hundred();
  pool.take({1000, 100});
  pool.give_back({1000, 100}, kMe, kLater);
  EXPECT_FALSE(pool.take_any(1));
  pool.release_held(kLater - Duration(1));
  EXPECT_EQ(pool.held_count(), 100U);
  pool.release_held(kLater);
  EXPECT_EQ(pool.held_count(), 0U);
  EXPECT_EQ(pool.take_any(100), (gateway::Run{1000, 100}));
}

TEST(RunPool, GivesAHeldRunBackOnlyToTheHostThatHadIt) {
  RunPool pool = pool_of_hundred();
  pool.take({1010, 10});
  pool.give_back({1010, 10}, kMe, kLater);
  EXPECT_FALSE(pool.available({1010, 10}, kOther));
  EXPECT_TRUE(pool.available({1010, 10}, kMe));
  pool.take({1012, 3});
  EXPECT_EQ(pool.held_count(), 7U);
  EXPECT_FALSE(pool.available({1011, 2}, kMe));
  pool.release_held(kLater);
  EXPECT_EQ(pool.free_count(), 97U);
}

TEST(RunPool, GivesARunThatIsPartlyHeldAndPartlyFree) {
  RunPool pool = pool_of_hundred();
  pool.take({1010, 10});
  pool.give_back({1010, 10}, kMe, kLater);
  ASSERT_TRUE(pool.available({1005, 20}, kMe));
  pool.take({1005, 20});
  EXPECT_EQ(pool.held_count(), 0U);
  EXPECT_EQ(pool.free_count(), 80U);
}

TEST(RunPool, JoinsFreedNeighboursToOneRun) {
  RunPool pool = pool_of_hundred();
  for (std::uint32_t i = 0; i < 10; ++i) pool.take({1000 + 10 * i, 10});
  for (const std::uint32_t i : {3U, 5U, 4U, 0U, 9U, 1U, 2U, 8U, 6U, 7U}) {
    pool.give_back({1000 + 10 * i, 10}, kMe, kNow);
    pool.release_held(kNow);
  }
  EXPECT_EQ(pool.largest_free(), 100U);
}

}  // namespace
}  // namespace rsip::gateway
