#include "agent/discovery/slp_user_agent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/agent/discovery/slp_fixture.h"

namespace rsip::agent {
namespace {

using fakes::slp_address;
using fakes::slp_reply;
using fakes::SlpDirectory;
using fakes::SlpPeer;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

using SlpUserAgentTest = SlpFixture;

slp::ServiceReply reply_with(std::vector<std::string> urls) {
  slp::ServiceReply reply;
  for (std::string& url : urls) reply.entries.push_back({60, std::move(url)});
  return reply;
}

bool asks_for_gateways(const slp::Message& message) {
  const auto* request = std::get_if<slp::ServiceRequest>(&message.body);
  return request != nullptr && request->service_type == "service:rsip";
}

// H-240, H-241: no directory agent, so service agents are asked by multicast.
TEST_F(SlpUserAgentTest, FindsAGatewayByMulticast) {
  auto gateway = gateway_settings("10.1.0.1");
  gateway.service_port = 4455;
  gateway.tunnel_types = {"IP-IP", "L2TP"};
  gateway.ike_support = true;
  start_gateway(gateway, 12);
  const auto found = find(settings());
  ASSERT_EQ(found.size(), 1U);
  FoundGateway expected;
  expected.address = slp_address("10.1.0.1");
  expected.port = 4455;
  expected.source = "slp";
  expected.load = 12;
  expected.tunnels = {OfferedTunnel::kIpIp, OfferedTunnel::kL2tp};
  expected.ike = true;
  expected.url = "service:rsip://10.1.0.1:4455";
  EXPECT_EQ(found.front(), expected);
}

// H-252: whatever SLP says is not to be trusted.
TEST_F(SlpUserAgentTest, TrustsNobody) {
  start_gateway("10.1.0.1");
  EXPECT_FALSE(find(settings()).at(0).trusted);
}

TEST_F(SlpUserAgentTest, FindsNothingWhereThereIsNothing) {
  EXPECT_THAT(find(settings()), IsEmpty());
}

TEST_F(SlpUserAgentTest, SaysThatItCannotAskFromAForeignAddress) {
  auto foreign = settings();
  foreign.network.local = slp_address("10.99.0.1");
  std::optional<Result<std::vector<FoundGateway>>> found;
  boost::asio::co_spawn(io_, find_by_slp(foreign),
                        [&found](const std::exception_ptr&, auto r) { found = std::move(r); });
  run_until([&found] { return found.has_value(); });
  ASSERT_FALSE(*found);
  EXPECT_EQ(found->error().kind, ErrorKind::kUnreachable);
}

// H-246: all URLs are collected, each gateway's load is asked for, the lowest goes first.
TEST_F(SlpUserAgentTest, PutsTheLeastLoadedOfThreeFirst) {
  start_gateway("10.1.0.1", 70);
  start_gateway("10.1.0.2", 3);
  start_gateway("10.1.0.3", 30);
  EXPECT_THAT(addresses(find(settings())), ElementsAre("10.1.0.2", "10.1.0.3", "10.1.0.1"));
}

// H-244: only what is in the scope is found.
TEST_F(SlpUserAgentTest, FindsGatewaysOfItsScopeOnly) {
  auto floor = gateway_settings("10.1.0.1");
  floor.scopes = {"second, floor"};
  start_gateway(floor);
  start_gateway("10.1.0.2");
  auto all = settings();
  EXPECT_THAT(addresses(find(all)), ElementsAre("10.1.0.2"));
  all.scopes = {"Second, Floor"};
  EXPECT_THAT(addresses(find(all)), ElementsAre("10.1.0.1"));
}

// H-242: asked for by attributes, as tried by the gateway.
TEST_F(SlpUserAgentTest, FindsGatewaysThatMeetTheWishes) {
  auto able = gateway_settings("10.1.0.1");
  able.tunnel_types = {"GRE"};
  able.transports = {"UDP"};
  start_gateway(able);
  start_gateway("10.1.0.2");
  auto all = settings();
  all.wishes = {{OfferedTunnel::kGre}, OfferedTransport::kUdp, false};
  const auto found = find(all);
  EXPECT_THAT(addresses(found), ElementsAre("10.1.0.1"));
  EXPECT_EQ(found.at(0).transport, OfferedTransport::kUdp);
}

// H-242: a service agent that ignores the predicate is found out by its attributes.
TEST_F(SlpUserAgentTest, ChecksWhatItHasAskedFor) {
  SlpPeer peer(io_, "10.1.0.1",
               [](const slp::Message& message, bool) -> std::vector<SlpPeer::Bytes> {
                 if (asks_for_gateways(message)) {
                   return {slp_reply(message, reply_with({"service:rsip://10.1.0.1"}))};
                 }
                 return {slp_reply(message, slp::AttributeReply{{}, "(tunnel-type=L2TP)"})};
               });
  EXPECT_THAT(find(settings()), IsEmpty());
}

// H-241: a directory agent that is known is asked, and nobody else.
TEST_F(SlpUserAgentTest, AsksAKnownDirectoryAgentByUnicast) {
  int multicasts = 0;
  SlpPeer witness(io_, "10.1.0.2", [&](const slp::Message&, bool multicast) {
    multicasts += multicast ? 1 : 0;
    return std::vector<SlpPeer::Bytes>();
  });
  SlpDirectory directory(io_, "10.1.0.5");
  auto gateway = gateway_settings("10.1.0.1");
  gateway.directory_agent = slp_address("10.1.0.5");
  start_gateway(gateway, 42);
  run_until([&] { return !directory.registrations.empty(); });
  multicasts = 0;
  auto all = settings();
  all.directory_agents = {slp_address("10.1.0.5")};
  const auto found = find(all);
  EXPECT_THAT(addresses(found), ElementsAre("10.1.0.1"));
  EXPECT_EQ(found.at(0).load, 42) << "the directory agent has the attributes, too";
  EXPECT_EQ(directory.queries, 1);
  EXPECT_EQ(multicasts, 0);
}

// H-241: one that makes itself known by multicast is asked as well.
TEST_F(SlpUserAgentTest, FindsADirectoryAgentAndAsksIt) {
  SlpDirectory directory(io_, "10.1.0.5");
  directory.registrations.push_back({{60, "service:rsip://10.1.0.3:4455"}, "service:rsip", "", ""});
  EXPECT_THAT(addresses(find(settings())), ElementsAre("10.1.0.3"));
  EXPECT_EQ(directory.queries, 1);
}

// H-241: and if it is silent, or knows nothing, service agents are.
TEST_F(SlpUserAgentTest, AsksServiceAgentsIfTheDirectoryAgentKnowsNothing) {
  SlpDirectory directory(io_, "10.1.0.5");
  start_gateway("10.1.0.1");
  auto all = settings();
  for (const char* agent : {"10.1.0.5", "10.1.0.6"}) {
    directory.registrations.clear();
    all.directory_agents = {slp_address(agent)};
    EXPECT_THAT(addresses(find(all)), ElementsAre("10.1.0.1")) << agent;
  }
}

TEST_F(SlpUserAgentTest, AsksOverTcpForWhatDoesNotFitIntoADatagram) {
  auto gateway = gateway_settings("10.1.0.1");
  gateway.max_datagram = 30;
  start_gateway(gateway, 5);
  const auto found = find(settings());
  EXPECT_THAT(addresses(found), ElementsAre("10.1.0.1"));
  EXPECT_EQ(found.at(0).load, 5);
}

TEST_F(SlpUserAgentTest, SendsAgainWhatIsLost) {
  int heard = 0;
  SlpPeer peer(io_, "10.1.0.1",
               [&](const slp::Message& message, bool) -> std::vector<SlpPeer::Bytes> {
                 if (asks_for_gateways(message)) {
                   if (++heard < 3) return {};
                   return {slp_reply(message, reply_with({"service:rsip://10.1.0.1"}))};
                 }
                 return {};
               });
  EXPECT_THAT(addresses(find(settings())), ElementsAre("10.1.0.1"));
}

// H-241: RFC 2608 section 6.3, the list of previous responders grows until nobody new answers.
TEST_F(SlpUserAgentTest, NamesWhoHasAnsweredAndStopsOnceItIsQuiet) {
  std::vector<std::string> lists;
  std::vector<std::uint16_t> xids;
  SlpPeer peer(io_, "10.1.0.1",
               [&](const slp::Message& message, bool) -> std::vector<SlpPeer::Bytes> {
                 if (!asks_for_gateways(message)) return {};
                 lists.push_back(std::get<slp::ServiceRequest>(message.body).previous_responders);
                 xids.push_back(message.header.xid);
                 return {slp_reply(message, reply_with({"service:rsip://10.1.0.1"}))};
               });
  find(settings());
  EXPECT_THAT(lists, ElementsAre("", "10.1.0.1", "10.1.0.1"));
  EXPECT_EQ(xids.front(), xids.back());
}

TEST_F(SlpUserAgentTest, ReadsOverGarbageAndForeignTransactions) {
  SlpPeer rude(io_, "10.1.0.7", [](const slp::Message& message, bool) {
    auto stale = message;
    stale.header.xid = static_cast<std::uint16_t>(stale.header.xid + 100);
    return std::vector<SlpPeer::Bytes>{
        {},
        {0xFF, 0x00},
        SlpPeer::Bytes(1500, 0x02),
        slp_reply(stale, reply_with({"service:rsip://10.1.0.7"})),
        slp_reply(message, slp::ServiceAcknowledge{}),
        slp_reply(message, slp::ServiceReply{slp::ErrorCode::kInternalError, {}})};
  });
  start_gateway("10.1.0.1", 1);
  EXPECT_THAT(addresses(find(settings())), ElementsAre("10.1.0.1"));
}

// H-243, A-10: 4555 stands for a port that is not named, and only for that.
TEST_F(SlpUserAgentTest, TakesThePortFromTheUrl) {
  SlpDirectory directory(io_, "10.1.0.5");
  directory.registrations.push_back({{60, "service:rsip://10.1.0.3"}, "service:rsip", "", ""});
  directory.registrations.push_back({{60, "service:rsip://10.1.0.3:4455"}, "service:rsip", "", ""});
  std::vector<std::uint16_t> ports;
  for (const FoundGateway& gateway : find(settings())) ports.push_back(gateway.port);
  EXPECT_THAT(ports, UnorderedElementsAre(4455, 4555));
}

TEST_F(SlpUserAgentTest, LeavesOutUrlsThatNoGatewayCanHave) {
  SlpPeer peer(io_, "10.1.0.1", [](const slp::Message& message, bool) {
    std::vector<SlpPeer::Bytes> replies;
    if (asks_for_gateways(message)) {
      replies.push_back(
          slp_reply(message, reply_with({"service:lpr://10.1.0.1", "rsip",
                                         "service:rsip://10.1.0.1:0", "service:rsip://127.0.0.1",
                                         "service:rsip://224.0.0.1", "service:rsip://localhost",
                                         "service:rsip://10.1.0.3", "service:rsip://10.1.0.3"})));
    }
    return replies;
  });
  EXPECT_THAT(addresses(find(settings())), ElementsAre("10.1.0.3"));
}

// It makes up gateways, does not tell their attributes, and sends to TCP where nobody listens.
TEST_F(SlpUserAgentTest, IsNotHeldUpByALiar) {
  SlpPeer liar(io_, "10.1.0.7", [](const slp::Message& message, bool) {
    std::vector<SlpPeer::Bytes> replies;
    if (asks_for_gateways(message)) {
      std::vector<std::string> urls;
      for (int i = 1; i < 40; ++i) urls.push_back("service:rsip://10.66.0." + std::to_string(i));
      slp::Message reply{{}, reply_with(urls)};
      reply.header.xid = message.header.xid;
      reply.header.overflow = true;
      replies.push_back(slp::encode(reply).value());
    }
    return replies;
  });
  start_gateway("10.1.0.1", 50);
  const auto began = std::chrono::steady_clock::now();
  const auto found = find(settings());
  EXPECT_LT(std::chrono::steady_clock::now() - began,
            settings().pace.total_limit + Milliseconds(300));
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(addresses(found).front(), "10.1.0.1") << "it is the one that says its load";
  EXPECT_LE(found.size(), 5U);
}

// H-251: when a gateway has gone, asking again finds the next.
TEST_F(SlpUserAgentTest, FindsAnotherGatewayWhenOneHasGone) {
  auto& first = start_gateway("10.1.0.1", 1);
  start_gateway("10.1.0.2", 2);
  EXPECT_EQ(addresses(find(settings())).front(), "10.1.0.1");
  first.stop();
  EXPECT_THAT(addresses(find(settings())), ElementsAre("10.1.0.2"));
}

// G-48: a host that asks hears the load as it is now.
TEST_F(SlpUserAgentTest, HearsOfAChangeOfLoad) {
  auto& gateway = start_gateway("10.1.0.1", 1);
  EXPECT_EQ(find(settings()).at(0).load, 1);
  gateway.set_load(99);
  EXPECT_EQ(find(settings()).at(0).load, 99);
}

TEST_F(SlpUserAgentTest, CanMarkWhatItSends) {
  run("ip route add blackhole default table 77 && ip rule add fwmark 0x55 lookup 77 priority 1");
  run("ip rule add priority 2 lookup local && ip rule del priority 0");
  start_gateway("10.1.0.1", 5);
  auto marked = settings();
  marked.network.mark = 0x55;
  EXPECT_EQ(find(marked).at(0).load, std::nullopt) << "marked unicast goes nowhere here";
  EXPECT_EQ(find(settings()).at(0).load, 5);
}

}  // namespace
}  // namespace rsip::agent
