#include "common/rsip/parameters.h"

#include <gtest/gtest.h>

namespace rsip::msg {
namespace {

TEST(Address, GivesItsIpv4AddressAndNothingForOtherKinds) {
  EXPECT_EQ(ipv4_of(Ipv4Address{0x0A010001}), Ipv4Address{0x0A010001});
  EXPECT_EQ(ipv4_of(DontCare{}), std::nullopt);
  EXPECT_EQ(ipv4_of(Ipv4Netmask{0xFF000000}), std::nullopt);
  EXPECT_EQ(ipv4_of(Ipv6Address{}), std::nullopt);
  EXPECT_EQ(ipv4_of(Fqdn{"a.example"}), std::nullopt);
}

TEST(Ports, OfOneRangeHaveThatRange) {
  const Ports ports = Ports::contiguous({5000, 32});
  EXPECT_EQ(ports, (Ports{Form::kContiguous, 32, {5000}}));
  EXPECT_EQ(ports.ranges(), (std::vector<PortRange>{{5000, 32}}));
}

TEST(Ports, OfAListHaveSortedRangesWithNeighboursJoined) {
  const Ports ports = Ports::listed({7000, 5001, 5000});
  EXPECT_EQ(ports, (Ports{Form::kListed, 3, {7000, 5001, 5000}}));
  EXPECT_EQ(ports.ranges(), (std::vector<PortRange>{{5000, 2}, {7000, 1}}));
}

// range and list of one port are the same
TEST(Ports, OfAListOfOneAreARangeOfOne) {
  EXPECT_EQ(Ports::listed({80}), Ports::contiguous({80, 1}));
}

TEST(Ports, ThatNameNoneHaveNoRanges) {
  EXPECT_TRUE(Ports::dont_care(32).ranges().empty());
  EXPECT_TRUE(Ports::dont_need().ranges().empty());
}

TEST(Spis, OfAListOfOneAreARangeOfOne) {
  EXPECT_EQ(Spis::listed({4096}), Spis::contiguous(4096, 1));
  EXPECT_EQ(Spis::listed({4096, 8192}), (Spis{Form::kListed, 2, {4096, 8192}}));
}

}  // namespace
}  // namespace rsip::msg
