#include "agent/datapath/flow_map.h"

#include <set>

#include <gtest/gtest.h>

#include "tests/unit/agent/datapath/flow_map_fixture.h"

namespace rsip::agent {
namespace {

using namespace rsip::fakes;
using namespace std::chrono_literals;

TEST_F(FlowMapTest, NothingPassesWithoutATable) {
  EXPECT_EQ(why(send(40000)), DropReason::kSourceNotLeased);
  EXPECT_EQ(why(receive(5000)), DropReason::kNoLease);
}

TEST_F(FlowMapTest, SocketKeepsOnePortForAllItsRemotes) {
  map_.use(leased_ports({{5000, 4}}), now_);
  const auto port = send(40000);
  EXPECT_EQ(port, 5000);
  EXPECT_EQ(send(40000, kOtherServer), port);
  EXPECT_EQ(send(40001), 5001);
  EXPECT_EQ(map_.ports_in_use(), 2U);
}

TEST_F(FlowMapTest, SocketOnALeasedPortKeepsItsOwn) {
  map_.use(leased_ports({{5000, 4}}), now_);
  EXPECT_EQ(send(5002), 5002);
  EXPECT_EQ(send(40000), 5000);
  EXPECT_EQ(send(5000), 5001) << "its own is taken: the least recently used free one";
}

// H-007: RSAP-IP's key is protocol, address and port
TEST_F(FlowMapTest, ProtocolsHaveSeparateSpacesOverTheSamePorts) {
  map_.use(leased_ports({{5000, 1}}), now_);
  EXPECT_EQ(send(40000, kServer, kUdpProtocol), 5000);
  EXPECT_EQ(send(40001, kServer, kTcpProtocol, kTcpSyn), 5000);
  EXPECT_EQ(send(40002, {kServer.address, 0}, kIcmpProtocol), 5000);
  EXPECT_EQ(map_.ports_in_use(), 1U);
  EXPECT_EQ(why(send(40003)), DropReason::kNoFreePort);
}

// H-004: no source that is not leased
TEST_F(FlowMapTest, RefusesSourcesAndProtocolsThatAreNotLeased) {
  map_.use(leased_ports({{5000, 4}}), now_);
  const auto other = map_.outbound({kUdpProtocol, ip("10.0.0.2"), 1, kServer.address, 1}, 0, now_);
  EXPECT_EQ(why(other), DropReason::kSourceNotLeased);
  EXPECT_EQ(why(send(0, {kServer.address, 0}, 50)), DropReason::kProtocolNotLeased);
}

TEST_F(FlowMapTest, LetsInOnlyFlowsThatBeganHere) {
  map_.use(leased_ports({{5000, 4}}), now_);
  ASSERT_EQ(send(40000), 5000);
  EXPECT_EQ(receive(5000), 40000);
  EXPECT_EQ(why(receive(5000, kOtherServer)), DropReason::kUnsolicited);
  EXPECT_EQ(why(receive(5000, {kServer.address, 80})), DropReason::kUnsolicited);
  EXPECT_EQ(why(receive(5000, kServer, kTcpProtocol)), DropReason::kUnsolicited);
  EXPECT_EQ(why(receive(5001)), DropReason::kUnsolicited);
  EXPECT_EQ(why(receive(5004)), DropReason::kNoLease);
}

// H-007: RSA-IP's key is the address
TEST_F(FlowMapTest, WithAllPortsNothingIsRewrittenButInboundStillNeedsAFlow) {
  map_.use(leased_address(), now_);
  EXPECT_EQ(send(40000), 40000);
  EXPECT_EQ(receive(40000), 40000);
  EXPECT_EQ(why(receive(22)), DropReason::kUnsolicited);
  EXPECT_EQ(send(0, {kServer.address, 0}, 50), 0) << "ESP";
  EXPECT_EQ(receive(0, {kServer.address, 0}, 50), 0);
  EXPECT_EQ(map_.ports_in_use(), 1U);
}

TEST_F(FlowMapTest, FlowEndsWhenItsTimeIsUpAndItsPortIsFreeAgain) {
  map_.use(leased_ports({{5000, 1}}), now_);
  ASSERT_EQ(send(40000), 5000);
  now_ += kUdpLife - 1s;
  EXPECT_EQ(receive(5000), 40000);
  now_ += kUdpAnsweredLife - 1s;
  EXPECT_EQ(send(40000), 5000);
  EXPECT_EQ(why(send(40001)), DropReason::kNoFreePort);
  now_ += kUdpAnsweredLife;
  EXPECT_EQ(why(receive(5000)), DropReason::kUnsolicited) << "even before anybody swept";
  pass(1s);
  EXPECT_EQ(map_.flows(), 0U);
  EXPECT_EQ(map_.ports_in_use(), 0U);
  EXPECT_EQ(send(40001), 5000);
}

TEST_F(FlowMapTest, MappingLivesAsLongAsTheLastOfItsFlows) {
  map_.use(leased_ports({{5000, 2}}), now_);
  ASSERT_EQ(send(40000), 5000);
  pass(kUdpLife - 1s);
  ASSERT_EQ(send(40000, kOtherServer), 5000);
  pass(2s);
  EXPECT_EQ(why(receive(5000)), DropReason::kUnsolicited);
  EXPECT_EQ(send(40000), 5000);
}

// H-036: first in, first out
TEST_F(FlowMapTest, FreePortsAreReusedLeastRecentlyUsedFirst) {
  map_.use(leased_ports({{5000, 3}}), now_);
  for (std::uint16_t port = 40000; port < 40003; ++port) {
    send(port);
    pass(1s);
  }
  send(40000);  // the first is refreshed: it ends last
  for (Duration waited{}; waited <= kUdpLife; waited += 1s) pass(1s);
  EXPECT_EQ(send(41000), 5001);
  EXPECT_EQ(send(41001), 5002);
  EXPECT_EQ(send(41002), 5000);
}

// RFC 3102 section 6.1.
// H-036, A-18: TIME_WAIT
TEST_F(FlowMapTest, TupleOfAnEndedConnectionIsKeptFromOthersForTwoMinutes) {
  map_.use(leased_ports({{5000, 1}}), now_);
  ASSERT_EQ(connect(40000), 5000);
  close(40000, 5000);
  pass(kTcpClosedLife + 1s);
  EXPECT_EQ(map_.ports_in_use(), 0U);
  EXPECT_EQ(why(connect(40001)), DropReason::kNoFreePort);
  EXPECT_EQ(why(receive(5000, kServer, kTcpProtocol, kTcpAck)), DropReason::kUnsolicited);
  EXPECT_EQ(connect(40002, kOtherServer), 5000) << "towards others the port is free at once";
  close(40002, 5000, kOtherServer);
  pass(kTimeWait - 5s);
  EXPECT_EQ(why(connect(40001)), DropReason::kNoFreePort);
  pass(5s);
  EXPECT_EQ(connect(40001), 5000);
}

TEST_F(FlowMapTest, TupleOfAnEndedConnectionIsReusedIfTheGatewayHasNoOtherPort) {
  map_.use(leased_ports({{5000, 2}}, false), now_);
  for (std::uint16_t port = 40000; port < 40002; ++port) {
    connect(port);
    close(port, port == 40000 ? 5000 : 5001);
    pass(kTcpClosedLife + 1s);
  }
  EXPECT_EQ(connect(40002), 5000) << "the one that has rested longer";
  EXPECT_EQ(connect(40003), 5001);
  EXPECT_EQ(why(connect(40004)), DropReason::kNoFreePort);
}

TEST_F(FlowMapTest, TupleOfAnEndedConnectionIsOpenToItsOwnSocket) {
  map_.use(leased_ports({{5000, 1}}), now_);
  ASSERT_EQ(connect(40000), 5000);
  close(40000, 5000);
  pass(kTcpClosedLife + 1s);
  EXPECT_EQ(connect(40000), 5000);
  EXPECT_EQ(receive(5000, kServer, kTcpProtocol, kTcpAck), 40000);
}

TEST_F(FlowMapTest, SocketThatMeetsSomebodysEndedTupleGetsASecondPortForThatRemote) {
  map_.use(leased_ports({{5000, 2}}), now_);
  ASSERT_EQ(connect(40000), 5000);
  close(40000, 5000);
  pass(kTcpClosedLife + 1s);
  ASSERT_EQ(connect(5000, kOtherServer), 5000);
  EXPECT_EQ(connect(5000), 5001);
  EXPECT_EQ(receive(5001, kServer, kTcpProtocol, kTcpAck), 5000);
  EXPECT_EQ(receive(5000, kOtherServer, kTcpProtocol, kTcpAck), 5000);
}

TEST_F(FlowMapTest, RefusedConnectionLeavesNothingBehind) {
  map_.use(leased_ports({{5000, 1}}), now_);
  ASSERT_EQ(send(40000, kServer, kTcpProtocol, kTcpSyn), 5000);
  receive(5000, kServer, kTcpProtocol, kTcpRst);
  pass(kTcpResetLife + 1s);
  EXPECT_EQ(map_.flows(), 0U);
  EXPECT_EQ(connect(40001), 5000);
}

TEST_F(FlowMapTest, ResetWithoutAFlowTakesNoPort) {
  map_.use(leased_ports({{5000, 1}}), now_);
  EXPECT_EQ(why(send(40000, kServer, kTcpProtocol, kTcpRst)), DropReason::kNoFlow);
  EXPECT_EQ(map_.ports_in_use(), 0U);
}

// H-005: never from a port that is leased no more
TEST_F(FlowMapTest, NewTableEndsMappingsWhosePortIsGoneAndKeepsTheOthers) {
  map_.use(leased_ports({{5000, 2}}), now_);
  ASSERT_EQ(send(40000), 5000);
  ASSERT_EQ(send(40001), 5001);
  map_.use(leased_ports({{5001, 1}, {6000, 1}}), now_);
  EXPECT_EQ(why(receive(5000)), DropReason::kNoLease);
  EXPECT_EQ(receive(5001), 40001);
  EXPECT_EQ(send(40001), 5001);
  EXPECT_EQ(send(40000), 6000);
  EXPECT_EQ(map_.ports_in_use(), 2U);
}

// H-004, H-064: nothing leaves without a lease
TEST_F(FlowMapTest, EmptyTableEndsEverything) {
  map_.use(leased_ports({{5000, 2}}), now_);
  ASSERT_EQ(send(40000), 5000);
  map_.use({2, {}, {}, false}, now_);
  EXPECT_EQ(why(send(40000)), DropReason::kSourceNotLeased);
  EXPECT_EQ(map_.ports_in_use(), 0U);
  map_.use(leased_ports({{5000, 2}}), now_);
  EXPECT_EQ(why(receive(5000)), DropReason::kUnsolicited);
}

TEST_F(FlowMapTest, SeveralLeasesOfOneAddressAddUpAndAddressesStayApart) {
  FlowTable table = leased_ports({{5000, 1}});
  table.bindings.push_back({BindId{2}, kLocal, false, {{6000, 1}}});
  table.bindings.push_back({BindId{3}, ip("203.0.113.11"), false, {{7000, 1}}});
  map_.use(table, now_);
  EXPECT_EQ(send(40000), 5000);
  EXPECT_EQ(send(40001), 6000);
  EXPECT_EQ(why(send(40002)), DropReason::kNoFreePort);
  const FlowKey other{kUdpProtocol, ip("203.0.113.11"), 40000, kServer.address, kServer.port};
  EXPECT_EQ(map_.outbound(other, 0, now_), 7000);
}

TEST_F(FlowMapTest, LeaseThatTurnsIntoAllPortsStartsAfresh) {
  map_.use(leased_ports({{5000, 1}}), now_);
  ASSERT_EQ(send(40000), 5000);
  map_.use(leased_address(2), now_);
  EXPECT_EQ(map_.ports_in_use(), 0U);
  EXPECT_EQ(send(40000), 40000);
  map_.use(leased_ports({{5000, 1}}, true, 3), now_);
  EXPECT_EQ(send(40000), 5000);
}

TEST_F(FlowMapTest, LookUpsForIcmpErrorsKeepNothingAlive) {
  map_.use(leased_ports({{5000, 1}}), now_);
  ASSERT_EQ(send(40000), 5000);
  const FlowKey app{kUdpProtocol, kLocal, 40000, kServer.address, kServer.port};
  const FlowKey leased{kUdpProtocol, kLocal, 5000, kServer.address, kServer.port};
  now_ += kUdpLife - 1s;
  EXPECT_EQ(map_.leased_port(app, now_), 5000);
  EXPECT_EQ(map_.application_port(leased, now_), 40000);
  now_ += 1s;
  EXPECT_EQ(map_.leased_port(app, now_), std::nullopt);
  EXPECT_EQ(map_.application_port(leased, now_), std::nullopt);
}

TEST_F(FlowMapTest, NumberOfFlowsIsBounded) {
  map_.use(leased_ports({{5000, 1}}), now_);
  std::uint32_t remote = 1;
  FlowMap::Port port = 0;
  for (std::size_t i = 0; i < FlowMap::kMaxFlows; ++i) port = send(40000, {{remote++}, 53});
  EXPECT_EQ(port, 5000);
  EXPECT_EQ(why(send(40000, {{remote}, 53})), DropReason::kTooManyFlows);
  now_ += kUdpLife + 1s;
  for (std::size_t i = 0; i < 10 && map_.flows() > 0; ++i) map_.expire(now_);
  EXPECT_LE(map_.flows(), FlowMap::kMaxFlows - 640) << "each call ends some, not all";
  EXPECT_GT(map_.flows(), 0U);
  EXPECT_EQ(send(40000, {{remote}, 53}), 5000);
}

}  // namespace
}  // namespace rsip::agent
