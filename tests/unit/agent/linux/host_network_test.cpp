#include "agent/linux/host_network.h"

#include <gmock/gmock.h>

#include "agent/linux/tun_device.h"
#include "tests/unit/agent/linux/lan_probe.h"
#include "tests/unit/agent/linux/private_network.h"

namespace rsip::agent {
namespace {

using rsip::fakes::ChangeMonitor;
using rsip::fakes::LanProbe;
using ::testing::HasSubstr;
using ::testing::Not;

Ipv4Address ip(const char* text) {
  return Ipv4Address::parse(text).value();
}
Ipv4Prefix net(const char* text) {
  return Ipv4Prefix::parse(text).value();
}

/// A host with a private network and a TUN device that waits for its plan.
class HostNetworkTest : public rsip::fakes::PrivateNetwork {
 protected:
  void SetUp() override {
    PrivateNetwork::SetUp();
    if (IsSkipped()) return;
    run("ip link add lan type veth peer name far");
    run("ip addr add 10.0.0.2/24 dev lan && ip link set lan up && ip link set far up");
    run("ip route add default via 10.0.0.1");
    run("ip route add 192.168.7.0/24 via 10.0.0.9 table 99");
    run("ip rule add priority 5000 to 192.168.7.0/24 lookup 99");
    auto tun = LinuxTunDevice::open("rsip0");
    ASSERT_TRUE(tun) << to_line(tun.error());
    tun_ = std::move(*tun);
    clean_ = state();
  }

  static NetworkPlan plan() {
    return {"rsip0",
            1480,
            {ip("203.0.113.10")},
            ip("203.0.113.10"),
            {net("0.0.0.0/0"), net("198.51.100.0/24")},
            {net("10.1.0.1/32"), net("172.16.0.0/12")}};
  }

  /// Everything the agent may touch, as the kernel shows it.
  static std::string state() {
    return run("ip -br link show rsip0") + run("ip -4 -br addr") + run("ip rule") +
           run("ip route show table all") + run("nft -a list ruleset");
  }

  void expect_applied(const NetworkPlan& plan) {
    const auto applied = network_.apply(plan);
    EXPECT_TRUE(applied) << to_line(applied.error());
  }

  std::unique_ptr<LinuxTunDevice> tun_;
  LinuxHostNetwork network_;
  std::string clean_;
};

TEST_F(HostNetworkTest, AppliesAPlan) {
  expect_applied(plan());
  EXPECT_THAT(run("ip link show rsip0"), HasSubstr("mtu 1480"));
  EXPECT_THAT(run("ip link show rsip0"), HasSubstr(",UP"));
  EXPECT_THAT(run("ip -4 addr show rsip0"), HasSubstr("inet 203.0.113.10/32"));
  EXPECT_EQ(run("ip route show table 4555"),
            "default dev rsip0 proto 155 scope link src 203.0.113.10 \n"
            "throw 10.1.0.1 proto 155 \n"
            "throw 172.16.0.0/12 proto 155 \n"
            "198.51.100.0/24 dev rsip0 proto 155 scope link src 203.0.113.10 \n");
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
}

// RFC 3102 section 3.1, seen from the LAN: a request for the leased address stays without answer,
// one for the host's own address that follows it does not.
TEST_F(HostNetworkTest, AnswersNoArpRequestForALeasedAddress) {
  expect_applied(plan());
  const LanProbe neighbour("far");
  neighbour.ask_for("203.0.113.10");
  neighbour.ask_for("10.0.0.2");
  EXPECT_EQ(neighbour.next_answer(), "10.0.0.2");
  expect_applied({});
}

TEST_F(HostNetworkTest, EqualPlanTwiceChangesNothing) {
  expect_applied(plan());
  const std::string before = state();
  const ChangeMonitor monitor;
  expect_applied(plan());
  EXPECT_FALSE(monitor.saw_change());
  EXPECT_EQ(state(), before);
  NetworkPlan other = plan();
  other.mtu = 1400;
  expect_applied(other);
  EXPECT_TRUE(monitor.saw_change());
}

TEST_F(HostNetworkTest, MovesToADifferentPlanByItsDifferences) {
  expect_applied(plan());
  NetworkPlan other = plan();
  other.mtu = 1400;
  other.addresses = {ip("203.0.113.11"), ip("203.0.113.12")};
  other.source = ip("203.0.113.11");
  other.routes = {net("0.0.0.0/0")};
  other.direct = {net("10.1.0.1/32"), net("198.51.100.0/24")};
  expect_applied(other);
  EXPECT_THAT(run("ip link show rsip0"), HasSubstr("mtu 1400"));
  const std::string addresses = run("ip -4 addr show rsip0");
  EXPECT_THAT(addresses, HasSubstr("203.0.113.11/32"));
  EXPECT_THAT(addresses, HasSubstr("203.0.113.12/32"));
  EXPECT_THAT(addresses, Not(HasSubstr("203.0.113.10/32")));
  EXPECT_EQ(run("ip route show table 4555"),
            "default dev rsip0 proto 155 scope link src 203.0.113.11 \n"
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
  other.mtu = 1400;
  other.source = ip("203.0.113.99");  // not on this host: the kernel refuses it
  const auto applied = network_.apply(other);
  ASSERT_FALSE(applied);
  EXPECT_EQ(state(), before);
  expect_applied({});
  EXPECT_EQ(state(), clean_);
}

TEST_F(HostNetworkTest, NamesADeviceThatDoesNotExist) {
  NetworkPlan other = plan();
  other.device = "rsip9";
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

TEST_F(HostNetworkTest, PathMtuIgnoresTheTunnel) {
  EXPECT_EQ(network_.path_mtu(ip("10.1.0.1")).value(), 1500U);
  expect_applied(plan());
  EXPECT_EQ(network_.path_mtu(ip("8.8.8.8")).value(), 1500U);
  run("ip link set lan mtu 1300");
  EXPECT_EQ(network_.path_mtu(ip("10.1.0.1")).value(), 1300U);
  run("ip route add 10.1.0.1/32 via 10.0.0.1 mtu 1280");
  EXPECT_EQ(network_.path_mtu(ip("10.1.0.1")).value(), 1280U);
}

TEST_F(HostNetworkTest, PathMtuSaysSoWhenThereIsNoRoute) {
  run("ip route del default");
  const auto mtu = network_.path_mtu(ip("10.1.0.1"));
  ASSERT_FALSE(mtu);
  EXPECT_EQ(mtu.error().kind, ErrorKind::kUnreachable);
}

}  // namespace
}  // namespace rsip::agent
