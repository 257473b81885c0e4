#include "common/base/spi_range.h"

#include <gtest/gtest.h>

namespace rsip {
namespace {

// H-229: up to the last number there is
TEST(SpiRange, ContainsItsNumbersAndNoOthers) {
  const SpiRange range{0x1000, 8};
  EXPECT_TRUE(range.contains(0x1000));
  EXPECT_TRUE(range.contains(0x1007));
  EXPECT_FALSE(range.contains(0xFFF));
  EXPECT_FALSE(range.contains(0x1008));
  EXPECT_EQ(range.last(), 0x1007U);
  const SpiRange top{0xFFFFFFFE, 2};
  EXPECT_TRUE(top.contains(0xFFFFFFFF));
  EXPECT_FALSE(top.contains(0));
  EXPECT_EQ(top.last(), 0xFFFFFFFFU);
  EXPECT_FALSE((SpiRange{5, 0}.contains(5)));
}

TEST(SpiRange, OverlapsWhatSharesANumber) {
  const SpiRange range{0x1000, 8};
  EXPECT_TRUE(range.overlaps({0x1007, 1}));
  EXPECT_TRUE(range.overlaps({0xFF0, 0x100}));
  EXPECT_TRUE((SpiRange{0x1003, 1}.overlaps(range)));
  EXPECT_FALSE(range.overlaps({0x1008, 8}));
  EXPECT_FALSE(range.overlaps({0xFFF, 1}));
}

TEST(SpiRange, SortsAndMergesNumbers) {
  const std::uint32_t spis[] = {7, 0xFFFFFFFF, 5, 6, 5, 0xFFFFFFFE, 9};
  const std::vector<SpiRange> ranges = to_spi_ranges(spis);
  EXPECT_EQ(ranges, (std::vector<SpiRange>{{5, 3}, {9, 1}, {0xFFFFFFFE, 2}}));
  EXPECT_EQ(spi_count(ranges), 6U);
  EXPECT_TRUE(contains(ranges, 0xFFFFFFFE));
  EXPECT_FALSE(contains(ranges, 8));
  EXPECT_TRUE(to_spi_ranges({}).empty());
}

TEST(SpiRange, ReadsLikeIpXfrm) {
  EXPECT_EQ(spi_to_string(0x1000), "0x00001000");
  EXPECT_EQ((SpiRange{0xC0000000, 1}.to_string()), "0xc0000000");
  const std::vector<SpiRange> ranges{{0x1000, 8}, {0x2000, 1}};
  EXPECT_EQ(to_string(ranges), "0x00001000-0x00001007, 0x00002000");
  EXPECT_EQ(to_string(std::vector<SpiRange>{}), "");
}

}  // namespace
}  // namespace rsip
