#include "agent/app/network_planner.h"

#include <gmock/gmock.h>

namespace rsip::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::IsSupersetOf;

constexpr Ipv4Address kGateway{0x0A010001};
constexpr Ipv4Address kPublic{0xCB00710A};

Ipv4Prefix net(const char* text) {
  return Ipv4Prefix::parse(text).value();
}

Config some_config() {
  Config config;
  config.gateway.address = kGateway;
  config.gateway.exclude = {Ipv4Prefix{{0xC6336400}, 24}};
  return config;
}

Lease some_lease(std::uint32_t bind, std::vector<PortRange> ports) {
  return {BindId{bind}, kPublic, std::move(ports), {}, {}, {}};
}

TEST(NetworkPlanner, WantsACleanHostWithoutLeases) {
  EXPECT_EQ(plan_network(some_config(), {}, 1500), NetworkPlan{});
}

TEST(NetworkPlanner, PutsEachLeasedAddressOnTheDeviceOnce) {
  const auto plan =
      plan_network(some_config(), {some_lease(1, {{5000, 8}}), some_lease(2, {{6000, 8}})}, 1500);
  EXPECT_EQ(plan.device, "rsip0");
  EXPECT_EQ(plan.addresses, std::vector<Ipv4Address>{kPublic});
  EXPECT_EQ(plan.source, kPublic);
}

// H-040: the tunnel's MTU is the path's without the outer header
TEST(NetworkPlanner, LeavesRoomForTheOuterHeader) {
  EXPECT_EQ(tunnel_mtu(1500), 1480U);
  EXPECT_EQ(tunnel_mtu(88), 68U);
  EXPECT_EQ(plan_network(some_config(), {some_lease(1, {{5000, 8}})}, 1480).mtu, 1480U);
}

TEST(NetworkPlanner, SaysThatAPathIsTooNarrow) {
  for (const std::uint32_t mtu : {0U, 19U, 20U, 87U}) {
    const auto result = tunnel_mtu(mtu);
    ASSERT_FALSE(result) << mtu;
    EXPECT_EQ(result.error().kind, ErrorKind::kUnreachable);
  }
}

// H-043: local or tunnelled
TEST(NetworkPlanner, RoutesEverythingButTheExceptionsAndTheGatewayItself) {
  const auto plan = plan_network(some_config(), {some_lease(1, {{5000, 8}})}, 1480);
  EXPECT_EQ(plan.routes, std::vector<Ipv4Prefix>{Ipv4Prefix{}});
  EXPECT_THAT(plan.direct, IsSupersetOf({net("198.51.100.0/24"), Ipv4Prefix{kGateway, 32}}));
}

TEST(NetworkPlanner, KeepsMulticastBroadcastAndLinkLocalAddressesOutOfTheTunnel) {
  Config config = some_config();
  config.gateway.routes.push_back(net("239.1.0.0/16"));
  const auto plan = plan_network(config, {some_lease(1, {{5000, 8}})}, 1480);
  EXPECT_THAT(plan.direct,
              IsSupersetOf({net("224.0.0.0/4"), net("169.254.0.0/16"), net("255.255.255.255/32")}));
  EXPECT_EQ(plan.routes, std::vector<Ipv4Prefix>{Ipv4Prefix{}});
}

TEST(NetworkPlanner, ExcludesAlsoWhatALongerRouteWouldTakeIn) {
  Config config = some_config();
  config.gateway.exclude = {net("198.51.0.0/16"), net("192.0.2.128/25")};
  config.gateway.routes = {net("198.51.100.0/24"), net("198.51.0.0/16"), net("192.0.2.0/24"),
                           Ipv4Prefix{}};
  const auto plan = plan_network(config, {some_lease(1, {{5000, 8}})}, 1480);
  EXPECT_THAT(plan.routes, ElementsAre(net("192.0.2.0/24"), Ipv4Prefix{}));
  EXPECT_THAT(plan.direct, IsSupersetOf(config.gateway.exclude));
}

TEST(FlowPlanner, HandsTheDataPathEachBinding) {
  const auto table =
      plan_flows(some_config(), {some_lease(1, {{5000, 8}}), some_lease(2, {{6000, 8}})}, true, 7);
  EXPECT_EQ(table.generation, 7U);
  EXPECT_EQ(table.endpoint, kGateway);
  EXPECT_TRUE(table.may_grow);
  const std::vector<Binding> bindings = {{BindId{1}, kPublic, false, {{5000, 8}}},
                                         {BindId{2}, kPublic, false, {{6000, 8}}}};
  EXPECT_EQ(table.bindings, bindings);
}

// H-007: the key is the address alone
TEST(FlowPlanner, GivesAllPortsWithRsaIp) {
  Config config = some_config();
  config.gateway.method = msg::Method::kRsaIp;
  EXPECT_TRUE(plan_flows(config, {some_lease(1, {})}, false, 1).bindings.at(0).all_ports);
}

}  // namespace
}  // namespace rsip::agent
