#include "agent/datapath/port_pool.h"

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

constexpr auto kAnyPort = [](std::uint16_t) { return true; };

TEST(PortPool, GivesPortsInOrderAndThenTheLeastRecentlyUsed) {
  PortPool pool;
  pool.set_leased({{5000, 3}});
  EXPECT_EQ(pool.take_any(kAnyPort), 5000);
  EXPECT_EQ(pool.take_any(kAnyPort), 5001);
  pool.give_back(5001);
  pool.give_back(5000);
  EXPECT_EQ(pool.take_any(kAnyPort), 5002);
  EXPECT_EQ(pool.take_any(kAnyPort), 5001);
  EXPECT_EQ(pool.take_any(kAnyPort), 5000);
  EXPECT_EQ(pool.take_any(kAnyPort), std::nullopt);
}

TEST(PortPool, PassesOverPortsThatDoNotSuit) {
  PortPool pool;
  pool.set_leased({{5000, 3}});
  EXPECT_EQ(pool.take_any([](std::uint16_t port) { return port != 5000; }), 5001);
  EXPECT_EQ(pool.take_any([](std::uint16_t) { return false; }), std::nullopt);
  EXPECT_EQ(pool.take_any(kAnyPort), 5000);
}

TEST(PortPool, PutsNewPortsBeforeUsedOnes) {
  PortPool pool;
  pool.set_leased({{5000, 1}});
  pool.give_back(pool.take_any(kAnyPort).value());
  pool.set_leased({{5000, 1}, {6000, 2}});
  EXPECT_EQ(pool.take_any(kAnyPort), 6000);
  EXPECT_EQ(pool.take_any(kAnyPort), 6001);
  EXPECT_EQ(pool.take_any(kAnyPort), 5000);
}

TEST(PortPool, ForgetsAPortThatIsNoLongerLeasedAtOnceOrWhenItIsGivenBack) {
  PortPool pool;
  pool.set_leased({{5000, 2}});
  pool.take(5000);
  pool.set_leased({});
  EXPECT_FALSE(pool.is_leased(5000));
  EXPECT_FALSE(pool.is_free(5001));
  pool.give_back(5000);
  EXPECT_FALSE(pool.is_free(5000));
  EXPECT_EQ(pool.take_any(kAnyPort), std::nullopt);
}

TEST(PortPool, KeepsATakenPortTakenWhenItIsLeasedAgain) {
  PortPool pool;
  pool.set_leased({{5000, 1}});
  pool.take(5000);
  pool.set_leased({});
  pool.set_leased({{5000, 1}});
  EXPECT_EQ(pool.take_any(kAnyPort), std::nullopt);
  pool.give_back(5000);
  EXPECT_EQ(pool.take_any(kAnyPort), 5000);
}

TEST(PortPool, ReachesTheLastPortNumber) {
  PortPool pool;
  pool.set_leased({{65535, 1}});
  EXPECT_EQ(pool.take_any(kAnyPort), 65535);
}

}  // namespace
}  // namespace rsip::agent
