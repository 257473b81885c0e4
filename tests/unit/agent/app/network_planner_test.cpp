#include "agent/app/network_planner.h"

#include <gmock/gmock.h>

namespace rsip::agent {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using ::testing::Not;

constexpr Ipv4Address kGateway{0x0A010001};
constexpr Ipv4Address kOther{0x0A020001};
constexpr Ipv4Address kPublic{0xCB00710A};

Ipv4Prefix net(const char* text) {
  return Ipv4Prefix::parse(text).value();
}

GatewayConfig some_config() {
  GatewayConfig config;
  config.address = kGateway;
  config.device = "rsip0";
  config.exclude = {Ipv4Prefix{{0xC6336400}, 24}};
  return config;
}

GatewayConfig other_config(std::vector<Ipv4Prefix> routes) {
  GatewayConfig config;
  config.address = kOther;
  config.device = "rsip1";
  config.routes = std::move(routes);
  return config;
}

Lease some_lease(std::uint32_t bind, std::vector<PortRange> ports) {
  Lease lease{BindId{bind}, kPublic, std::move(ports)};
  lease.endpoint = kGateway;
  return lease;
}

GatewayPlan plan_of(const GatewayConfig& config, const std::vector<Lease>& leases,
                    std::uint32_t mtu = 1480) {
  return plan_gateway(config, *config.address, leases, {}, mtu);
}

NetworkPlan merged(const GatewayConfig& config) {
  return merge_plans({plan_of(config, {some_lease(1, {{5000, 8}})})});
}

TEST(NetworkPlanner, WantsACleanHostWithoutGateways) {
  EXPECT_EQ(merge_plans({}), NetworkPlan{});
}

TEST(NetworkPlanner, PutsEachLeasedAddressOnTheDeviceOnce) {
  const auto plan =
      plan_of(some_config(), {some_lease(1, {{5000, 8}}), some_lease(2, {{6000, 8}})});
  EXPECT_EQ(plan.tunnel.device, "rsip0");
  EXPECT_EQ(plan.tunnel.addresses, std::vector<Ipv4Address>{kPublic});
  EXPECT_EQ(plan.tunnel.source, kPublic);
}

// H-040: room for the outer header
TEST(NetworkPlanner, LeavesRoomForTheOuterHeader) {
  EXPECT_EQ(tunnel_mtu(1500, 20), 1480U);
  EXPECT_EQ(tunnel_mtu(1500, 24), 1476U);
  EXPECT_EQ(tunnel_mtu(88, 20), 68U);
  EXPECT_EQ(plan_of(some_config(), {some_lease(1, {{5000, 8}})}, 1480).tunnel.mtu, 1480U);
}

TEST(NetworkPlanner, SaysThatAPathIsTooNarrow) {
  for (const std::uint32_t mtu : {0U, 19U, 20U, 87U}) {
    const auto result = tunnel_mtu(mtu, 20);
    ASSERT_FALSE(result) << mtu;
    EXPECT_EQ(result.error().kind, ErrorKind::kUnreachable);
  }
}

// H-043: per destination, local or tunnel
TEST(NetworkPlanner, RoutesEverythingButTheExceptionsAndTheGatewayItself) {
  const auto plan = merged(some_config());
  EXPECT_EQ(plan.tunnels.at(0).routes, std::vector<Ipv4Prefix>{Ipv4Prefix{}});
  EXPECT_THAT(plan.direct, IsSupersetOf({net("198.51.100.0/24"), Ipv4Prefix{kGateway, 32}}));
}

TEST(NetworkPlanner, KeepsMulticastBroadcastAndLinkLocalAddressesOutOfTheTunnel) {
  GatewayConfig config = some_config();
  config.routes.push_back(net("239.1.0.0/16"));
  const auto plan = merged(config);
  EXPECT_THAT(plan.direct,
              IsSupersetOf({net("224.0.0.0/4"), net("169.254.0.0/16"), net("255.255.255.255/32")}));
  EXPECT_EQ(plan.tunnels.at(0).routes, std::vector<Ipv4Prefix>{Ipv4Prefix{}});
}

TEST(NetworkPlanner, ExcludesAlsoWhatALongerRouteWouldTakeIn) {
  GatewayConfig config = some_config();
  config.exclude = {net("198.51.0.0/16"), net("192.0.2.128/25")};
  config.routes = {net("198.51.100.0/24"), net("198.51.0.0/16"), net("192.0.2.0/24"), Ipv4Prefix{}};
  const auto plan = merged(config);
  EXPECT_THAT(plan.tunnels.at(0).routes, ElementsAre(net("192.0.2.0/24"), Ipv4Prefix{}));
  EXPECT_THAT(plan.direct, IsSupersetOf(config.exclude));
}

// H-044: what the gateway calls local goes direct
TEST(NetworkPlanner, SendsPastTheTunnelWhatTheGatewayCallsLocal) {
  const auto plan = merge_plans({plan_gateway(some_config(), kGateway, {some_lease(1, {{5000, 8}})},
                                              {net("10.0.0.0/8")}, 1480)});
  EXPECT_THAT(plan.direct, Contains(net("10.0.0.0/8")));
}

TEST(NetworkPlanner, KeepsAnEndpointThatIsNotTheGatewayOutOfTheTunnel) {
  Lease lease = some_lease(1, {{5000, 8}});
  lease.endpoint = {0x0A010003};
  const auto plan = merge_plans({plan_of(some_config(), {lease})});
  EXPECT_THAT(plan.direct, IsSupersetOf({net("10.1.0.1/32"), net("10.1.0.3/32")}));
}

class TwoGateways : public testing::Test {
 protected:
  static NetworkPlan plan(const GatewayConfig& first, const GatewayConfig& second) {
    return merge_plans({plan_of(first, {some_lease(1, {{5000, 8}})}),
                        plan_of(second, {some_lease(1, {{6000, 8}})})});
  }
};

// H-065: several gateways, each with its own routes
TEST_F(TwoGateways, EachGetItsOwnRoutes) {
  const auto both = plan(some_config(), other_config({net("192.0.2.0/24")}));
  EXPECT_THAT(both.tunnels.at(0).routes, ElementsAre(Ipv4Prefix{}));
  EXPECT_THAT(both.tunnels.at(1).routes, ElementsAre(net("192.0.2.0/24")));
}

TEST_F(TwoGateways, ShareNoPrefixTheFirstHasIt) {
  const auto both = plan(some_config(), other_config({Ipv4Prefix{}, net("192.0.2.0/24")}));
  EXPECT_THAT(both.tunnels.at(0).routes, ElementsAre(Ipv4Prefix{}));
  EXPECT_THAT(both.tunnels.at(1).routes, Contains(net("192.0.2.0/24")));
  EXPECT_THAT(both.tunnels.at(1).routes, Not(Contains(Ipv4Prefix{})));
}

TEST_F(TwoGateways, WhatTheFirstExcludesGoesThroughTheSecondIfThatRoutesIt) {
  const auto both = plan(some_config(), other_config({net("198.51.0.0/16")}));
  EXPECT_THAT(both.tunnels.at(1).routes, Contains(net("198.51.100.0/24")));
  EXPECT_THAT(both.direct, Not(Contains(net("198.51.100.0/24"))));
}

TEST_F(TwoGateways, WhatTheSecondExcludesStaysWithTheFirst) {
  GatewayConfig first = some_config();
  first.exclude.clear();
  GatewayConfig second = other_config({net("192.0.2.0/24")});
  second.exclude = {net("192.0.2.128/25")};
  const auto both = plan(first, second);
  EXPECT_THAT(both.tunnels.at(0).routes, Contains(net("192.0.2.128/25")));
  EXPECT_THAT(both.direct, Not(Contains(net("192.0.2.128/25"))));
}

TEST_F(TwoGateways, NeitherEverReachTheOtherThroughATunnel) {
  const auto both = plan(some_config(), other_config({Ipv4Prefix{}}));
  EXPECT_THAT(both.direct, IsSupersetOf({Ipv4Prefix{kGateway, 32}, Ipv4Prefix{kOther, 32}}));
}

TEST(NetworkPlanner, LeavesAddressesForOtherHostsToTheKernelsForwarding) {
  GatewayConfig config = some_config();
  config.forward = true;
  const auto plan = merged(config);
  EXPECT_TRUE(plan.tunnels.at(0).addresses.empty());
  EXPECT_TRUE(plan.tunnels.at(0).routes.empty());
  EXPECT_EQ(plan.tunnels.at(0).forwarded, std::vector<Ipv4Address>{kPublic});
}

TEST(FlowPlanner, HandsTheDataPathEachBinding) {
  Lease scoped = some_lease(2, {{6000, 1}});
  scoped.remote = {kOther, 443};
  scoped.retiring = true;
  const std::vector<Binding> bindings = {
      {BindId{1}, kPublic, false, {{5000, 8}}},
      {BindId{2}, kPublic, false, {{6000, 1}}, {kOther, 443}, false, 0, true}};
  EXPECT_EQ(plan_bindings(some_config(), {some_lease(1, {{5000, 8}}), scoped}, {}), bindings);
}

// H-007: the key is the address alone
TEST(FlowPlanner, GivesAllPortsWithRsaIp) {
  GatewayConfig config = some_config();
  config.method = msg::Method::kRsaIp;
  EXPECT_TRUE(plan_bindings(config, {some_lease(1, {})}, {}).at(0).all_ports);
}

// H-158: a server needs no lease of its own
TEST(FlowPlanner, OpensAPortOfAWholeAddressForAServer) {
  GatewayConfig config = some_config();
  config.method = msg::Method::kRsaIp;
  const auto bindings = plan_bindings(config, {some_lease(1, {})}, {{8080, {}, false, {}}});
  ASSERT_EQ(bindings.size(), 2U);
  EXPECT_TRUE(bindings[1].listening);
  EXPECT_EQ(bindings[1].ports, (std::vector<PortRange>{{8080, 1}}));
}

Lease ipsec_lease(std::vector<PortRange> ports) {
  Lease lease = some_lease(3, std::move(ports));
  lease.spis = {{0x1000, 8}};
  return lease;
}

// H-239: peers may begin with IKE by themselves. H-233: the other ports are for what no gateway can
// see, and go to no ordinary flow.
TEST(NetworkPlanner, LeaseOfSpisLetsIpsecInAndIkeOnItsTwoPorts) {
  const auto bindings = plan_bindings(some_config(), {ipsec_lease({{40000, 16}})}, {});
  ASSERT_EQ(bindings.size(), 3U);
  EXPECT_EQ(bindings[0].spis, (std::vector<SpiRange>{{0x1000, 8}}));
  EXPECT_TRUE(bindings[0].ports.empty());
  EXPECT_FALSE(bindings[0].all_ports);
  for (const std::size_t i : {1U, 2U}) {
    EXPECT_TRUE(bindings[i].listening);
    EXPECT_EQ(bindings[i].ports,
              (std::vector<PortRange>{{static_cast<std::uint16_t>(39999 + i), 1}}));
    EXPECT_EQ(bindings[i].server_port, 0);
  }
}

// Where one port is leased at a time (RFC 3103 section 7.1) the next one is another host's.
TEST(NetworkPlanner, LeaseOfSpisWithOnePortHasNoSecond) {
  const auto bindings = plan_bindings(some_config(), {ipsec_lease({{65535, 1}})}, {});
  ASSERT_EQ(bindings.size(), 2U);
  EXPECT_EQ(bindings[1].ports, (std::vector<PortRange>{{65535, 1}}));
}

TEST(NetworkPlanner, LeaseOfSpisWithoutPortsHasNone) {
  const auto bindings = plan_bindings(some_config(), {ipsec_lease({})}, {});
  ASSERT_EQ(bindings.size(), 1U);
  EXPECT_FALSE(bindings[0].all_ports);
}

TEST(NetworkPlanner, EverySpiOfAWholeAddressIsOursIfIpsecIsWanted) {
  GatewayConfig config = some_config();
  config.method = msg::Method::kRsaIp;
  EXPECT_TRUE(plan_bindings(config, {some_lease(1, {})}, {}).at(0).spis.empty());
  config.ipsec.enabled = true;
  const auto bindings = plan_bindings(config, {some_lease(1, {})}, {});
  EXPECT_TRUE(bindings.at(0).all_ports);
  EXPECT_TRUE(contains(bindings.at(0).spis, 256));
  EXPECT_TRUE(contains(bindings.at(0).spis, 0xFFFFFFFF));
  EXPECT_FALSE(contains(bindings.at(0).spis, 255));
}

TEST(NetworkPlanner, NetworksBehindAConnectionAreReachedFromItsInnerAddress) {
  GatewayConfig config = some_config();
  IkeConnection office;
  office.networks = {net("10.99.0.0/24")};
  office.inner = {0x0A090101};
  config.ipsec.connections = {office};
  EXPECT_TRUE(plan_of(config, {ipsec_lease({})}).tunnel.inner.empty()) << "IPsec is off";
  config.ipsec.enabled = true;
  EXPECT_EQ(plan_of(config, {ipsec_lease({})}).tunnel.inner,
            (std::vector<InnerRoute>{{net("10.99.0.0/24"), {0x0A090101}}}));
}

}  // namespace
}  // namespace rsip::agent
