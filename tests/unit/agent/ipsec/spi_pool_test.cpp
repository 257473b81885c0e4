#include "agent/ipsec/spi_pool.h"

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t kSpare = 2;
constexpr Duration kIdle = 10min;

class SpiPoolTest : public testing::Test {
 protected:
  void use(const std::vector<SpiPool::Lease>& leases) { pool_.use(leases, now_); }
  void observe(const std::set<std::uint32_t>& in_use) { pool_.observe(in_use, now_); }
  [[nodiscard]] std::optional<std::uint32_t> first_offered() const {
    return pool_.offer() ? std::optional(pool_.offer()->first) : std::nullopt;
  }

  TimePoint now_{1h};
  SpiPool pool_{kSpare, kIdle, 42};
};

TEST_F(SpiPoolTest, NothingIsNextOrMissingWithoutALease) {
  observe({});
  EXPECT_EQ(first_offered(), std::nullopt);
  EXPECT_EQ(pool_.missing(), 0);
}

TEST_F(SpiPoolTest, OffersWhatIsFreeTogetherAndStaysThere) {
  use({{BindId{1}, {{0x1000, 4}}}});
  EXPECT_EQ(pool_.offer(), (SpiRange{0x1000, 4}));
  observe({0x1001});
  const auto offer = pool_.offer();
  ASSERT_TRUE(offer == SpiRange(0x1000, 1) || offer == SpiRange(0x1002, 2));
  for (int i = 0; i < 20; ++i) observe({0x1001});
  EXPECT_EQ(pool_.offer(), offer);
}

// H-232: within what is offered the kernel chooses by chance, and so is what is offered chosen.
TEST_F(SpiPoolTest, ChoosesAmongRunsByTheirLength) {
  std::map<std::uint32_t, int> chosen;
  for (std::uint64_t seed = 0; seed < 1600; ++seed) {
    SpiPool pool(kSpare, kIdle, seed);
    const std::vector<SpiPool::Lease> leases{{BindId{1}, {{0x1000, 12}, {0x2000, 4}}}};
    pool.use(leases, now_);
    ++chosen[pool.offer().value().first];
  }
  EXPECT_NEAR(chosen[0x1000], 1200, 100);
  EXPECT_NEAR(chosen[0x2000], 400, 100);
}

// H-216: an SPI that the host uses already is not told to a peer, whoever uses it.
TEST_F(SpiPoolTest, NeverOffersOneInUse) {
  use({{BindId{1}, {{0x1000, 3}, {0x2000, 1}}}});
  observe({0x1000, 0x1001, 0x1002});
  EXPECT_EQ(first_offered(), 0x2000U);
  observe({0x1000, 0x1001, 0x1002, 0x2000});
  EXPECT_EQ(first_offered(), std::nullopt);
}

TEST_F(SpiPoolTest, OneThatWasInUseRestsUnlessNothingElseIsFree) {
  use({{BindId{1}, {{0x1000, 3}}}});
  observe({0x1000, 0x1001});
  now_ += 1s;
  observe({0x1001, 0x1002});
  EXPECT_EQ(pool_.spis().at(0x1000).use, SpiPool::Use::kResting);
  EXPECT_EQ(first_offered(), 0x1000U) << "nothing else";
  now_ += 1s;
  observe({0x1002});
  EXPECT_EQ(first_offered(), 0x1000U) << "it has rested longer";
  now_ += SpiPool::kRest;
  observe({0x1002});
  EXPECT_EQ(pool_.spis().at(0x1000).use, SpiPool::Use::kFree);
}

TEST_F(SpiPoolTest, AFreeOneGoesBeforeOneThatRests) {
  use({{BindId{1}, {{0x1000, 2}}}});
  observe({0x1000});
  observe({});
  EXPECT_EQ(first_offered(), 0x1001U);
}

// H-238: a rekeying needs another SPI while the old one is in use.
TEST_F(SpiPoolTest, MissesWhatIsNeededBeforeNothingIsLeft) {
  use({{BindId{1}, {{0x1000, 4}}}});
  observe({});
  EXPECT_EQ(pool_.missing(), 0);
  observe({0x1000});
  EXPECT_EQ(pool_.missing(), 0) << "the next one and two more";
  observe({0x1000, 0x1001});
  EXPECT_EQ(pool_.missing(), 1);
  observe({0x1000, 0x1001, 0x1002, 0x1003});
  EXPECT_EQ(pool_.missing(), 3);
}

TEST_F(SpiPoolTest, WhatIsKnownOfAnSpiOutlivesAChangeOfLeases) {
  use({{BindId{1}, {{0x1000, 2}}}});
  observe({0x1000});
  use({{BindId{1}, {{0x1000, 2}}}, {BindId{2}, {{0x3000, 1}}}});
  EXPECT_EQ(pool_.spis().at(0x1000).use, SpiPool::Use::kInUse);
  use({{BindId{2}, {{0x3000, 1}}}});
  EXPECT_EQ(first_offered(), 0x3000U);
  EXPECT_FALSE(pool_.contains(0x1000));
}

TEST_F(SpiPoolTest, LeasesBeyondTheFirstRetireWhenTheyAreIdleForLong) {
  use({{BindId{1}, {{0x1000, 4}}}, {BindId{2}, {{0x2000, 4}}}});
  observe({});
  EXPECT_TRUE(pool_.retire_idle(now_ + kIdle - 1s).empty());
  EXPECT_EQ(pool_.retire_idle(now_ + kIdle), std::vector{BindId{2}});
  EXPECT_TRUE(pool_.retire_idle(now_ + kIdle).empty()) << "once";
  EXPECT_LT(first_offered().value(), 0x2000U) << "charon moves to another lease first";
}

TEST_F(SpiPoolTest, ALeaseInUseIsNotIdleAndOneThatIsNeededForSpareStays) {
  use({{BindId{1}, {{0x1000, 4}}}, {BindId{2}, {{0x2000, 4}}}, {BindId{3}, {{0x3000, 4}}}});
  observe({0x2001, 0x1000, 0x1001});
  now_ += kIdle;
  EXPECT_EQ(pool_.retire_idle(now_), std::vector{BindId{3}});
  use({{BindId{1}, {{0x1000, 4}}}, {BindId{4}, {{0x4000, 4}}}});
  observe({0x1000, 0x1001});
  EXPECT_TRUE(pool_.retire_idle(now_ + kIdle).empty()) << "else two would be left";
}

TEST_F(SpiPoolTest, ARetiredLeaseThatComesIntoUseIsOfferedAgain) {
  use({{BindId{1}, {{0x1000, 4}}}, {BindId{2}, {{0x2000, 2}}}});
  ASSERT_EQ(pool_.retire_idle(now_ + kIdle), std::vector{BindId{2}});
  observe({0x1000, 0x1001, 0x1002, 0x1003});
  EXPECT_EQ(first_offered(), std::nullopt);
  observe({0x1000, 0x1001, 0x1002, 0x1003, 0x2000});
  EXPECT_EQ(first_offered(), 0x2001U);
}

TEST_F(SpiPoolTest, AnotherDaemonsChoiceIsNotOffered) {
  use({{BindId{1}, {{0x1000, 1}}}, {BindId{2}, {{0x2000, 1}}, false}});
  observe({});
  EXPECT_EQ(first_offered(), 0x1000U);
  observe({0x1000});
  EXPECT_EQ(first_offered(), std::nullopt);
  EXPECT_TRUE(pool_.unused(BindId{2}));
  EXPECT_FALSE(pool_.unused(BindId{1}));
}

}  // namespace
}  // namespace rsip::agent
