#include "agent/datapath/port_pool.h"

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

constexpr auto kAnyPort = [](std::uint16_t) { return true; };

void add(PortPool& pool, std::initializer_list<std::uint16_t> ports) {
  for (const std::uint16_t port : ports) pool.add(port);
}

TEST(PortPool, GivesPortsInOrderAndThenTheLeastRecentlyUsed) {
  PortPool pool;
  add(pool, {5000, 5001, 5002});
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
  add(pool, {5000, 5001, 5002});
  EXPECT_EQ(pool.take_any([](std::uint16_t port) { return port != 5000; }), 5001);
  EXPECT_EQ(pool.take_any([](std::uint16_t) { return false; }), std::nullopt);
  EXPECT_EQ(pool.take_any(kAnyPort), 5000);
}

TEST(PortPool, PutsNewPortsBeforeUsedOnes) {
  PortPool pool;
  pool.add(5000);
  pool.give_back(pool.take_any(kAnyPort).value());
  add(pool, {6000, 6001});
  EXPECT_EQ(pool.take_any(kAnyPort), 6000);
  EXPECT_EQ(pool.take_any(kAnyPort), 6001);
  EXPECT_EQ(pool.take_any(kAnyPort), 5000);
}

TEST(PortPool, ForgetsAPortThatIsNoLongerLeasedAtOnceOrWhenItIsGivenBack) {
  PortPool pool;
  add(pool, {5000, 5001});
  pool.take(5000);
  pool.withdraw(5000);
  pool.withdraw(5001);
  EXPECT_FALSE(pool.is_free(5001));
  pool.give_back(5000);
  EXPECT_FALSE(pool.is_free(5000));
  EXPECT_EQ(pool.take_any(kAnyPort), std::nullopt);
}

TEST(PortPool, KeepsATakenPortTakenWhenItIsLeasedAgain) {
  PortPool pool;
  pool.add(5000);
  pool.take(5000);
  pool.withdraw(5000);
  pool.add(5000);
  EXPECT_EQ(pool.take_any(kAnyPort), std::nullopt);
  pool.give_back(5000);
  EXPECT_EQ(pool.take_any(kAnyPort), 5000);
}

TEST(PortPool, ReachesTheLastPortNumber) {
  PortPool pool;
  pool.add(65535);
  EXPECT_EQ(pool.take_any(kAnyPort), 65535);
}

}  // namespace
}  // namespace rsip::agent
