#include <random>
#include <set>

#include <gtest/gtest.h>

#include "common/auth/opener.h"
#include "tests/fakes/seed.h"

namespace rsip::auth {
namespace {

bool take(ReplayWindow& window, std::uint64_t counter) {
  const bool is_new = window.is_new(counter);
  if (is_new) window.mark(counter);
  return is_new;
}

TEST(ReplayWindow, TakesEachCounterOnce) {
  ReplayWindow window;
  EXPECT_TRUE(take(window, 1));
  EXPECT_FALSE(take(window, 1));
  EXPECT_TRUE(take(window, 2));
  EXPECT_FALSE(take(window, 1));
}

TEST(ReplayWindow, LetsMessagesOvertakeEachOtherWithin64) {
  ReplayWindow window;
  EXPECT_TRUE(take(window, 1000));
  EXPECT_TRUE(take(window, 1000 - 63));
  EXPECT_FALSE(take(window, 1000 - 64));
  EXPECT_FALSE(take(window, 1000 - 63));
  EXPECT_TRUE(take(window, 999));
}

TEST(ReplayWindow, TakesNothingUpToWhereItBegins) {
  ReplayWindow window(1000);
  EXPECT_FALSE(take(window, 1000));
  EXPECT_FALSE(take(window, 0));
  EXPECT_TRUE(take(window, 1002));
  EXPECT_TRUE(take(window, 1001));
  EXPECT_FALSE(take(window, 1000));
  EXPECT_TRUE(take(window, 1200));
  EXPECT_FALSE(take(window, 1000));
}

TEST(ReplayWindow, TakesTheLargestCounter) {
  ReplayWindow window(5);
  EXPECT_TRUE(take(window, ~std::uint64_t{0}));
  EXPECT_FALSE(take(window, ~std::uint64_t{0}));
  EXPECT_FALSE(take(window, 6));
}

TEST(ReplayWindow, NeverTakesACounterTwice) {
  const unsigned seed = rsip::fakes::test_seed();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  ReplayWindow window(50);
  std::set<std::uint64_t> taken;
  std::uint64_t highest = 50;
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t counter = highest - 50 + random() % 103;
    const bool expected =
        counter > 50 && !taken.contains(counter) && (counter > highest || highest - counter < 64);
    ASSERT_EQ(take(window, counter), expected) << counter << " after " << highest;
    if (expected) taken.insert(counter);
    if (expected) highest = std::max(highest, counter);
  }
}

}  // namespace
}  // namespace rsip::auth
