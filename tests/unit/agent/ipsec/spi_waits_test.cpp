#include "agent/ipsec/spi_waits.h"

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

using Ids = std::vector<std::uint64_t>;
using Spis = std::vector<std::uint32_t>;

class SpiWaitsTest : public testing::Test {
 protected:
  Ids leased(std::set<std::uint32_t> spis) {
    return holds_.leased([&](std::uint32_t spi) { return spis.contains(spi); });
  }

  SpiWaits holds_;
  TimePoint now_{std::chrono::hours(1)};
};

TEST_F(SpiWaitsTest, SeveralHoldsWaitForOneSpiThatIsAskedForOnce) {
  EXPECT_EQ(holds_.add(1, {0x1000}, now_), Spis{0x1000});
  EXPECT_EQ(holds_.add(2, {0x1000}, now_), Spis{});
  EXPECT_EQ(leased({0x1000}), (Ids{1, 2}));
  EXPECT_TRUE(holds_.empty());
}

TEST_F(SpiWaitsTest, OneHoldWaitsForAllItsSpis) {
  EXPECT_EQ(holds_.add(1, {0x1000, 0x1001}, now_), (Spis{0x1000, 0x1001}));
  EXPECT_EQ(leased({0x1000}), Ids{});
  EXPECT_EQ(leased({0x1001}), Ids{1});
}

TEST_F(SpiWaitsTest, ARefusalEndsThoseThatWaitForThatSpiAlone) {
  holds_.add(1, {0x1000}, now_);
  holds_.add(2, {0x1001}, now_);
  EXPECT_EQ(holds_.refused(0x1000), Ids{1});
  EXPECT_EQ(leased({0x1000, 0x1001}), Ids{2});
}

TEST_F(SpiWaitsTest, ForgetsWhatNobodyAnswersAndAsksAgainForTheNext) {
  holds_.add(1, {0x1000}, now_);
  EXPECT_EQ(holds_.add(2, {0x1000}, now_ + SpiWaits::kLongest), Spis{0x1000});
  EXPECT_EQ(leased({0x1000}), Ids{2});
}

}  // namespace
}  // namespace rsip::agent
