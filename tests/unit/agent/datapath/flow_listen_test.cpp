#include "tests/unit/agent/datapath/flow_map_fixture.h"

namespace rsip::agent {
namespace {

using namespace rsip::fakes;
using namespace std::chrono_literals;

/// Ports 5000.. for flows from here, 8080 for a server on port 80.
class FlowListenTest : public FlowMapTest {
 protected:
  void SetUp() override { map_.use(served_, now_); }
  const FlowTable served_ = table_of({binding(1, {{5000, 4}}), listening(2, 8080, 80)});
};

TEST_F(FlowListenTest, ConnectionFromOutsideReachesTheServerAndIsAnsweredFromTheLeasedPort) {
  EXPECT_EQ(call(8080), 80);
  EXPECT_EQ(send(80, kServer, kTcpProtocol, kTcpSyn | kTcpAck), 8080);
  EXPECT_EQ(receive(8080, kServer, kTcpProtocol, kTcpAck), 80);
  EXPECT_EQ(receive(8080, kOtherServer), 80) << "UDP";
  EXPECT_EQ(send(80, kOtherServer), 8080);
  EXPECT_EQ(map_.ports_in_use(), 1U);
}

TEST_F(FlowListenTest, WithoutAServerPortTheNumbersAreTheSame) {
  map_.use(table_of({listening(2, 8080)}), now_);
  EXPECT_EQ(call(8080), 8080);
}

TEST_F(FlowListenTest, OnlyWhatBeginsSomethingIsLetIn) {
  for (const int flags :
       std::initializer_list<int>{kTcpAck, kTcpRst, kTcpFin | kTcpAck, kTcpSyn | kTcpAck,
                                  kTcpSyn | kTcpRst, kTcpSyn | kTcpFin, 0}) {
    EXPECT_EQ(why(receive(8080, kServer, kTcpProtocol, static_cast<std::uint8_t>(flags))),
              DropReason::kUnsolicited)
        << flags;
  }
  EXPECT_EQ(why(receive(8080, {kServer.address, 0}, kIcmpProtocol)), DropReason::kUnsolicited);
  EXPECT_EQ(why(call(5000)), DropReason::kUnsolicited);
  EXPECT_EQ(why(call(80)), DropReason::kNoLease);
  EXPECT_EQ(map_.flows(), 0U);
}

TEST_F(FlowListenTest, OnlyRemotesWithinTheScopeAreLetIn) {
  map_.use(table_of({listening(1, 8080, 80, only(kServer.address)),
                     listening(2, 8081, 81, only(kServer))}),
           now_);
  EXPECT_EQ(call(8080, {kServer.address, 1234}), 80);
  EXPECT_EQ(why(call(8080, kOtherServer)), DropReason::kNoLease);
  EXPECT_EQ(call(8081), 81);
  EXPECT_EQ(why(call(8081, {kServer.address, 1234})), DropReason::kNoLease);
}

TEST_F(FlowListenTest, FlowsFromHereNeverGetAListeningPort) {
  for (std::uint16_t i = 0; i < 4; ++i) {
    EXPECT_EQ(send(static_cast<std::uint16_t>(40000 + i)), 5000 + i);
  }
  EXPECT_EQ(why(send(40004)), DropReason::kNoFreePort);
  EXPECT_EQ(why(send(8080)), DropReason::kNoFreePort) << "not even its namesake";
}

// What a client learned of the server holds for others it talks to.
TEST_F(FlowListenTest, ServersOwnFlowsKeepTheListeningPort) {
  EXPECT_EQ(send(80, kOtherServer, kTcpProtocol, kTcpSyn), 8080);
  EXPECT_EQ(receive(8080, kOtherServer, kTcpProtocol, kTcpSyn | kTcpAck), 80);
  EXPECT_EQ(call(8080), 80);
  EXPECT_EQ(send(80, {kServer.address, 0}, kIcmpProtocol), 5000) << "an identifier is no server";
}

// H-158: with a whole address the agent lets flows in by itself.
TEST_F(FlowListenTest, PortOfAWholeAddressIsOpenedWithoutTheRest) {
  Binding whole{BindId{1}, kLocal, true, {}};
  Binding open = listening(1, 80, 8080);
  map_.use(table_of({whole, open}), now_);
  EXPECT_EQ(call(80), 8080);
  EXPECT_EQ(send(8080, kServer, kTcpProtocol, kTcpSyn | kTcpAck), 80);
  EXPECT_EQ(why(call(22)), DropReason::kUnsolicited);
  EXPECT_EQ(send(40000), 40000);
  EXPECT_TRUE(use_of(1).in_use);
  map_.use(table_of({whole}), now_);
  EXPECT_EQ(why(receive(80, kServer, kTcpProtocol, kTcpAck)), DropReason::kUnsolicited);
  EXPECT_EQ(send(40000), 40000);
}

// The stack has no way to tell them apart.
TEST_F(FlowListenTest, OneRemoteSocketCannotReachOneServerByTwoPortsAtOnce) {
  map_.use(table_of({listening(1, 8080, 80), listening(2, 8081, 80)}), now_);
  EXPECT_EQ(call(8080), 80);
  EXPECT_EQ(why(call(8081)), DropReason::kUnsolicited);
  EXPECT_EQ(call(8081, kOtherServer), 80);
  EXPECT_EQ(send(80, kServer, kTcpProtocol, kTcpSyn | kTcpAck), 8080);
  EXPECT_EQ(send(80, kOtherServer, kTcpProtocol, kTcpSyn | kTcpAck), 8081);
}

TEST_F(FlowListenTest, ServerWithTwoPortsUsesTheOneWhoseTupleDoesNotRest) {
  send(40000, kServer, kTcpProtocol, kTcpSyn);
  receive(5000, kServer, kTcpProtocol, kTcpSyn | kTcpAck);
  close(40000, 5000);
  for (const auto& [first, second] : {std::pair{5000, 8080}, std::pair{8080, 5000}}) {
    map_.use(table_of({listening(3, static_cast<std::uint16_t>(first), 80),
                       listening(4, static_cast<std::uint16_t>(second), 80)}),
             now_);
    EXPECT_EQ(send(80, kServer, kTcpProtocol, kTcpSyn), 8080);
  }
}

TEST_F(FlowListenTest, CallerMayCallAgainFromTheSamePort) {
  call(8080);
  send(80, kServer, kTcpProtocol, kTcpSyn | kTcpAck);
  receive(8080, kServer, kTcpProtocol, kTcpAck);
  close(80, 8080);
  EXPECT_EQ(call(8080), 80) << "at once";
  send(80, kServer, kTcpProtocol, kTcpRst);
  pass(kTcpResetLife + 1s);
  EXPECT_EQ(map_.flows(), 0U);
  EXPECT_EQ(call(8080), 80) << "and later";
}

TEST_F(FlowListenTest, ListeningEndsWithItsLeaseAndKeepsCallersWhileItRetires) {
  ASSERT_EQ(call(8080), 80);
  FlowTable retiring = served_;
  retiring.bindings[1].retiring = true;
  map_.use(retiring, now_);
  EXPECT_EQ(why(call(8080, kOtherServer)), DropReason::kUnsolicited);
  EXPECT_EQ(send(80, kServer, kTcpProtocol, kTcpSyn | kTcpAck), 8080);
  EXPECT_EQ(send(80, kOtherServer, kTcpProtocol, kTcpSyn), 5000) << "a new flow";
  map_.use(table_of({binding(1, {{5000, 4}})}), now_);
  EXPECT_EQ(why(receive(8080, kServer, kTcpProtocol, kTcpAck)), DropReason::kNoLease);
  EXPECT_EQ(map_.ports_in_use(), 1U);
}

TEST_F(FlowListenTest, FloodOfCallsLeavesRoomForFlowsFromHereAndForCallersThatAnswer) {
  const Endpoint friendly = at("192.0.2.1", 1000);
  ASSERT_EQ(call(8080, friendly), 80);
  send(80, friendly, kTcpProtocol, kTcpSyn | kTcpAck);
  ASSERT_EQ(receive(8080, friendly, kTcpProtocol, kTcpAck), 80);
  for (std::uint32_t i = 0; i < FlowMap::kMaxFlowsFromOutside + 1000; ++i) {
    ASSERT_EQ(call(8080, {{0x0B000000 + i}, 1000}), 80);
  }
  EXPECT_EQ(map_.flows(), FlowMap::kMaxFlowsFromOutside);
  EXPECT_EQ(receive(8080, friendly, kTcpProtocol, kTcpAck), 80);
  EXPECT_EQ(why(receive(8080, {{0x0B000000}, 1000}, kTcpProtocol, kTcpAck)),
            DropReason::kUnsolicited)
      << "the oldest made room";
  EXPECT_EQ(send(40000), 5000);
  for (Duration waited{}; waited <= kTcpOpeningLife + 1s; waited += 1s) pass(1s);
  for (std::uint32_t i = 0; i < 20; ++i) pass(Duration{});
  EXPECT_LT(map_.flows(), 3U);
  EXPECT_EQ(call(8080, kOtherServer), 80) << "the flood took nothing with it";
}

TEST_F(FlowListenTest, FlowsFromHereMakeNoRoomForCallsBeyondTheLimit) {
  for (std::uint32_t i = 0; i < FlowMap::kMaxFlows - 1; ++i) send(40000, {{0x0C000000 + i}, 53});
  EXPECT_EQ(call(8080), 80);
  EXPECT_EQ(call(8080, kOtherServer), 80) << "in the place of the one before";
  EXPECT_EQ(map_.flows(), FlowMap::kMaxFlows);
  EXPECT_EQ(send(40000, kServer), 5000) << "same";
  EXPECT_EQ(why(call(8080)), DropReason::kTooManyFlows);
}

}  // namespace
}  // namespace rsip::agent
