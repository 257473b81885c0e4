#include "agent/linux/route_oracle.h"

#include <algorithm>
#include <sstream>

#include "agent/linux/policy_rules.h"
#include "tests/unit/agent/linux/host_network_fixture.h"

namespace rsip::agent {
namespace {

/// Words separated by one space.
std::string words_of(const std::string& text) {
  std::istringstream words(text);
  std::string joined;
  for (std::string word; words >> word;) joined += (joined.empty() ? "" : " ") + word;
  return joined;
}

class RouteOracleTest : public HostNetworkFixture {
 protected:
  static RouteAnswer explain(const char* destination, std::uint16_t port = 0,
                             std::uint32_t user = 0) {
    const auto answer = LinuxRouteOracle().explain({ip(destination), port, user});
    EXPECT_TRUE(answer);
    return answer.value_or(RouteAnswer{});
  }
  static std::string rule_to(const char* destination, std::uint16_t port = 0,
                             std::uint32_t user = 0) {
    return explain(destination, port, user).rule;
  }
};

TEST_F(RouteOracleTest, TellsTheWayIntoATunnel) {
  expect_applied(plan());
  const RouteAnswer answer = explain("198.51.100.7");
  EXPECT_EQ(answer.kind, RouteKind::kUnicast);
  EXPECT_EQ(answer.device, "rsip0");
  EXPECT_TRUE(answer.router.is_unspecified());
  EXPECT_EQ(answer.source, ip("203.0.113.10"));
  EXPECT_EQ(answer.prefix, net("198.51.100.0/24"));
  EXPECT_EQ(answer.table, "4555");
  EXPECT_EQ(answer.rule_priority, kRulePriorityTunnel);
  EXPECT_EQ(answer.rule, "4554: not from all fwmark 0x11cb lookup 4555");
}

TEST_F(RouteOracleTest, TellsThatAConnectedNetworkWinsAndByWhichRule) {
  expect_applied(plan());
  const RouteAnswer answer = explain("10.0.0.77");
  EXPECT_EQ(answer.device, "lan");
  EXPECT_TRUE(answer.router.is_unspecified());
  EXPECT_EQ(answer.source, ip("10.0.0.2"));
  EXPECT_EQ(answer.table, "main");
  EXPECT_EQ(answer.rule, "4553: from all lookup main suppress_prefixlength 0");
}

TEST_F(RouteOracleTest, TellsThatAnExceptionFallsThroughToTheDefaultRoute) {
  expect_applied(plan());
  const RouteAnswer answer = explain("172.16.5.5");
  EXPECT_EQ(answer.device, "lan");
  EXPECT_EQ(answer.router, ip("10.0.0.1"));
  EXPECT_EQ(answer.prefix, net("0.0.0.0/0"));
  EXPECT_EQ(answer.rule, "32766: from all lookup main");
}

TEST_F(RouteOracleTest, TellsWhatIsThisHostItself) {
  expect_applied(plan());
  for (const char* own : {"127.0.0.1", "10.0.0.2", "203.0.113.10"}) {
    const RouteAnswer answer = explain(own);
    EXPECT_EQ(answer.kind, RouteKind::kLocal) << own;
    EXPECT_EQ(answer.rule, "0: from all lookup local") << own;
    EXPECT_EQ(answer.table, "local") << own;
  }
}

TEST_F(RouteOracleTest, TellsBroadcastsAndMulticasts) {
  EXPECT_EQ(explain("10.0.0.255").kind, RouteKind::kBroadcast);
  EXPECT_EQ(explain("255.255.255.255").kind, RouteKind::kBroadcast);
  EXPECT_EQ(explain("224.0.0.251").kind, RouteKind::kMulticast);
}

TEST_F(RouteOracleTest, TellsThatThereIsNoWay) {
  run("ip route add unreachable 192.0.2.0/24");
  EXPECT_EQ(explain("192.0.2.1").kind, RouteKind::kNone);
  EXPECT_EQ(explain("192.0.2.1").why_none, "No route to host");
  run("ip route del default");
  EXPECT_EQ(explain("198.51.100.7").why_none, "Network is unreachable");
}

TEST_F(RouteOracleTest, AsksForTheUserAndThePortThatRulesAskFor) {
  run("ip route add default via 10.0.0.5 table 100");
  run("ip rule add priority 100 uidrange 1000-1001 lookup 100");
  run("ip rule add priority 101 ipproto tcp dport 443 lookup 100");
  run("ip rule add priority 102 not to 198.51.100.0/24 lookup 100");
  const std::string main = "32766: from all lookup main";
  EXPECT_EQ(rule_to("198.51.100.7"), main);
  EXPECT_EQ(rule_to("198.51.100.7", 80), main);
  EXPECT_EQ(rule_to("198.51.100.7", 443), "101: from all ipproto tcp dport 443 lookup 100");
  EXPECT_EQ(rule_to("198.51.100.7", 0, 1001), "100: from all uidrange 1000-1001 lookup 100");
  EXPECT_EQ(rule_to("203.0.113.9"), "102: not from all to 198.51.100.0/24 lookup 100");
  EXPECT_EQ(explain("203.0.113.9").router, ip("10.0.0.5"));
}

TEST_F(RouteOracleTest, FollowsRulesThatJump) {
  run("ip route add default via 10.0.0.5 table 100");
  run("ip rule add priority 200 lookup 100");
  run("ip rule add priority 300 nop");
  run("ip rule add priority 150 goto 300");
  EXPECT_EQ(rule_to("198.51.100.7"), "32766: from all lookup main");
  run("ip rule del priority 150");
  EXPECT_EQ(rule_to("198.51.100.7"), "200: from all lookup 100");
}

// iproute2 adds at the end who made a rule, which is no part of what it does.
TEST_F(RouteOracleTest, PrintsEveryRuleAsIpDoes) {
  run("ip rule add priority 10 from 10.2.0.0/16 to 10.3.0.1 iif lan oif far lookup 99");
  run("ip rule add priority 11 from 10.2.0.1 fwmark 0x1/0xff tos 0x10 unreachable");
  run("ip rule add priority 12 ipproto udp sport 5000-5010 dport 53 prohibit");
  run("ip rule add priority 13 uidrange 0-0 goto 300");
  run("ip rule add priority 300 nop");
  run("ip rule add priority 301 fwmark 7 blackhole");
  expect_applied(plan());
  auto netlink = NetlinkSocket::open();
  ASSERT_TRUE(netlink);
  const auto rules = list_rules(*netlink);
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->size(), 6U + 2U + 1U + 3U) << "above, the plan's, the fixture's, the kernel's";
  std::istringstream lines(run("ip rule"));
  std::string line;
  for (const PolicyRoutingRule& rule : *rules) {
    ASSERT_TRUE(std::getline(lines, line));
    line = line.substr(0, line.find(" proto "));
    EXPECT_EQ(to_string(rule, table_names()), words_of(line));
  }
  EXPECT_FALSE(std::getline(lines, line));
}

}  // namespace
}  // namespace rsip::agent
