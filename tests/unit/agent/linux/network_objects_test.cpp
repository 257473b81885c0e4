#include "agent/linux/network_objects.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

Ipv4Address ip(const char* text) {
  return Ipv4Address::parse(text).value();
}
Ipv4Prefix net(const char* text) {
  return Ipv4Prefix::parse(text).value();
}

std::string text_of(const NetworkPlan& plan) {
  std::string text;
  for (const NetworkObject& object : objects_of(plan)) text += to_string(object) + "\n";
  return text;
}

TEST(NetworkObjects, EmptyPlanHasNone) {
  EXPECT_TRUE(objects_of({}).empty());
}

TEST(NetworkObjects, ComeInAnOrderInWhichNothingIsAnnouncedBeforeItWorks) {
  const NetworkPlan plan{
      {{"rsip0", 1480, {ip("203.0.113.10")}, ip("203.0.113.10"), {net("0.0.0.0/0")}}},
      {net("10.1.0.1/32")}};
  EXPECT_EQ(text_of(plan),
            "link rsip0 up mtu 1480\n"
            "nft table arp rsip\n"
            "addr 203.0.113.10/32 dev rsip0\n"
            "route throw 10.1.0.1/32 table 4555\n"
            "route 0.0.0.0/0 dev rsip0 src 203.0.113.10 table 4555\n"
            "rule 4553 lookup main suppress_prefixlength 0\n"
            "rule 4554 not fwmark 4555 lookup 4555\n");
}

// H-010: two tunnels at a time
TEST(NetworkObjects, OfTwoTunnelsShareTheRulesAndTheSilenceOfArp) {
  const NetworkPlan plan{
      {{"rsip0", 1480, {ip("203.0.113.10")}, ip("203.0.113.10"), {net("0.0.0.0/0")}},
       {"rsip1", 1476, {ip("198.51.100.10")}, ip("198.51.100.10"), {net("192.0.2.0/24")}}},
      {}};
  EXPECT_EQ(text_of(plan),
            "link rsip0 up mtu 1480\n"
            "link rsip1 up mtu 1476\n"
            "nft table arp rsip\n"
            "addr 203.0.113.10/32 dev rsip0\n"
            "addr 198.51.100.10/32 dev rsip1\n"
            "route 0.0.0.0/0 dev rsip0 src 203.0.113.10 table 4555\n"
            "route 192.0.2.0/24 dev rsip1 src 198.51.100.10 table 4555\n"
            "rule 4553 lookup main suppress_prefixlength 0\n"
            "rule 4554 not fwmark 4555 lookup 4555\n");
}

// What programs send to a network behind an IPsec tunnel never leaves in clear.
TEST(NetworkObjects, OfInnerRoutesComeFromTheAddressInsideTheTunnel) {
  TunnelPlan tunnel{"rsip0", 1480, {ip("203.0.113.10")}, ip("203.0.113.10"), {Ipv4Prefix{}}};
  tunnel.inner = {{{ip("10.99.0.0"), 24}, ip("10.9.1.1")}};
  const auto objects = objects_of({{tunnel}, {}});
  const auto has = [&objects](const NetworkObject& object) {
    return std::ranges::find(objects, object) != objects.end();
  };
  EXPECT_TRUE(has(LeasedAddress{"rsip0", ip("10.9.1.1")}));
  EXPECT_TRUE(has(TunnelRoute{{ip("10.99.0.0"), 24}, "rsip0", ip("10.9.1.1")}));
  EXPECT_TRUE(has(TunnelRoute{{}, "rsip0", ip("203.0.113.10")}));
}

TEST(NetworkObjects, OfForwardedAddressesAreRulesInsteadOfAddresses) {
  const NetworkPlan plan{{{"rsip0", 1480, {}, {}, {}, {ip("203.0.113.10")}}}, {}};
  EXPECT_EQ(text_of(plan),
            "link rsip0 up mtu 1480\n"
            "route default dev rsip0 table 4556\n"
            "rule 4552 from 203.0.113.10 lookup 4556\n");
}

TEST(NetworkObjects, AreNamedOnceHoweverOftenThePlanNamesThem) {
  const NetworkPlan plan{{{"rsip0",
                           1480,
                           {ip("203.0.113.10"), ip("203.0.113.10")},
                           ip("203.0.113.10"),
                           {net("198.51.100.0/24"), net("198.51.100.0/24")}}},
                         {net("10.1.0.1/32"), net("10.1.0.1/32")}};
  EXPECT_EQ(objects_of(plan).size(), 7U);
}

TEST(NetworkObjects, DirectWinsOverTheTunnelForTheSamePrefix) {
  const NetworkPlan plan{{{"rsip0", 1480, {}, {}, {net("10.0.0.0/8")}}}, {net("10.0.0.0/8")}};
  EXPECT_EQ(text_of(plan).find("route 10.0.0.0/8"), std::string::npos);
}

TEST(NetworkObjects, TakeEachOthersPlaceOnlyIfTheKernelKeepsOneOfThem) {
  const TunnelRoute route{net("10.0.0.0/8"), "rsip0", ip("203.0.113.10")};
  EXPECT_TRUE(same_place(route, TunnelRoute{net("10.0.0.0/8"), "rsip0", ip("203.0.113.11")}));
  EXPECT_TRUE(same_place(route, DirectRoute{net("10.0.0.0/8")}));
  EXPECT_FALSE(same_place(route, DirectRoute{net("10.0.0.0/9")}));
  EXPECT_TRUE(same_place(DeviceUp{"rsip0", 1480}, DeviceUp{"rsip0", 1400}));
  EXPECT_FALSE(same_place(PolicyRule::kConnected, PolicyRule::kTunnel));
  EXPECT_FALSE(same_place(LeasedAddress{"rsip0", ip("203.0.113.10")},
                          LeasedAddress{"rsip0", ip("203.0.113.11")}));
}

}  // namespace
}  // namespace rsip::agent
