#include "common/base/port_range.h"

#include <gtest/gtest.h>

namespace rsip {
namespace {

TEST(PortRange, ContainsItsPortsOnly) {
  const PortRange range{5000, 32};
  EXPECT_FALSE(range.contains(4999));
  EXPECT_TRUE(range.contains(5000));
  EXPECT_TRUE(range.contains(5031));
  EXPECT_FALSE(range.contains(5032));
  EXPECT_EQ(range.last(), 5031);
}

TEST(PortRange, MayEndAtTheLastPort) {
  const PortRange range{65535, 1};
  EXPECT_TRUE(range.contains(65535));
  EXPECT_FALSE(range.contains(0));
  EXPECT_EQ(range.last(), 65535);
}

TEST(PortRange, ContainsNothingIfItIsEmpty) {
  EXPECT_FALSE(PortRange{}.contains(0));
  EXPECT_FALSE((PortRange{80, 0}.contains(80)));
}

TEST(PortRange, OverlapsWhatSharesAPort) {
  const PortRange range{100, 10};
  EXPECT_TRUE(range.overlaps({109, 1}));
  EXPECT_TRUE(range.overlaps({90, 11}));
  EXPECT_TRUE(range.overlaps({50, 100}));
  EXPECT_TRUE((PortRange{50, 100}.overlaps(range)));
  EXPECT_FALSE(range.overlaps({110, 5}));
  EXPECT_FALSE(range.overlaps({90, 10}));
}

TEST(PortRange, PrintsOnePortAsItselfAndMoreAsARange) {
  EXPECT_EQ((PortRange{5000, 1}.to_string()), "5000");
  EXPECT_EQ((PortRange{5000, 32}.to_string()), "5000-5031");
}

TEST(PortRanges, AreSortedDisjointAndJoined) {
  const std::vector<std::uint16_t> ports = {6000, 5001, 5000, 5001, 65535, 65534};
  EXPECT_EQ(to_ranges(ports), (std::vector<PortRange>{{5000, 2}, {6000, 1}, {65534, 2}}));
  EXPECT_TRUE(to_ranges({}).empty());
}

TEST(PortRanges, CountAndPrintTheirPorts) {
  const std::vector<PortRange> ranges = {{5000, 32}, {6000, 1}};
  EXPECT_EQ(port_count(ranges), 33U);
  EXPECT_EQ(to_string(ranges), "5000-5031, 6000");
  EXPECT_EQ(port_count({}), 0U);
  EXPECT_EQ(to_string(std::span<const PortRange>{}), "");
}

}  // namespace
}  // namespace rsip
