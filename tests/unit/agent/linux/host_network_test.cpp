#include "agent/linux/host_network.h"

#include <gmock/gmock.h>

#include "tests/unit/agent/linux/host_network_fixture.h"
#include "tests/unit/agent/linux/lan_probe.h"

namespace rsip::agent {
namespace {

using rsip::fakes::ChangeMonitor;
using rsip::fakes::LanProbe;
using ::testing::HasSubstr;
using ::testing::Not;

using HostNetworkTest = HostNetworkFixture;

// H-009: addresses on the tunnel's device
TEST_F(HostNetworkTest, AppliesAPlan) {
  expect_applied(plan());
  EXPECT_THAT(run("ip link show rsip0"), HasSubstr("mtu 1480"));
  EXPECT_THAT(run("ip link show rsip0"), HasSubstr(",UP"));
  EXPECT_THAT(run("ip -4 addr show rsip0"), HasSubstr("inet 203.0.113.10/32"));
  EXPECT_EQ(run("ip route show table 4555"),
            "default dev rsip0 proto 155 src 203.0.113.10 \n"
            "throw 10.1.0.1 proto 155 \n"
            "throw 172.16.0.0/12 proto 155 \n"
            "198.51.100.0/24 dev rsip0 proto 155 src 203.0.113.10 \n");
  const std::string rules = run("ip rule");
  EXPECT_THAT(rules, HasSubstr("4553:\tfrom all lookup main suppress_prefixlength 0"));
  EXPECT_THAT(rules, HasSubstr("4554:\tnot from all fwmark 0x11cb lookup 4555"));
}

TEST_F(HostNetworkTest, SendsTrafficWhereThePlanSays) {
  expect_applied(plan());
  EXPECT_THAT(run("ip route get 198.51.100.7"), HasSubstr("dev rsip0"));
  EXPECT_THAT(run("ip route get 8.8.8.8"), HasSubstr("dev rsip0 table 4555 src 203.0.113.10"));
  EXPECT_THAT(run("ip route get 8.8.8.8 mark 0x11cb"), HasSubstr("via 10.0.0.1 dev lan"));
  EXPECT_THAT(run("ip route get 10.1.0.1"), HasSubstr("via 10.0.0.1 dev lan"));
  EXPECT_THAT(run("ip route get 172.20.1.1"), HasSubstr("via 10.0.0.1 dev lan"));
  EXPECT_THAT(run("ip route get 10.0.0.77"), HasSubstr("10.0.0.77 dev lan"));
}

TEST_F(HostNetworkTest, SilencesArpForLeasedAddressesAlone) {
  expect_applied(plan());
  const std::string rules = run("nft list ruleset");
  EXPECT_THAT(rules, HasSubstr("table arp rsip"));
  EXPECT_THAT(rules, HasSubstr("flags owner"));
  EXPECT_THAT(rules, HasSubstr("arp operation request arp daddr ip 203.0.113.10 drop"));
  EXPECT_THAT(rules, HasSubstr("arp saddr ip 203.0.113.10 drop"));
}

// RFC 3102 section 3.1, seen from the LAN: a request for the leased address stays without answer,
// one for the host's own address that follows it does not.
// H-011: ARP
TEST_F(HostNetworkTest, AnswersNoArpRequestForALeasedAddress) {
  expect_applied(plan());
  const LanProbe neighbour("far");
  neighbour.ask_for("203.0.113.10");
  neighbour.ask_for("10.0.0.2");
  EXPECT_EQ(neighbour.next_answer(), "10.0.0.2");
  expect_applied({});
}

// A program bound to the leased address meets a neighbour: the request would show the address to
// the whole LAN.
TEST_F(HostNetworkTest, AsksNoNeighbourInTheNameOfALeasedAddress) {
  expect_applied(plan());
  const LanProbe neighbour("far");
  run("ping -c 1 -W 0.01 -I 203.0.113.10 10.0.0.50");
  run("ping -c 1 -W 0.01 10.0.0.51");
  EXPECT_EQ(neighbour.next_request(), "10.0.0.2 asks for 10.0.0.51");
}

TEST_F(HostNetworkTest, EqualPlanTwiceChangesNothing) {
  expect_applied(plan());
  const std::string before = state();
  const ChangeMonitor monitor;
  expect_applied(plan());
  EXPECT_FALSE(monitor.saw_change());
  EXPECT_EQ(state(), before);
  NetworkPlan other = plan();
  other.tunnels[0].mtu = 1400;
  expect_applied(other);
  EXPECT_TRUE(monitor.saw_change());
}

TEST_F(HostNetworkTest, MovesToADifferentPlanByItsDifferences) {
  expect_applied(plan());
  NetworkPlan other = plan();
  other.tunnels[0].mtu = 1400;
  other.tunnels[0].addresses = {ip("203.0.113.11"), ip("203.0.113.12")};
  other.tunnels[0].source = ip("203.0.113.11");
  other.tunnels[0].routes = {net("0.0.0.0/0")};
  other.direct = {net("10.1.0.1/32"), net("198.51.100.0/24")};
  expect_applied(other);
  EXPECT_THAT(run("ip link show rsip0"), HasSubstr("mtu 1400"));
  const std::string addresses = run("ip -4 addr show rsip0");
  EXPECT_THAT(addresses, HasSubstr("203.0.113.11/32"));
  EXPECT_THAT(addresses, HasSubstr("203.0.113.12/32"));
  EXPECT_THAT(addresses, Not(HasSubstr("203.0.113.10/32")));
  EXPECT_EQ(run("ip route show table 4555"),
            "default dev rsip0 proto 155 src 203.0.113.11 \n"
            "throw 10.1.0.1 proto 155 \n"
            "throw 198.51.100.0/24 proto 155 \n");
  EXPECT_THAT(run("nft list ruleset"), HasSubstr("{ 203.0.113.11, 203.0.113.12 }"));
  expect_applied(plan());
  EXPECT_THAT(run("ip route show table 4555"), HasSubstr("198.51.100.0/24 dev rsip0"));
}

TEST_F(HostNetworkTest, EmptyPlanLeavesAHostAsItWas) {
  expect_applied(plan());
  expect_applied({});
  EXPECT_EQ(state(), clean_);
}

TEST_F(HostNetworkTest, FailureHalfWayLeavesNothingBehindAndNamesTheObject) {
  // Somebody else's route in the way, of the last object but two.
  run("ip route add 198.51.100.0/24 dev lan table 4555");
  const std::string before = state();
  const auto applied = network_.apply(plan());
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().kind, ErrorKind::kInUse);
  EXPECT_THAT(applied.error().message, HasSubstr("route 198.51.100.0/24 dev rsip0"));
  EXPECT_EQ(state(), before);
}

TEST_F(HostNetworkTest, FailedChangeLeavesThePlanBeforeInPlace) {
  expect_applied(plan());
  const std::string before = state();
  NetworkPlan other = plan();
  other.tunnels[0].mtu = 1400;
  other.tunnels[0].source = ip("203.0.113.99");  // not on this host: the kernel refuses it
  const auto applied = network_.apply(other);
  ASSERT_FALSE(applied);
  EXPECT_EQ(state(), before);
  expect_applied({});
  EXPECT_EQ(state(), clean_);
}

TEST_F(HostNetworkTest, NamesADeviceThatDoesNotExist) {
  NetworkPlan other = plan();
  other.tunnels[0].device = "rsip9";
  const auto applied = network_.apply(other);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().kind, ErrorKind::kNotFound);
  EXPECT_THAT(applied.error().message, HasSubstr("rsip9"));
}

TEST_F(HostNetworkTest, RemovesWhatAKilledAgentLeftBehindAndNothingElse) {
  {
    LinuxHostNetwork killed;
    ASSERT_TRUE(killed.apply(plan()));
  }
  tun_.reset();
  EXPECT_THAT(run("ip rule"), HasSubstr("4554:"));
  EXPECT_THAT(run("ip route show table 4555"), HasSubstr("throw"));
  EXPECT_EQ(run("nft list ruleset"), "");
  run("ip rule add priority 4553 fwmark 7 lookup main");
  run("ip route add throw 192.0.2.0/24 table 4555");

  ASSERT_TRUE(network_.remove_leftovers());
  EXPECT_EQ(run("ip route show table 4555"), "throw 192.0.2.0/24 \n");
  const std::string rules = run("ip rule");
  EXPECT_THAT(rules, Not(HasSubstr("4554:")));
  EXPECT_THAT(rules, Not(HasSubstr("suppress_prefixlength")));
  EXPECT_THAT(rules, HasSubstr("fwmark 0x7"));
  EXPECT_THAT(rules, HasSubstr("5000:"));
}

TEST_F(HostNetworkTest, RemovingLeftoversOfACleanHostDoesNothing) {
  ASSERT_TRUE(network_.remove_leftovers());
  EXPECT_EQ(state(), clean_);
}

TEST_F(HostNetworkTest, DoesNotMindThatItsObjectsWentAwayWithTheDevice) {
  expect_applied(plan());
  tun_.reset();
  expect_applied({});
  EXPECT_THAT(run("ip rule"), Not(HasSubstr("4554:")));
}

TEST_F(HostNetworkTest, PathIgnoresTheTunnel) {
  const Ipv4Address own = ip("10.0.0.2");
  const auto source_and_mtu = [this](const char* to) {
    const auto path = network_.path_to(ip(to)).value_or(NetworkPath{});
    return std::pair(path.source, path.mtu);
  };
  EXPECT_EQ(source_and_mtu("10.1.0.1"), std::pair(own, 1500U));
  expect_applied(plan());
  EXPECT_EQ(source_and_mtu("8.8.8.8"), std::pair(own, 1500U));
  run("ip link set lan mtu 1300");
  EXPECT_EQ(source_and_mtu("10.1.0.1"), std::pair(own, 1300U));
  run("ip addr add 10.0.0.3/24 dev lan");
  run("ip route add 10.1.0.1/32 via 10.0.0.1 mtu 1280 src 10.0.0.3");
  EXPECT_EQ(source_and_mtu("10.1.0.1"), std::pair(ip("10.0.0.3"), 1280U));
}

TEST_F(HostNetworkTest, PathNamesItsInterfaceAndTheRouter) {
  const auto path = network_.path_to(ip("8.8.8.8"));
  ASSERT_TRUE(path);
  EXPECT_EQ(path->link_name, "lan");
  EXPECT_EQ(path->router, ip("10.0.0.1"));
  EXPECT_TRUE(network_.path_to(ip("10.0.0.9"))->router.is_unspecified());
}

TEST_F(HostNetworkTest, OwnAddressesLeaveOutWhatIsLeased) {
  expect_applied(plan());
  const auto own = network_.own_addresses();
  ASSERT_TRUE(own);
  EXPECT_THAT(*own, testing::Contains(ip("10.0.0.2")));
  EXPECT_THAT(*own, Not(testing::Contains(ip("203.0.113.10"))));
}

TEST_F(HostNetworkTest, BroadcastsOfItsNetworksAreThisHostsToo) {
  run("ip addr add 10.9.0.2/24 dev lan");
  run("ip addr add 10.9.1.2/31 dev lan");
  const auto own = network_.own_addresses();
  ASSERT_TRUE(own);
  EXPECT_THAT(*own, testing::Contains(ip("10.9.0.255")));
  EXPECT_THAT(*own, testing::Contains(ip("10.9.0.0")));
  EXPECT_THAT(*own, Not(testing::Contains(ip("10.9.1.3"))));
}

TEST_F(HostNetworkTest, PathThroughTheTunnelItselfIsNone) {
  expect_applied(plan());
  run("ip route replace default dev rsip0");
  const auto path = network_.path_to(ip("10.1.0.1"));
  ASSERT_FALSE(path);
  EXPECT_EQ(path.error().kind, ErrorKind::kUnreachable);
}

// Without a connected network any gateway would seem to be reachable through the tunnel's routes.
TEST_F(HostNetworkTest, TunnelIsNoLinkOnWhichOthersGatewaysAreFound) {
  expect_applied(plan());
  for (const char* const gateway : {"10.0.0.1", "10.1.0.1", "198.51.100.1"}) {
    run("ip addr flush dev lan");
    EXPECT_THAT(run(std::string("ip route replace default via ") + gateway),
                HasSubstr("invalid gateway"))
        << gateway;
  }
}

TEST_F(HostNetworkTest, PathSaysSoWhenThereIsNone) {
  for (const char* const change : {"ip route replace prohibit default", "ip route del default",
                                   "ip route add blackhole default"}) {
    run(change);
    const auto path = network_.path_to(ip("10.1.0.1"));
    ASSERT_FALSE(path) << change;
    EXPECT_EQ(path.error().kind, ErrorKind::kUnreachable) << change;
  }
}

}  // namespace
}  // namespace rsip::agent
