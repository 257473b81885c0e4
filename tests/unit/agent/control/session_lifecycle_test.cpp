#include <gmock/gmock.h>

#include "tests/unit/agent/control/conversation.h"

// From the first connection to giving everything back.
namespace rsip::agent::test {
namespace {

using msg::ErrorCode;
using testing::ElementsAre;
using testing::SizeIs;

// H-114: first of all.
TEST(Session, OpensTheLinkAndRegistersWhenItIsUp) {
  Conversation talk;
  EXPECT_THAT(talk.happened<OpenLink>(), SizeIs(1));
  EXPECT_EQ(talk.session.state(), SessionState::kConnecting);
  talk.link_up();
  EXPECT_EQ(talk.sent<msg::RegisterRequest>().trailer.counter, 1U);
  EXPECT_EQ(talk.session.state(), SessionState::kRegistering);
}

TEST(Session, AsksForABlockOfPortsOfAnyAddressOnceRegistered) {
  Conversation talk({kGateway, msg::Method::kRsapIp, 16});
  talk.register_host();
  EXPECT_EQ(talk.session.state(), SessionState::kAssigning);
  const auto request = talk.sent<msg::AssignRequestRsapIp>();
  EXPECT_EQ(request.client, kClient);
  EXPECT_EQ(request.local, msg::Address(msg::DontCare{}));
  EXPECT_EQ(request.local_ports, msg::Ports::dont_care(16));
  EXPECT_EQ(request.remote, msg::Address(msg::DontCare{}));
  EXPECT_EQ(request.lease, msg::LeaseTime(1800));
  EXPECT_EQ(request.trailer.counter, 2U);
}

// H-003, H-053: the other method.
TEST(Session, AsksForAWholeAddressWithRsaIp) {
  Conversation talk({kGateway, msg::Method::kRsaIp});
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  talk.answer(
      msg::RegisterResponse{kClient, msg::LeaseTime(600), {}, {msg::Method::kRsaIp}, {}, {}});
  const auto request = talk.sent<msg::AssignRequestRsaIp>();
  EXPECT_EQ(request.local, msg::Address(msg::DontCare{}));
  talk.answer(msg::AssignResponseRsaIp{kClient,
                                       BindId{3},
                                       kPublic,
                                       msg::DontCare{},
                                       msg::Ports::dont_care(1),
                                       msg::LeaseTime(600),
                                       msg::TunnelType::kIpIp,
                                       {},
                                       {}});
  ASSERT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_TRUE(talk.session.leases()[0].ports.empty());
  EXPECT_FALSE(talk.session.may_grow());
}

// H-139: what is granted counts.
TEST(Session, HoldsTheGrantedPortsEvenIfTheyAreNotTheSuggestedOnes) {
  Conversation talk;
  talk.register_host();
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{1}, {5000, 8});
  EXPECT_EQ(talk.session.state(), SessionState::kAssigned);
  ASSERT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_EQ(talk.session.leases()[0].local, kPublic);
  EXPECT_EQ(talk.session.leases()[0].ports, (std::vector<PortRange>{{5000, 8}}));
  EXPECT_THAT(talk.happened<LeaseGranted>(), SizeIs(1));
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
  EXPECT_TRUE(talk.silent());
}

// H-067, H-143: the gateway cannot have counted from earlier.
TEST(Session, CountsALeaseFromWhenItsRequestLeft) {
  Conversation talk;
  talk.register_host();
  talk.sent<msg::AssignRequestRsapIp>();
  const TimePoint asked = talk.now;
  talk.now += seconds(3);
  talk.grant(BindId{1}, {5000, 8}, seconds(600));
  EXPECT_EQ(talk.session.leases()[0].expires_at, asked + seconds(600));
}

// H-004, H-122: before, not after.
TEST(Session, StopsUsingTheLeasesBeforeItGivesThemBack) {
  Conversation talk;
  talk.lease_block();
  talk.feed(Stop{});
  EXPECT_TRUE(talk.session.leases().empty());
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{1});
  talk.answer(msg::FreeResponse{kClient, BindId{1}, {}});
  EXPECT_EQ(talk.sent<msg::DeRegisterRequest>().client, kClient);
  talk.answer(msg::DeRegisterResponse{kClient, {}});
  EXPECT_THAT(talk.journal(),
              ElementsAre("leases changed", "FREE_REQUEST", "DE-REGISTER_REQUEST", "finished"));
}

TEST(Session, DeRegistersWhatItFindsRegisteredWhileItStops) {
  Conversation talk;
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  talk.feed(Stop{});
  talk.answer(msg::ErrorResponse{302, ClientId{55}, {}, {}});
  EXPECT_EQ(talk.sent<msg::DeRegisterRequest>().client, ClientId{55});
}

TEST(Session, EndsWhateverTheAnswerToItsDeRegistrationNames) {
  Conversation talk;
  talk.register_host();
  talk.sent<msg::AssignRequestRsapIp>();
  talk.refuse(ErrorCode::kLocalAddrUnavailable);
  talk.feed(Stop{});
  talk.sent<msg::DeRegisterRequest>();
  talk.answer(msg::DeRegisterResponse{ClientId{999}, {}});
  EXPECT_THAT(talk.happened<Finished>(), SizeIs(1));
}

TEST(Session, FreesALeaseThatIsGrantedWhileItStops) {
  Conversation talk;
  talk.register_host();
  talk.sent<msg::AssignRequestRsapIp>();
  talk.feed(Stop{});
  EXPECT_TRUE(talk.silent());
  talk.grant(BindId{9}, {5000, 8});
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{9});
  EXPECT_TRUE(talk.session.leases().empty());
}

TEST(Session, EndsWithinThreeSecondsIfTheGatewayIsSilentWhenItStops) {
  Conversation talk;
  talk.lease_block();
  talk.feed(Stop{});
  talk.pass(milliseconds(2900));
  EXPECT_THAT(talk.happened<Finished>(), SizeIs(0));
  talk.pass(milliseconds(200));
  EXPECT_THAT(talk.happened<Finished>(), SizeIs(1));
}

TEST(Session, EndsAtOnceIfThereIsNoLinkWhenItStops) {
  Conversation talk;
  talk.feed(Stop{});
  EXPECT_THAT(talk.happened<Finished>(), SizeIs(1));
  EXPECT_EQ(talk.session.next_deadline(), TimePoint::max());
}

TEST(Session, SaysNothingMoreOnceItHasFinished) {
  Conversation talk;
  talk.feed(Stop{});
  talk.link_up();
  talk.pass(minutes(10));
  EXPECT_TRUE(talk.silent());
}

// H-123: nothing to de-register before the gateway has registered us.
TEST(Session, DoesNotDeRegisterBeforeItIsRegistered) {
  Conversation talk;
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  talk.feed(Stop{});
  talk.refuse(msg::ErrorCode::kRegistrationDenied);
  talk.pass(seconds(10));
  EXPECT_TRUE(talk.silent());
  EXPECT_EQ(talk.happened<Finished>().size(), 1U);
}

// H-063, H-069, H-115, A-09: nothing extends a registration without binds, so it is replaced in
// time.
TEST(Session, ReplacesARegistrationWithoutLeasesShortlyBeforeItRunsOut) {
  Conversation talk;
  talk.register_host(seconds(60));
  const TimePoint registered = talk.now;
  int assigns = 0;
  bool ended = false;
  while (!ended && talk.now < registered + minutes(5)) {
    talk.pass(milliseconds(100));
    while (!talk.silent() && !ended) {
      ended = std::holds_alternative<msg::DeRegisterRequest>(talk.sent<msg::Message>());
      if (!ended) talk.refuse(ErrorCode::kLocalAddrUnavailable);
      assigns += ended ? 0 : 1;
    }
  }
  EXPECT_GE(talk.now, registered + seconds(55));
  EXPECT_LT(talk.now, registered + seconds(60));
  EXPECT_GE(assigns, 4);
  EXPECT_LE(assigns, 8) << "less and less often";
  talk.answer(msg::DeRegisterResponse{kClient, {}});
  talk.sent<msg::RegisterRequest>();
}

// H-063: with a gateway that answers nothing more, the host falls back by itself.
TEST(Session, IsUnregisteredWhenItsRegistrationHasRunOut) {
  Conversation talk;
  talk.register_host(seconds(60));
  talk.link_down();
  talk.pass(seconds(59));
  EXPECT_TRUE(talk.session.client());
  talk.pass(seconds(2));
  EXPECT_FALSE(talk.session.client());
}

// H-122: the gateway deletes all binds of a host that de-registers.
TEST(Session, DeRegistersAtOnceIfThereAreManyLeasesToGiveBack) {
  Conversation talk({kGateway, msg::Method::kRsapIp, 4});
  talk.register_host();
  for (std::uint32_t bind = 1; bind <= 20; ++bind) {
    talk.feed(PortsWanted{});
    talk.sent<msg::AssignRequestRsapIp>();
    talk.grant(BindId{bind}, {static_cast<std::uint16_t>(5000 + 4 * bind), 4});
  }
  talk.journal();
  talk.feed(Stop{});
  EXPECT_THAT(talk.journal(), ElementsAre("leases changed", "DE-REGISTER_REQUEST"));
}

}  // namespace
}  // namespace rsip::agent::test
