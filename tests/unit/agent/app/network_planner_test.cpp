#include "agent/app/network_planner.h"

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

constexpr Ipv4Address kGateway{0x0A010001};
constexpr Ipv4Address kPublic{0xCB00710A};

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

TEST(NetworkPlanner, LeavesRoomForTheOuterHeader) {
  EXPECT_EQ(plan_network(some_config(), {some_lease(1, {{5000, 8}})}, 1500).mtu, 1480U);
}

TEST(NetworkPlanner, RoutesEverythingButTheExceptionsAndTheGatewayItself) {
  const auto plan = plan_network(some_config(), {some_lease(1, {{5000, 8}})}, 1500);
  EXPECT_EQ(plan.routes, std::vector<Ipv4Prefix>{Ipv4Prefix{}});
  const std::vector<Ipv4Prefix> direct = {{{0xC6336400}, 24}, {kGateway, 32}};
  EXPECT_EQ(plan.direct, direct);
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

TEST(FlowPlanner, GivesAllPortsWithRsaIp) {
  Config config = some_config();
  config.gateway.method = msg::Method::kRsaIp;
  EXPECT_TRUE(plan_flows(config, {some_lease(1, {})}, false, 1).bindings.at(0).all_ports);
}

}  // namespace
}  // namespace rsip::agent
