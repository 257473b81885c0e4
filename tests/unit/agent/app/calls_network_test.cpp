#include <gmock/gmock.h>

#include "agent/app/flow_report.h"
#include "tests/unit/agent/app/agent_fixture.h"

// What people ask of the network: flows, ports, ways.
namespace rsip::agent {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr ipc::Caller kRootCaller{ipc::Who::kRoot, 0};
constexpr ipc::Caller kGuest{ipc::Who::kOther, 1001};
constexpr Ipv4Address kRemote{0xC6336407};  // 198.51.100.7

ListedFlow flow_from(std::uint16_t port, Duration idle = {}) {
  ListedFlow flow;
  flow.app = {6, kPublic, port, kRemote, 443};
  flow.leased = 5000;
  flow.bind = BindId{1};
  flow.state = FlowState::kEstablished;
  flow.idle = idle;
  return flow;
}

class CallsNetwork : public AgentFixture {
 protected:
  template <class Request>
  Result<typename Request::Reply> ask(const Request& request, const ipc::Caller& caller) {
    std::optional<Result<ipc::Answer>> answer;
    agent_->call(request, caller, [&](Result<ipc::Answer> a) { answer = std::move(a); });
    poll();
    if (!answer) {
      ADD_FAILURE() << "no answer";
      return fail(ErrorKind::kOther, "no answer");
    }
    return answer->map([](const ipc::Answer& a) { return std::get<typename Request::Reply>(a); });
  }
  ipc::Flows flows(const ipc::Caller& caller = kRootCaller, const std::string& gateway = "") {
    return ask(ipc::FlowsRequest{gateway}, caller).value();
  }
  ipc::Ports ports(const std::string& gateway = "") {
    return ask(ipc::PortsRequest{gateway}, kGuest).value();
  }
  ipc::RouteVerdict explain(const std::string& destination, std::uint16_t port = 0) {
    return ask(ipc::RouteExplainRequest{destination, port}, kGuest).value();
  }
  void second_gateway() {
    gateways_.push_back(gateway_named("office", {0x0A020001}, "rsip1"));
    gateways_[1].routes = {Ipv4Prefix::parse("192.0.2.0/24").value()};
    start();
    for (const char* const name : {"hotel", "office"}) {
      link_ = links_.at(name);
      register_host();
      grant(1, {5000, 32});
    }
  }
  RouteAnswer& kernel_says(const char* device, std::uint32_t priority, const char* prefix) {
    routes_.answer = {};
    routes_.answer.kind = RouteKind::kUnicast;
    routes_.answer.device = device;
    routes_.answer.rule_priority = priority;
    routes_.answer.rule = std::to_string(priority) + ": from all lookup main";
    routes_.answer.prefix = Ipv4Prefix::parse(prefix).value();
    return routes_.answer;
  }
};

// --- flows ---------------------------------------------------------------------------------------

TEST_F(CallsNetwork, AFlowIsToldWithItsOwner) {
  assigned();
  ListedFlow flow = flow_from(40000, std::chrono::milliseconds(7900));
  flow.begun_by = BegunBy::kRemote;
  flow.sent_bytes = 100;
  flow.received_bytes = 200;
  tunnels_.flows["rsip0"].flows = {flow};
  sockets_.owners = {{40000, {1001, "anna", 4711, "curl"}}};
  const auto told = flows();
  ASSERT_THAT(told.flows, SizeIs(1));
  const ipc::FlowStatus expected{"hotel",
                                 1,
                                 "tcp",
                                 "203.0.113.10",
                                 5000,
                                 40000,
                                 "198.51.100.7",
                                 443,
                                 "established",
                                 "remote",
                                 7,
                                 100,
                                 200,
                                 "anna",
                                 4711,
                                 "curl"};
  EXPECT_EQ(told.flows[0], expected);
  EXPECT_EQ(told.hidden, 0U);
  EXPECT_THAT(sockets_.asked, ElementsAre(HostSocket{6, kPublic, 40000, kRemote, 443}));
}

TEST_F(CallsNetwork, EveryProtocolAndStateHasItsName) {
  assigned();
  auto& list = tunnels_.flows["rsip0"].flows;
  const std::vector<std::tuple<int, FlowState, std::string, std::string>> cases{
      {6, FlowState::kOpening, "tcp", "opening"},
      {6, FlowState::kEstablished, "tcp", "established"},
      {6, FlowState::kClosing, "tcp", "closing"},
      {6, FlowState::kClosed, "tcp", "closed"},
      {17, FlowState::kActive, "udp", "active"},
      {1, FlowState::kActive, "icmp", "active"},
      {47, FlowState::kActive, "47", "active"}};
  for (const auto& [protocol, state, name, word] : cases) {
    list.push_back(flow_from(40000));
    list.back().app.protocol = static_cast<std::uint8_t>(protocol);
    list.back().state = state;
  }
  const auto told = flows();
  ASSERT_THAT(told.flows, SizeIs(cases.size()));
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(told.flows[i].protocol, std::get<2>(cases[i]));
    EXPECT_EQ(told.flows[i].state, std::get<3>(cases[i]));
  }
}

TEST_F(CallsNetwork, WhoMayChangeNothingSeesTheirOwnFlowsAlone) {
  assigned();
  tunnels_.flows["rsip0"].flows = {flow_from(40000), flow_from(40001), flow_from(40002)};
  sockets_.owners = {{40000, {1001, "anna", 1, "curl"}}, {40001, {0, "root", 2, "apt"}}};
  const auto own = flows(kGuest);
  ASSERT_THAT(own.flows, SizeIs(1));
  EXPECT_EQ(own.flows[0].local_port, 40000);
  EXPECT_EQ(own.hidden, 2U) << "root's, and one whose owner nobody knows";
  for (const ipc::Who who : {ipc::Who::kRoot, ipc::Who::kGroup, ipc::Who::kActiveSession}) {
    EXPECT_THAT(flows({who, 1002}).flows, SizeIs(3));
  }
}

TEST_F(CallsNetwork, FlowsOfAllGatewaysComeTheLatestPacketFirst) {
  using std::chrono::seconds;
  second_gateway();
  tunnels_.flows["rsip0"].flows = {flow_from(1, seconds(1)), flow_from(3, seconds(3))};
  tunnels_.flows["rsip1"].flows = {flow_from(2, seconds(2))};
  const auto port = [](std::uint16_t number) {
    return Field(&ipc::FlowStatus::local_port, number);
  };
  EXPECT_THAT(flows().flows, ElementsAre(port(1), port(2), port(3)));
  EXPECT_THAT(flows(kRootCaller, "office").flows, ElementsAre(port(2)));
  EXPECT_EQ(flows().flows[1].gateway, "office");
}

TEST_F(CallsNetwork, MoreFlowsThanFitAnAnswerAreCounted) {
  assigned();
  auto& list = tunnels_.flows["rsip0"];
  for (std::size_t i = 0; i < kMostFlowsTold + 10; ++i) list.flows.push_back(flow_from(40000));
  list.left_out = 5;
  const auto told = flows();
  EXPECT_THAT(told.flows, SizeIs(kMostFlowsTold));
  EXPECT_EQ(told.hidden, 15U);
}

TEST_F(CallsNetwork, WithoutATunnelThereAreNoFlows) {
  start();
  EXPECT_THAT(flows().flows, SizeIs(0));
  EXPECT_EQ(ask(ipc::FlowsRequest{"no such"}, kRootCaller).error().kind, ErrorKind::kNotFound);
}

// --- ports ---------------------------------------------------------------------------------------

TEST_F(CallsNetwork, EachLeasedPortSaysWhatItDoes) {
  start();
  register_host();
  grant(1, {5000, 4});
  tunnels_.flows["rsip0"].ports = {{kPublic, 5001, 2}, {kPublic, 5002, 0}};
  tunnels_.stats.ports_high_water = 3;
  const auto told = ports();
  EXPECT_EQ(told.gateway, "hotel");
  EXPECT_EQ(told.address, "203.0.113.10");
  EXPECT_EQ(told.high_water, 3U);
  EXPECT_THAT(
      told.ports,
      ElementsAre(ipc::PortStatus{5000, 1, "free", 0}, ipc::PortStatus{5001, 1, "in_use", 2},
                  ipc::PortStatus{5002, 1, "resting", 0}, ipc::PortStatus{5003, 1, "free", 0}));
}

TEST_F(CallsNetwork, TheHighWaterMarkOutlivesATunnel) {
  assigned();
  tunnels_.stats.ports_high_water = 9;
  free_by_gateway(1);
  tunnels_.stats.ports_high_water = 2;
  EXPECT_EQ(ports().high_water, 9U);
  EXPECT_THAT(ports().ports, SizeIs(0));
}

TEST_F(CallsNetwork, APortThatListensOrGoesSaysSo) {
  ipc::GatewayStatus status;
  ipc::LeaseStatus listening;
  listening.bind = 2;
  listening.address = "203.0.113.10";
  listening.ports = {{80, 80}};
  listening.listening = true;
  ipc::LeaseStatus going = listening;
  going.bind = 1;
  going.ports = {{5000, 5000}};
  going.listening = false;
  going.retiring = true;
  status.leases = {going, listening};
  FlowList list;
  list.ports = {{kPublic, 80, 3}};
  EXPECT_THAT(
      report_ports(status, {}, list, 1).ports,
      ElementsAre(ipc::PortStatus{80, 2, "listening", 3}, ipc::PortStatus{5000, 1, "retiring", 0}));
}

TEST_F(CallsNetwork, OfAWholeAddressOnlyPortsInUseAreTold) {
  ipc::GatewayStatus status;
  ipc::LeaseStatus whole;
  whole.bind = 1;
  whole.address = "203.0.113.10";
  status.leases = {whole};
  FlowTable table;
  table.bindings = {{BindId{1}, kPublic, true, {}}, {BindId{1}, kPublic, false, {{80, 1}}}};
  table.bindings[1].listening = true;
  FlowList list;
  list.ports = {{kPublic, 80, 1}, {kPublic, 40000, 2}, {{0x01020304}, 7, 1}};
  EXPECT_THAT(
      report_ports(status, table, list, 1).ports,
      ElementsAre(ipc::PortStatus{80, 1, "listening", 1}, ipc::PortStatus{40000, 1, "in_use", 2}));
}

TEST_F(CallsNetwork, TheStatusCountsThePortsInUseOfEachLease) {
  assigned();
  grow(2, {6000, 32});
  tunnels_.use = {{BindId{1}, false, true, {}, 5}, {BindId{2}, false, true, {}, 7}};
  ASSERT_THAT(gateway().leases, SizeIs(2));
  EXPECT_EQ(gateway().leases[0].ports_in_use, 5U);
  EXPECT_EQ(gateway().leases[1].ports_in_use, 7U);
}

// --- ways ----------------------------------------------------------------------------------------

TEST_F(CallsNetwork, AWayThroughATunnelNamesGatewayLeaseAndOuterWay) {
  assigned();
  network_.set_path(NetworkPath{{0x0A000002}, 1500, 2, {}, "wlan0"});
  auto& answer = kernel_says("rsip0", kRulePriorityTunnel, "0.0.0.0/0");
  answer.source = kPublic;
  answer.table = "4555";
  const auto verdict = explain("198.51.100.7", 443);
  EXPECT_EQ(verdict.way, "tunnel");
  EXPECT_EQ(verdict.reason, "0.0.0.0/0 is among the routes of gateway hotel.");
  EXPECT_EQ(verdict.gateway, "hotel");
  EXPECT_EQ(verdict.bind, 1U);
  ASSERT_THAT(verdict.ports, SizeIs(1));
  EXPECT_EQ(verdict.ports[0].first, 5000);
  EXPECT_EQ(verdict.ports[0].last, 5031);
  EXPECT_EQ(verdict.source, "203.0.113.10");
  EXPECT_EQ(verdict.table, "4555");
  EXPECT_EQ(verdict.outer_device, "wlan0");
  EXPECT_EQ(verdict.outer_source, "10.0.0.2");
  EXPECT_EQ(routes_.asked.port, 443);
  EXPECT_EQ(routes_.asked.user, kGuest.user) << "the packet would be the caller's";
}

TEST_F(CallsNetwork, AConnectedNetworkAndARouteOfItsOwnAreDirect) {
  assigned();
  kernel_says("eth0", kRulePriorityConnected, "10.0.0.0/24");
  auto verdict = explain("10.0.0.7");
  EXPECT_EQ(verdict.way, "direct");
  EXPECT_EQ(verdict.reason,
            "This host is connected to 10.0.0.0/24 by eth0: connected networks always go direct.");
  EXPECT_EQ(verdict.gateway, "");
  EXPECT_FALSE(verdict.bind);
  kernel_says("eth0", kRulePriorityConnected, "172.16.0.0/12").router = {0x0A000001};
  verdict = explain("172.16.0.1");
  EXPECT_EQ(verdict.router, "10.0.0.1");
  EXPECT_THAT(verdict.reason, HasSubstr("has a route to 172.16.0.0/12 of its own"));
}

TEST_F(CallsNetwork, AnExceptionSaysWhoseItIs) {
  gateways_[0].exclude = {Ipv4Prefix::parse("192.0.2.0/24").value()};
  gateways_[0].routes = {Ipv4Prefix::parse("0.0.0.0/1").value()};
  assigned();
  kernel_says("eth0", 32766, "0.0.0.0/0");
  const std::vector<std::pair<const char*, const char*>> cases{
      {"192.0.2.1", "192.0.2.0/24 is excluded in the configuration of gateway hotel."},
      {"10.1.0.1", "10.1.0.1 is gateway hotel itself."},
      {"169.254.1.1", "169.254.1.1 is a link-local address: these never go through a tunnel."},
      {"198.51.100.7", "No gateway has a route for 198.51.100.7."}};
  for (const auto& [destination, reason] : cases) {
    EXPECT_EQ(explain(destination).way, "direct");
    EXPECT_EQ(explain(destination).reason, reason);
  }
}

TEST_F(CallsNetwork, WithoutATunnelTheReasonIsTheStateOfTheGateway) {
  start();
  kernel_says("eth0", 32766, "0.0.0.0/0");
  EXPECT_EQ(explain("198.51.100.7").reason,
            "There is no tunnel at present: gateway hotel is connecting.");
}

TEST_F(CallsNetwork, WithoutATunnelTheReasonIsWhatIsWrongAsWell) {
  start();
  register_host();
  tunnels_.failure = Error{ErrorKind::kOther, "cannot open the socket", ""};
  grant(1, {5000, 32});
  kernel_says("eth0", 32766, "0.0.0.0/0");
  EXPECT_THAT(explain("198.51.100.7").reason, HasSubstr("cannot open the socket."));
}

TEST_F(CallsNetwork, ARuleOfSomebodyElseIsNamed) {
  assigned();
  kernel_says("wg0", 100, "0.0.0.0/0");
  const auto verdict = explain("198.51.100.7");
  EXPECT_EQ(verdict.reason, "A rule of this host comes before those of the tunnels.");
  EXPECT_EQ(verdict.rule, "100: from all lookup main");
}

TEST_F(CallsNetwork, ThisHostItselfIsLocal) {
  assigned();
  kernel_says("lo", 0, "127.0.0.0/8").kind = RouteKind::kLocal;
  EXPECT_EQ(explain("127.0.0.1").way, "local");
  EXPECT_THAT(explain("127.0.0.1").reason, HasSubstr("loopback"));
  EXPECT_THAT(explain("203.0.113.10").reason, HasSubstr("leased through gateway hotel"));
  EXPECT_EQ(explain("10.0.0.2").reason, "10.0.0.2 is an address of this host.");
}

TEST_F(CallsNetwork, BroadcastAndMulticastAreDirect) {
  assigned();
  kernel_says("eth0", kRulePriorityConnected, "10.0.0.255/32").kind = RouteKind::kBroadcast;
  EXPECT_EQ(explain("10.0.0.255").reason,
            "10.0.0.255 is a broadcast address: it never goes through a tunnel.");
  kernel_says("eth0", 32766, "0.0.0.0/0").kind = RouteKind::kMulticast;
  EXPECT_EQ(explain("224.0.0.251").way, "direct");
}

TEST_F(CallsNetwork, NoWayIsToldInTheKernelsWords) {
  assigned();
  routes_.answer = {};
  routes_.answer.why_none = "Network is unreachable";
  EXPECT_EQ(explain("198.51.100.7").way, "none");
  EXPECT_EQ(explain("198.51.100.7").reason,
            "There is no route to 198.51.100.7: Network is unreachable.");
}

TEST_F(CallsNetwork, WhatIsNoAddressIsRefused) {
  assigned();
  const auto verdict = ask(ipc::RouteExplainRequest{"example.net", 0}, kGuest);
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(verdict.error().message, HasSubstr("example.net"));
}

}  // namespace
}  // namespace rsip::agent
