#include <gmock/gmock.h>

#include "tests/unit/agent/control/conversation.h"

// Losing synchronisation without breaking flows, and what the gateway ends on purpose.
namespace rsip::agent::test {
namespace {

using msg::ErrorCode;
using testing::IsEmpty;
using testing::SizeIs;

/// The gateway has forgotten a host with bind 1, and the host knows.
Conversation forgotten() {
  Conversation talk;
  talk.lease_block();
  talk.feed(RenewWanted{});
  talk.sent<msg::ExtendRequest>();
  talk.refuse(ErrorCode::kRegisterFirst);
  return talk;
}

void register_again(Conversation& talk) {
  talk.sent<msg::DeRegisterRequest>();
  talk.refuse(ErrorCode::kRegisterFirst);
  talk.sent<msg::RegisterRequest>();
  talk.answer(msg::RegisterResponse{ClientId{8}, msg::LeaseTime(600), {}, {}, {}, {}});
}

// Section 10.2.2: the same ports may be back in a moment, so flows wait.
TEST(SessionResync, SuspendsWhatItAsksForAgainUntilItIsBack) {
  Conversation talk = forgotten();
  EXPECT_TRUE(talk.session.suspended());
  EXPECT_THAT(talk.session.leases(), IsEmpty());
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
  register_again(talk);
  EXPECT_TRUE(talk.session.suspended());
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local_ports, msg::Ports::contiguous({5000, 32}));
  talk.happened<LeasesChanged>();
  auto grant = Conversation::granted(BindId{4}, {5000, 32});
  grant.client = ClientId{8};
  talk.answer(grant);
  EXPECT_FALSE(talk.session.suspended());
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
}

TEST(SessionResync, EndsTheSuspensionWhenTheOldPortsAreRefused) {
  Conversation talk = forgotten();
  register_again(talk);
  talk.sent<msg::AssignRequestRsapIp>();
  talk.happened<LeasesChanged>();
  talk.refuse(ErrorCode::kLocalAddrportInuse);
  EXPECT_FALSE(talk.session.suspended());
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
}

TEST(SessionResync, EndsTheSuspensionAfterFifteenSeconds) {
  Conversation talk = forgotten();
  talk.happened<LeasesChanged>();
  talk.link_down();
  talk.pass(milliseconds(14900));
  EXPECT_TRUE(talk.session.suspended());
  talk.pass(milliseconds(200));
  EXPECT_FALSE(talk.session.suspended());
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
}

TEST(SessionResync, SuspendsABindThatTheGatewayHasForgotten) {
  Conversation talk;
  talk.lease_block();
  talk.feed(RenewWanted{});
  talk.sent<msg::ExtendRequest>();
  talk.refuse(ErrorCode::kBadBindId);
  EXPECT_TRUE(talk.session.suspended());
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{2}, {5000, 32});
  EXPECT_FALSE(talk.session.suspended());
}

// H-124, H-125, H-126: the gateway means it; nothing is used any more, and nothing is hoped for.
TEST(SessionResync, DoesNotSuspendWhatTheGatewayEndsOnPurpose) {
  Conversation talk;
  talk.lease_block();
  talk.tell(msg::DeRegisterResponse{kClient, {}});
  EXPECT_FALSE(talk.session.suspended());
  EXPECT_THAT(talk.session.leases(), IsEmpty());
  EXPECT_FALSE(talk.session.client());
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
}

// H-147: that bind, at once, whatever its lease says.
TEST(SessionResync, DoesNotSuspendABindThatTheGatewayFrees) {
  Conversation talk;
  talk.lease_block();
  talk.tell(msg::FreeResponse{kClient, BindId{1}, {}});
  EXPECT_FALSE(talk.session.suspended());
  EXPECT_THAT(talk.session.leases(), IsEmpty());
  EXPECT_TRUE(talk.session.client());
}

// H-064: a lease that is over is over.
TEST(SessionResync, DoesNotSuspendALeaseThatHasRunOut) {
  Conversation talk;
  talk.lease_block(seconds(100));
  talk.link_down();
  talk.pass(seconds(101));
  EXPECT_THAT(talk.session.leases(), IsEmpty());
  EXPECT_FALSE(talk.session.suspended());
}

/// Brings a fresh talk into one state.
struct State {
  const char* name;
  void (*reach)(Conversation&);
};

class InEveryState : public testing::TestWithParam<State> {};

// H-112, H-125, H-147: whatever the gateway says by itself, the session goes on and ends in order.
TEST_P(InEveryState, TheGatewayMaySayAnythingByItself) {
  using Say = void (*)(Conversation&);
  const Say sayings[] = {
      [](Conversation& talk) { talk.tell(msg::DeRegisterResponse{kClient, {}}); },
      [](Conversation& talk) { talk.tell(msg::FreeResponse{kClient, BindId{1}, {}}); },
      [](Conversation& talk) { talk.tell(msg::ErrorResponse{301, kClient, {}, {}}); },
      [](Conversation& talk) { talk.tell(msg::ErrorResponse{104, {}, {}, {}}); },
  };
  for (const Say say : sayings) {
    Conversation talk;
    GetParam().reach(talk);
    say(talk);
    talk.pass(minutes(1));
    talk.feed(Stop{});
    talk.pass(seconds(4));
    EXPECT_THAT(talk.happened<Finished>(), SizeIs(1));
    EXPECT_THAT(talk.session.leases(), IsEmpty());
  }
}

INSTANTIATE_TEST_SUITE_P(
    States, InEveryState,
    testing::Values(State{"Connecting", [](Conversation&) {}},
                    State{"Registering", [](Conversation& talk) { talk.link_up(); }},
                    State{"Assigning", [](Conversation& talk) { talk.register_host(); }},
                    State{"Assigned", [](Conversation& talk) { talk.lease_block(); }},
                    State{"Extending",
                          [](Conversation& talk) {
                            talk.lease_block();
                            talk.feed(RenewWanted{});
                          }},
                    State{"AssigningMore",
                          [](Conversation& talk) {
                            talk.lease_block();
                            talk.feed(PortsWanted{});
                          }},
                    State{"Freeing",
                          [](Conversation& talk) {
                            talk.register_host();
                            talk.sent<msg::AssignRequestRsapIp>();
                            talk.grant(BindId{5}, {0, 8});
                          }},
                    State{"Asking",
                          [](Conversation& talk) {
                            talk.answers_queries = false;
                            talk.lease_block();
                          }},
                    State{"DeRegistering",
                          [](Conversation& talk) {
                            talk.lease_block();
                            talk.tell(msg::ErrorResponse{301, kClient, {}, {}});
                          }},
                    State{"Down",
                          [](Conversation& talk) {
                            talk.lease_block();
                            talk.link_down();
                          }},
                    State{"Stopping",
                          [](Conversation& talk) {
                            talk.lease_block();
                            talk.feed(Stop{});
                          }}),
    [](const auto& state) { return std::string(state.param.name); });

// H-062, H-114: in that state there is nothing else to say.
TEST(SessionResync, SaysNothingButRegisterWhileItIsUnregistered) {
  Conversation talk;
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  talk.feed(PortsWanted{{{kPeer, 443}}});
  talk.feed(RenewWanted{});
  talk.feed(QueryWanted{{kPeer}, {}});
  talk.feed(ListenWanted{{80, {}, false, {}}});
  talk.feed(LeasesIdle{{BindId{1}}, {BindId{1}}});
  talk.feed(TunnelUnreachable{});
  EXPECT_TRUE(talk.silent());
  talk.refuse(ErrorCode::kUnknownError);
  talk.pass(seconds(2));
  talk.sent<msg::RegisterRequest>();
  EXPECT_TRUE(talk.silent());
}

// H-067, H-068: the registration lasts as long as the longest of what was granted.
TEST(SessionResync, IsRegisteredUntilTheLatestEndOfAllLeases) {
  Conversation talk({kGateway, msg::Method::kRsapIp, 8});
  talk.register_host(seconds(600));
  const TimePoint start = talk.now;
  EXPECT_EQ(talk.session.registered_until(), start + seconds(600));
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{1}, {5000, 8}, seconds(2000));
  EXPECT_EQ(talk.session.registered_until(), start + seconds(2000));
  talk.feed(PortsWanted{});
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{2}, {6000, 8}, seconds(100));
  EXPECT_EQ(talk.session.registered_until(), start + seconds(2000));
  talk.feed(RenewWanted{{BindId{2}}});
  talk.sent<msg::ExtendRequest>();
  talk.answer(msg::ExtendResponse{kClient, BindId{2}, msg::LeaseTime(3000), {}});
  EXPECT_EQ(talk.session.registered_until(), start + seconds(3000));
}

TEST(SessionResync, KeepsWhatFlowsWaitForThroughALossOfSynchronisation) {
  Conversation talk({kGateway, msg::Method::kRsapIp, 4});
  talk.policy.remote = msg::RemoteFlowPolicy::kMacro;
  talk.register_host();
  talk.feed(PortsWanted{{{kPeer, 443}}});
  talk.sent<msg::AssignRequestRsapIp>();
  talk.refuse(ErrorCode::kRegisterFirst);
  talk.sent<msg::DeRegisterRequest>();
  talk.refuse(ErrorCode::kRegisterFirst);
  talk.sent<msg::RegisterRequest>();
  talk.answer(msg::RegisterResponse{kClient, msg::LeaseTime(600), talk.policy, {}, {}, {}});
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().remote, msg::Address(kPeer));
}

}  // namespace
}  // namespace rsip::agent::test
