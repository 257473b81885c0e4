#include <gmock/gmock.h>

#include "tests/unit/agent/control/conversation.h"

// The session over UDP: repetition, silence, and the change to TCP.
namespace rsip::agent::test {
namespace {

using msg::ErrorCode;
using testing::Each;
using testing::IsEmpty;
using testing::SizeIs;

SessionSettings over_udp() {
  SessionSettings settings{kGateway};
  settings.first_wait = std::chrono::microseconds(12500);
  return settings;
}

// H-056, H-057, H-161: the bytes sent last once more, by a timer.
TEST(SessionOverUdp, SendsARequestAgainUntilItIsAnswered) {
  Conversation talk(over_udp());
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  talk.pass(milliseconds(12));
  EXPECT_THAT(talk.happened<SendAgain>(), IsEmpty());
  talk.pass(milliseconds(1));
  EXPECT_THAT(talk.happened<SendAgain>(), SizeIs(1));
  talk.pass(milliseconds(25));
  EXPECT_THAT(talk.happened<SendAgain>(), SizeIs(1));
  EXPECT_TRUE(talk.silent()) << "no new request, no new counter";
  talk.answer(msg::RegisterResponse{kClient, msg::LeaseTime(600), {}, {}, {}, {}});
  EXPECT_TRUE(talk.session.client());
  talk.sent<msg::AssignRequestRsapIp>();
  talk.pass(milliseconds(12));
  EXPECT_THAT(talk.happened<SendAgain>(), IsEmpty()) << "the waits begin anew";
}

// H-057, H-180: after the seventh wait back to the state before.
TEST(SessionOverUdp, GivesUpAfterSevenTransmissionsAndTriesAgainLater) {
  Conversation talk(over_udp());
  talk.link_up();
  talk.happened<OpenLink>();
  talk.pass(milliseconds(1587));
  EXPECT_THAT(talk.happened<SendAgain>(), SizeIs(6));
  EXPECT_EQ(talk.session.state(), SessionState::kRegistering);
  talk.pass(milliseconds(1));
  EXPECT_EQ(talk.session.state(), SessionState::kUnregistered);
  const auto problems = talk.happened<Problem>();
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_EQ(problems[0].error.kind, ErrorKind::kTimeout);
  EXPECT_THAT(talk.happened<CloseLink>(), SizeIs(1));
  talk.pass(milliseconds(1300));
  EXPECT_THAT(talk.happened<OpenLink>(), SizeIs(1));
}

// H-142, H-180: from assigned back to assigned, until the lease is over.
TEST(SessionOverUdp, KeepsItsLeasesWhileTheGatewayIsSilent) {
  Conversation talk(over_udp());
  talk.lease_block(seconds(1000));
  talk.pass_until_request();
  talk.sent<msg::ExtendRequest>();
  talk.pass(seconds(3));
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_EQ(talk.session.state(), SessionState::kAssigned);
}

// H-163: an answer that comes twice, or late.
TEST(SessionOverUdp, DiscardsASecondCopyOfAnAnswer) {
  Conversation talk(over_udp());
  talk.register_host();
  const auto first = talk.sent<msg::AssignRequestRsapIp>();
  auto grant = Conversation::granted(BindId{1}, {5000, 32});
  grant.trailer.counter = first.trailer.counter;
  talk.feed(Received{grant});
  talk.feed(PortsWanted{});
  talk.sent<msg::AssignRequestRsapIp>();
  talk.feed(Received{grant});
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_THAT(talk.happened<Problem>(), IsEmpty());
}

// H-163, H-165: the copy must not look like something the gateway says by itself.
TEST(SessionOverUdp, DoesNotLoseALeaseByALateCopyOfAFreeResponse) {
  Conversation talk(over_udp());
  talk.register_host();
  talk.sent<msg::AssignRequestRsapIp>();
  auto grant = Conversation::granted(BindId{1}, {0, 8});  // a lie, to be freed
  talk.answer(grant);
  const auto freed = talk.sent<msg::FreeRequest>();
  msg::FreeResponse response{kClient, BindId{1}, {}};
  talk.answer(response);
  talk.pass(seconds(2));
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{1}, {5000, 32});
  response.trailer.counter = freed.trailer.counter;
  talk.feed(Received{response});
  response.trailer.counter.reset();
  talk.feed(Received{response});
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
}

// H-059, H-060, H-182: not registered yet, so the transport is still open.
TEST(SessionOverUdp, ChangesToTcpWhenTheGatewayAsksForItBeforeTheRegistration) {
  Conversation talk(over_udp());
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  talk.happened<OpenLink>();
  talk.refuse(ErrorCode::kUseTcp);
  EXPECT_THAT(talk.happened<UseTcp>(), SizeIs(1));
  EXPECT_THAT(talk.happened<OpenLink>(), SizeIs(1));
  EXPECT_THAT(talk.happened<Problem>(), IsEmpty());
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  talk.pass(seconds(5));
  EXPECT_THAT(talk.happened<SendAgain>(), IsEmpty()) << "TCP is reliable";
  talk.answer(msg::RegisterResponse{kClient, msg::LeaseTime(600), {}, {}, {}, {}});
  EXPECT_TRUE(talk.session.client());
}

// H-019, H-059: the transport is frozen.
TEST(SessionOverUdp, StaysOnUdpWhenTheGatewayAsksForTcpTooLate) {
  Conversation talk(over_udp());
  talk.register_host();
  talk.sent<msg::AssignRequestRsapIp>();
  talk.refuse(ErrorCode::kUseTcp);
  EXPECT_THAT(talk.happened<UseTcp>(), IsEmpty());
  EXPECT_THAT(talk.happened<Problem>(), SizeIs(1));
}

// H-182: over TCP it makes no sense, and leads to no loop.
TEST(SessionOverUdp, TakesADemandForTcpOverTcpAsAFault) {
  Conversation talk;
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  talk.refuse(ErrorCode::kUseTcp);
  EXPECT_THAT(talk.happened<UseTcp>(), IsEmpty());
  EXPECT_THAT(talk.happened<Problem>(), SizeIs(1));
  EXPECT_TRUE(talk.silent());
}

// H-096, H-162: ten things wanted at once, and always one request at a time.
TEST(SessionOverUdp, NeverHasTwoRequestsOutstanding) {
  Conversation talk(over_udp());
  talk.policy.remote = msg::RemoteFlowPolicy::kMacro;
  talk.register_host();
  talk.answers_queries = false;
  for (std::uint32_t i = 0; i < 10; ++i) {
    talk.feed(PortsWanted{{{Ipv4Address{kPeer.value + i}, {}}}});
  }
  talk.feed(QueryWanted{{kPeer}, {}});
  talk.feed(ListenWanted{{80, {}, false, {kPeer, {}}}});
  std::uint32_t last = talk.sent<msg::AssignRequestRsapIp>().trailer.counter.value();
  EXPECT_TRUE(talk.silent());
  for (int requests = 1; requests < 12; ++requests) {
    talk.refuse(ErrorCode::kRemoteAddrUnallowed);
    const auto next = talk.sent<msg::Message>();
    const auto counter = std::visit([](const auto& m) { return m.trailer.counter; }, next);
    EXPECT_EQ(counter, ++last);
    EXPECT_TRUE(talk.silent());
  }
}

}  // namespace
}  // namespace rsip::agent::test
