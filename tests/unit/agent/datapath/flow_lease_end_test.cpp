#include "tests/unit/agent/datapath/flow_map_fixture.h"

namespace rsip::agent {
namespace {

using namespace rsip::fakes;
using namespace std::chrono_literals;

/// Leases that are about to go, or are gone for a while.
class FlowLeaseEndTest : public FlowMapTest {
 protected:
  static FlowTable retiring(FlowTable table, std::size_t index = 0) {
    table.bindings[index].retiring = true;
    return table;
  }
  static FlowTable suspended(FlowTable table) {
    table.suspended = true;
    return table;
  }
  const FlowTable two_ = table_of({binding(1, {{5000, 1}}), binding(2, {{6000, 1}})});
};

TEST_F(FlowLeaseEndTest, RetiringBindingGetsNoFlowAndKeepsThoseItHas) {
  map_.use(two_, now_);
  ASSERT_EQ(send(40000), 5000);
  map_.use(retiring(two_), now_);
  EXPECT_EQ(send(40000), 5000);
  EXPECT_EQ(receive(5000), 40000);
  EXPECT_EQ(send(40000, kOtherServer), 6000) << "a new flow of the same socket";
  EXPECT_EQ(why(send(40001)), DropReason::kNoFreePort);
  EXPECT_TRUE(use_of(1).retiring);
  EXPECT_TRUE(use_of(1).in_use);
  EXPECT_FALSE(use_of(2).retiring);
}

TEST_F(FlowLeaseEndTest, BindingThatStaysAfterAllIsUsedAgain) {
  map_.use(retiring(two_), now_);
  EXPECT_EQ(send(40000), 6000);
  map_.use(two_, now_);
  EXPECT_EQ(send(40001), 5000);
}

TEST_F(FlowLeaseEndTest, RetiringWholeAddressGetsNoFlow) {
  FlowTable table = leased_address();
  map_.use(table, now_);
  ASSERT_EQ(send(40000), 40000);
  map_.use(retiring(table), now_);
  EXPECT_EQ(send(40000), 40000);
  EXPECT_EQ(why(send(40001)), DropReason::kNoFreePort);
}

TEST_F(FlowLeaseEndTest, NewBindingIsIdleFromWhenItCame) {
  map_.use(two_, now_);
  pass(10s);
  EXPECT_FALSE(use_of(1).in_use);
  EXPECT_EQ(use_of(1).idle, 10s);
  FlowTable more = two_;
  more.bindings.push_back(binding(3, {{7000, 1}}));
  map_.use(retiring(more), now_);
  pass(5s);
  EXPECT_EQ(use_of(1).idle, 15s) << "to retire is not to begin anew";
  EXPECT_EQ(use_of(3).idle, 5s);
}

// H-036, A-18: the tuple of a connection rests for two minutes before its lease may go back.
TEST_F(FlowLeaseEndTest, BindingIsInUseUntilItsLastConnectionHasRested) {
  map_.use(two_, now_);
  ASSERT_EQ(connect(40000), 5000);
  close(40000, 5000);
  const TimePoint ends = now_ + kTcpClosedLife + kTimeWait;
  map_.use(retiring(two_), now_);
  for (; now_ < ends - 1s; pass(1s)) ASSERT_TRUE(use_of(1).in_use);
  pass(11s);
  EXPECT_FALSE(use_of(1).in_use);
  EXPECT_EQ(use_of(1).idle, 10s);
}

// H-036, A-18: of a question to a name server as well, though its port is free much earlier.
TEST_F(FlowLeaseEndTest, BindingIsInUseForTwoMinutesAfterTheLastPacketOfAShortFlow) {
  map_.use(table_of({binding(1, {{5000, 1}})}), now_);
  const Endpoint resolver{kServer.address, 53};
  ASSERT_EQ(send(40000, resolver), 5000);
  ASSERT_EQ(receive(5000, resolver), 40000);
  pass(kDnsAnsweredLife + 1s);
  EXPECT_EQ(send(40001, resolver), 5000) << "other sockets need not wait";
  ASSERT_EQ(receive(5000, resolver), 40001);
  const TimePoint last = now_;
  pass(kTimeWait - 1s);
  EXPECT_EQ(map_.flows(), 0U);
  EXPECT_TRUE(use_of(1).in_use);
  pass(2s);
  EXPECT_FALSE(use_of(1).in_use);
  EXPECT_EQ(use_of(1).idle, now_ - (last + kTimeWait));
}

// H-036: a UDP flow that ends has been silent for two minutes or more already.
TEST_F(FlowLeaseEndTest, BindingOfASilentUdpFlowNeedsNoFurtherRest) {
  map_.use(two_, now_);
  send(40000);
  pass(kUdpLife - 1s);
  EXPECT_TRUE(use_of(1).in_use);
  pass(2s);
  EXPECT_FALSE(use_of(1).in_use);
  EXPECT_EQ(use_of(1).idle, 1s);
}

// H-048: nobody closed it, so somebody may still need it.
TEST_F(FlowLeaseEndTest, IdleButOpenConnectionKeepsItsBindingInUse) {
  map_.use(two_, now_);
  ASSERT_EQ(connect(40000), 5000);
  map_.use(retiring(two_), now_);
  pass(2h);
  EXPECT_TRUE(use_of(1).in_use);
  EXPECT_EQ(receive(5000, kServer, kTcpProtocol, kTcpAck), 40000);
}

TEST_F(FlowLeaseEndTest, SuspendedFlowWaitsForItsPortAndGoesOnWhenItIsBack) {
  map_.use(two_, now_);
  ASSERT_EQ(connect(40000), 5000);
  map_.use(suspended(table_of({})), now_);
  EXPECT_EQ(why(send(40000, kServer, kTcpProtocol, kTcpAck)), DropReason::kNoFreePort);
  EXPECT_EQ(why(receive(5000, kServer, kTcpProtocol, kTcpAck)), DropReason::kNoLease);
  EXPECT_EQ(why(send(40001)), DropReason::kNoFreePort);
  const FlowKey app{kTcpProtocol, kLocal, 40000, kServer.address, kServer.port};
  EXPECT_EQ(map_.leased_port(app, now_), std::nullopt);
  pass(30s);
  map_.use(table_of({binding(9, {{5000, 1}})}), now_);
  EXPECT_EQ(send(40000, kServer, kTcpProtocol, kTcpAck), 5000);
  EXPECT_EQ(receive(5000, kServer, kTcpProtocol, kTcpAck), 40000);
  EXPECT_EQ(why(send(40001, kServer, kTcpProtocol, kTcpSyn)), DropReason::kNoFreePort)
      << "the port is still taken";
  EXPECT_TRUE(use_of(9).in_use);
}

TEST_F(FlowLeaseEndTest, LeasesMayComeBackOneAfterTheOther) {
  map_.use(two_, now_);
  ASSERT_EQ(send(40000), 5000);
  ASSERT_EQ(send(40001), 6000);
  map_.use(suspended(table_of({})), now_);
  map_.use(suspended(table_of({binding(7, {{6000, 1}})})), now_);
  EXPECT_EQ(send(40001), 6000);
  EXPECT_EQ(why(send(40000)), DropReason::kNoFreePort);
  map_.use(table_of({binding(7, {{6000, 1}}), binding(8, {{5000, 1}})}), now_);
  EXPECT_EQ(send(40000), 5000);
}

TEST_F(FlowLeaseEndTest, SuspendedFlowEndsIfItsPortDoesNotComeBack) {
  map_.use(two_, now_);
  ASSERT_EQ(send(40000), 5000);
  map_.use(suspended(table_of({})), now_);
  map_.use(table_of({binding(9, {{5001, 1}})}), now_);
  EXPECT_EQ(map_.flows(), 0U);
  EXPECT_EQ(send(40000), 5001);
}

TEST_F(FlowLeaseEndTest, SuspendedFlowEndsWithItsAddress) {
  map_.use(two_, now_);
  ASSERT_EQ(send(40000), 5000);
  map_.use(suspended(table_of({})), now_);
  Binding elsewhere = binding(9, {{5000, 1}});
  elsewhere.local = ip("203.0.113.11");
  map_.use(table_of({elsewhere}), now_);
  EXPECT_EQ(map_.flows(), 0U);
  EXPECT_EQ(why(send(40000)), DropReason::kSourceNotLeased);
}

TEST_F(FlowLeaseEndTest, SuspendedFlowMayEndByItself) {
  map_.use(two_, now_);
  send(40000);
  map_.use(suspended(table_of({})), now_);
  pass(kUdpLife + 1s);
  EXPECT_EQ(map_.flows(), 0U);
  EXPECT_EQ(map_.ports_in_use(), 0U);
  map_.use(two_, now_);
  EXPECT_EQ(send(40001), 5000);
}

TEST_F(FlowLeaseEndTest, WholeAddressAndListeningPortAreSuspendedAsWell) {
  FlowTable table = leased_address();
  table.bindings.push_back(listening(2, 80, 8080));
  map_.use(table, now_);
  ASSERT_EQ(send(40000), 40000);
  ASSERT_EQ(call(80), 8080);
  FlowTable none = table;
  none.bindings.clear();
  map_.use(suspended(none), now_);
  EXPECT_EQ(why(send(40000)), DropReason::kNoFreePort);
  EXPECT_EQ(why(send(0, {kServer.address, 0}, 50)), DropReason::kNoFreePort) << "ESP";
  EXPECT_EQ(why(call(80, kOtherServer)), DropReason::kNoLease);
  map_.use(table, now_);
  EXPECT_EQ(receive(40000), 40000);
  EXPECT_EQ(send(8080, kServer, kTcpProtocol, kTcpSyn | kTcpAck), 80);
}

TEST_F(FlowLeaseEndTest, NewBindIdForTheSamePortsEndsNothing) {
  map_.use(two_, now_);
  ASSERT_EQ(send(40000), 5000);
  map_.use(table_of({binding(3, {{6000, 1}}), binding(4, {{5000, 1}})}), now_);
  EXPECT_EQ(send(40000), 5000);
  EXPECT_TRUE(use_of(4).in_use);
  EXPECT_FALSE(use_of(3).in_use);
}

TEST_F(FlowLeaseEndTest, TwoBindingsWithOneBindIdAreReportedAsOne) {
  map_.use(table_of({binding(1, {{5000, 1}}), listening(1, 8080)}), now_);
  ASSERT_EQ(call(8080), 8080);
  UseReport report;
  report.write(map_.bindings());
  ASSERT_EQ(report.read(now_).size(), 1U);
  EXPECT_TRUE(report.read(now_)[0].in_use);
}

}  // namespace
}  // namespace rsip::agent
