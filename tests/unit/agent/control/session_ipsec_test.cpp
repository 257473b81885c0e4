#include <gmock/gmock.h>

#include "tests/unit/agent/control/ipsec_talk.h"

// Leases of SPIs for IPsec (RFC 3104).
namespace rsip::agent::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Ipv4Address kOtherPeer{0xC6336402};

// H-223, H-224, H-225, H-227: one message for the address that is leased already and for SPIs, with
// the ports that IKE and transport mode need.
TEST(SessionIpsec, AsksForSpisOfTheLeasedAddressInOneMessage) {
  IpsecTalk talk;
  talk.lease_ports();
  const auto request = talk.sent<msg::AssignRequestRsipsec>();
  EXPECT_EQ(request.local, msg::Address(kPublic));
  EXPECT_EQ(request.local_ports, msg::Ports::dont_care(16));
  EXPECT_EQ(request.remote, msg::Address(msg::DontCare{}));
  EXPECT_EQ(request.remote_ports, msg::Ports::dont_care(1));
  EXPECT_EQ(request.spis, msg::Spis::dont_care(8));
  EXPECT_EQ(request.lease, msg::LeaseTime(1800));
  EXPECT_EQ(request.tunnel, msg::TunnelType::kIpIp);
}

// H-222, H-228
TEST(SessionIpsec, HoldsWhatIsGranted) {
  IpsecTalk talk;
  talk.lease_ports();
  talk.sent<msg::AssignRequestRsipsec>();
  talk.answer(granted_spis(
      BindId{2},
      msg::Spis::listed({0x2000, 0x2001, 0x2002, 0x2003, 0x3000, 0x3001, 0x3002, 0x3003}),
      msg::Ports::contiguous({6000, 16})));
  ASSERT_NE(talk.lease(2), nullptr);
  EXPECT_EQ(talk.lease(2)->spis, (std::vector<SpiRange>{{0x2000, 4}, {0x3000, 4}}));
  EXPECT_EQ(talk.lease(2)->ports, (std::vector<PortRange>{{6000, 16}}));
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
  EXPECT_TRUE(talk.silent());
}

// H-224: nothing but "don't need"
TEST(SessionIpsec, WithoutPortsItSaysThatNoneAreNeeded) {
  SessionSettings settings = ipsec_settings();
  settings.ipsec.ports = 0;
  IpsecTalk talk(settings);
  talk.lease_ports();
  EXPECT_EQ(talk.sent<msg::AssignRequestRsipsec>().local_ports, msg::Ports::dont_need());
  talk.answer(granted_spis(BindId{2}, msg::Spis::contiguous(0x1000, 8)));
  EXPECT_NE(talk.lease(2), nullptr);
  EXPECT_TRUE(talk.silent());
}

TEST(SessionIpsec, SuggestsThePortsThatADaemonHasAndTakesOthers) {
  SessionSettings settings = ipsec_settings();
  settings.ipsec.first_port = 40000;
  IpsecTalk talk(settings);
  talk.lease_ports();
  EXPECT_EQ(talk.sent<msg::AssignRequestRsipsec>().local_ports,
            msg::Ports::contiguous({40000, 16}));
  talk.refuse(msg::ErrorCode::kLocalAddrportInuse);
  EXPECT_EQ(talk.sent<msg::AssignRequestRsipsec>().local_ports, msg::Ports::dont_care(16));
  talk.refuse(msg::ErrorCode::kLocalAddrportUnavailable);
  EXPECT_EQ(talk.sent<msg::AssignRequestRsipsec>().local_ports, msg::Ports::dont_care(8));
  EXPECT_THAT(talk.happened<Problem>(), IsEmpty());
}

TEST(SessionIpsec, WithoutTheWishOrWithAWholeAddressThereIsNothingToAskFor) {
  Conversation without;
  without.lease_block();
  EXPECT_TRUE(without.silent());
  without.feed(SpisWanted{});
  EXPECT_THAT(without.happened<SpisRefused>(), SizeIs(1));

  SessionSettings settings = ipsec_settings();
  settings.method = msg::Method::kRsaIp;
  IpsecTalk whole(settings);
  whole.register_with({msg::Method::kRsaIp, msg::Method::kRsipsec});
  whole.sent<msg::AssignRequestRsaIp>();
  whole.answer(msg::AssignResponseRsaIp{kClient,
                                        BindId{1},
                                        kPublic,
                                        msg::DontCare{},
                                        msg::Ports::dont_care(1),
                                        msg::LeaseTime(1800),
                                        msg::TunnelType::kIpIp,
                                        {},
                                        {}});
  EXPECT_TRUE(whole.silent());
  whole.feed(SpisWanted{});
  EXPECT_THAT(whole.refusal().message, HasSubstr("rsa-ip"));
}

// H-218: not announced: one probe, whose 208 is told once and disturbs nothing.
TEST(SessionIpsec, AGatewayThatDoesNotAnnounceItIsAskedOnce) {
  for (const auto code : {msg::ErrorCode::kUnsupportedMessage, msg::ErrorCode::kIllegalMessage,
                          msg::ErrorCode::kIllegalParam, msg::ErrorCode::kBadMessage}) {
    IpsecTalk talk;
    talk.register_with({});
    talk.sent<msg::AssignRequestRsapIp>();
    talk.grant(BindId{1}, {5000, 32});
    talk.sent<msg::AssignRequestRsipsec>();
    talk.refuse(code);
    const auto problems = talk.happened<Problem>();
    ASSERT_THAT(problems, SizeIs(1));
    EXPECT_THAT(problems[0].error.message, HasSubstr("does not offer IPsec"));
    EXPECT_FALSE(problems[0].fatal_for_start);
    talk.feed(SpisWanted{});
    EXPECT_THAT(talk.refusal().message, HasSubstr("does not offer IPsec"));
    talk.pass(minutes(10));
    EXPECT_TRUE(talk.silent());
    EXPECT_THAT(talk.session.leases(), SizeIs(1));
    talk.feed(PortsWanted{{RemoteScope{}}});
    EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().tunnel, msg::TunnelType::kIpIp)
        << "the others are asked for as before";
  }
}

/// Requests for SPIs within so long to a gateway that ends the connection at each.
int requests_to_one_that_hangs_up(std::vector<msg::Method> methods, Duration span) {
  IpsecTalk talk;
  talk.register_with(std::move(methods));
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{1}, {5000, 32}, minutes(600));
  int probes = 0;
  for (const TimePoint end = talk.now + span; talk.now < end; talk.pass(seconds(1))) {
    while (!talk.silent()) {
      const auto request = talk.sent<msg::Message>();
      if (const auto* extend = std::get_if<msg::ExtendRequest>(&request)) {
        talk.answer(msg::ExtendResponse{kClient, extend->bind, msg::LeaseTime(36000), {}});
      } else {
        ++probes;
        talk.link_down();
      }
    }
    if (!talk.happened<OpenLink>().empty()) talk.link_up();
  }
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
  return probes;
}

// H-218: what is not known to the gateway need not be answered at all.
TEST(SessionIpsec, AGatewayThatHangsUpAtItIsLeftAloneWithIt) {
  EXPECT_EQ(requests_to_one_that_hangs_up({}, minutes(10)), 3);
}

// H-218: one that announces it may be in trouble for a while.
TEST(SessionIpsec, AGatewayThatHangsUpThoughItKnowsItIsAskedNowAndThen) {
  const int requests =
      requests_to_one_that_hangs_up({msg::Method::kRsapIp, msg::Method::kRsipsec}, minutes(60));
  EXPECT_GE(requests, 3 + 10);
  EXPECT_LE(requests, 3 + 12);
}

// H-234
TEST(SessionIpsec, UnallowedIsTheEndOfAsking) {
  IpsecTalk talk;
  talk.lease_ports();
  talk.sent<msg::AssignRequestRsipsec>();
  talk.refuse(msg::ErrorCode::kIpsecUnallowed);
  const auto problems = talk.happened<Problem>();
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_EQ(problems[0].error.kind, ErrorKind::kDenied);
  EXPECT_THAT(problems[0].error.message, HasSubstr("401"));
  talk.pass(minutes(10));
  EXPECT_TRUE(talk.silent());
  talk.feed(SpisWanted{});
  EXPECT_THAT(talk.refusal().message, HasSubstr("401"));
}

// H-235: half of them, later
TEST(SessionIpsec, WhenSpisRunOutItAsksForFewerWithPauses) {
  IpsecTalk talk;
  talk.lease_ports();
  for (const std::uint16_t count : std::initializer_list<std::uint16_t>{8, 4, 2, 1, 1}) {
    EXPECT_EQ(talk.sent<msg::AssignRequestRsipsec>().spis, msg::Spis::dont_care(count));
    talk.refuse(msg::ErrorCode::kIpsecSpiUnavailable);
    EXPECT_TRUE(talk.silent()) << "not at once";
    talk.pass_until_request();
  }
  EXPECT_THAT(talk.happened<Problem>(), SizeIs(2)) << "not while there is less to ask for";
}

// H-236, H-216: an SPI that somebody has, asked for as it was before
TEST(SessionIpsec, WhenALostSpiIsInUseAnyOtherWillDo) {
  IpsecTalk talk;
  talk.lease_spis();
  talk.feed(RenewWanted{{BindId{2}}});
  talk.sent<msg::ExtendRequest>();
  talk.answer(msg::ErrorResponse{306, kClient, BindId{2}, {}});
  EXPECT_TRUE(talk.session.suspended());
  const auto as_it_was = talk.sent<msg::AssignRequestRsipsec>();
  EXPECT_EQ(as_it_was.local, msg::Address(kPublic));
  EXPECT_EQ(as_it_was.spis, msg::Spis::contiguous(0x1000, 8));
  EXPECT_EQ(as_it_was.local_ports, msg::Ports::contiguous({6000, 16}));
  talk.refuse(msg::ErrorCode::kIpsecSpiInuse);
  EXPECT_FALSE(talk.session.suspended());
  EXPECT_EQ(talk.sent<msg::AssignRequestRsipsec>().spis, msg::Spis::dont_care(8));
}

// H-236: exactly one and no other: the daemon has chosen already
TEST(SessionIpsec, ExactlyThatOneOrNone) {
  IpsecTalk talk;
  talk.lease_spis();
  talk.feed(SpisWanted{1, 0xC0001234, {}, {}});
  const auto request = talk.sent<msg::AssignRequestRsipsec>();
  EXPECT_EQ(request.spis, msg::Spis::contiguous(0xC0001234, 1));
  EXPECT_EQ(request.local_ports, msg::Ports::dont_need());
  EXPECT_EQ(request.local, msg::Address(kPublic));
  talk.refuse(msg::ErrorCode::kIpsecSpiInuse);
  EXPECT_EQ(talk.refusal().kind, ErrorKind::kInUse);
  talk.pass(minutes(1));
  EXPECT_TRUE(talk.silent());

  talk.feed(SpisWanted{1, 0xC0001235, {}, {}});
  talk.sent<msg::AssignRequestRsipsec>();
  talk.answer(granted_spis(BindId{3}, msg::Spis::contiguous(0xC0001235, 1)));
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
  EXPECT_THAT(talk.happened<SpisRefused>(), IsEmpty());
  talk.feed(SpisWanted{1, 0xC0001235, {}, {}});
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1)) << "it is leased already";
  EXPECT_TRUE(talk.silent());
}

// H-216: the daemon asks for one that was lost, and is on its way back already.
TEST(SessionIpsec, WhatComesBackAnswersThoseWhoWaitForIt) {
  IpsecTalk talk;
  talk.lease_spis();
  talk.now = talk.lease(2)->renew_at;
  talk.feed(Tick{});
  while (talk.sent<msg::ExtendRequest>().bind != BindId{2}) {
    talk.answer(msg::ExtendResponse{kClient, BindId{1}, msg::LeaseTime(1800), {}});
  }
  talk.refuse(msg::ErrorCode::kBadBindId);
  talk.sent<msg::AssignRequestRsipsec>();
  talk.feed(SpisWanted{1, 0x1003, {}, {}});
  talk.forget_events();
  talk.answer(granted_spis(BindId{3}, msg::Spis::contiguous(0x1000, 8),
                           msg::Ports::contiguous({6000, 16})));
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
  EXPECT_TRUE(talk.silent());
}

// H-216, H-238
TEST(SessionIpsec, GrowsUpToTheLimit) {
  IpsecTalk talk;
  talk.lease_spis();
  talk.feed(SpisWanted{6, {}, {}, {}});
  talk.feed(SpisWanted{6, {}, {}, {}});
  EXPECT_EQ(talk.sent<msg::AssignRequestRsipsec>().spis, msg::Spis::dont_care(6));
  talk.answer(granted_spis(BindId{3}, msg::Spis::contiguous(0x2000, 6)));
  EXPECT_TRUE(talk.silent()) << "the second was the first once more";
  talk.feed(SpisWanted{6, {}, {}, {}});
  EXPECT_EQ(talk.sent<msg::AssignRequestRsipsec>().spis, msg::Spis::dont_care(2)) << "what is left";
  talk.answer(granted_spis(BindId{4}, msg::Spis::contiguous(0x3000, 2)));
  talk.feed(SpisWanted{});
  EXPECT_EQ(talk.refusal().kind, ErrorKind::kNoResources);
  EXPECT_TRUE(talk.silent());
}

// H-216, H-238: what was lost is asked for again, so its place is taken
TEST(SessionIpsec, WhatIsAskedForAgainCountsForTheLimit) {
  IpsecTalk talk;
  talk.lease_spis();
  talk.feed(SpisWanted{8, {}, {}, {}});
  talk.sent<msg::AssignRequestRsipsec>();
  talk.answer(granted_spis(BindId{3}, msg::Spis::contiguous(0x2000, 8)));
  talk.feed(RenewWanted{{BindId{2}}});
  talk.sent<msg::ExtendRequest>();
  talk.answer(msg::ErrorResponse{306, kClient, BindId{2}, {}});
  talk.feed(SpisWanted{1, {}, {}, {}});
  EXPECT_EQ(talk.refusal().kind, ErrorKind::kNoResources);
}

// H-235
TEST(SessionIpsec, GrowthThatCannotBeHadIsAnswered) {
  IpsecTalk talk;
  talk.lease_spis();
  talk.feed(SpisWanted{2, {}, {}, {}});
  talk.sent<msg::AssignRequestRsipsec>();
  talk.refuse(msg::ErrorCode::kIpsecSpiUnavailable);
  talk.pass_until_request();
  EXPECT_EQ(talk.sent<msg::AssignRequestRsipsec>().spis, msg::Spis::dont_care(1));
  talk.refuse(msg::ErrorCode::kIpsecSpiUnavailable);
  EXPECT_EQ(talk.refusal().kind, ErrorKind::kNoResources);

  talk.feed(SpisWanted{1, 0x55, {}, {}});
  EXPECT_THAT(talk.refusal().message, HasSubstr("reserved"));
  talk.feed(SpisWanted{1, {}, kPeer, {}});
  EXPECT_THAT(talk.refusal().message, HasSubstr("is not leased"));
  talk.feed(SpisWanted{});
  talk.sent<msg::AssignRequestRsipsec>();
  talk.link_down();
  EXPECT_EQ(talk.refusal().kind, ErrorKind::kUnreachable);
  talk.feed(SpisWanted{});
  EXPECT_EQ(talk.refusal().kind, ErrorKind::kUnreachable);
}

TEST(SessionIpsec, WhatNoAssociationUsesGoesBack) {
  IpsecTalk talk;
  talk.lease_spis();
  talk.feed(SpisWanted{});
  talk.sent<msg::AssignRequestRsipsec>();
  talk.answer(granted_spis(BindId{3}, msg::Spis::contiguous(0x2000, 1)));
  talk.journal();
  talk.feed(SpisUnwanted{{BindId{1}, BindId{3}, BindId{99}}});
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{3});
  EXPECT_THAT(talk.journal(), ElementsAre("leases changed", "FREE_REQUEST"));
  EXPECT_NE(talk.lease(1), nullptr) << "it is not of SPIs";
  EXPECT_THAT(talk.happened<LeaseLost>(), SizeIs(1));
}

TEST(SessionIpsec, LeasesOfSpisAreNotTheUsualOnes) {
  IpsecTalk talk;
  talk.lease_spis();
  talk.feed(LeasesIdle{{BindId{2}}, {BindId{1}, BindId{2}}});
  EXPECT_FALSE(talk.lease(1)->retiring) << "the only block stays";
  EXPECT_FALSE(talk.lease(2)->retiring);
  EXPECT_TRUE(talk.silent());
  talk.tell(msg::FreeResponse{kClient, BindId{1}, {}});
  talk.pass_until_request();
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local, msg::Address(msg::DontCare{}))
      << "SPIs are no block of ports";
}

TEST(SessionIpsec, PortsOfSpisDoNotCountAsGrowth) {
  SessionSettings settings = ipsec_settings();
  settings.max_ports = 64;
  IpsecTalk talk(settings);
  talk.lease_spis();
  talk.feed(PortsWanted{{RemoteScope{}}});
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local_ports, msg::Ports::dont_care(32));
}

TEST(SessionIpsec, IsRenewedAndAskedForAgainWhenItIsOver) {
  IpsecTalk talk;
  talk.lease_spis();
  bool renewed = false;
  for (const TimePoint end = talk.now + minutes(28); talk.now < end; talk.pass(seconds(10))) {
    while (!talk.silent()) {
      const auto request = talk.sent<msg::ExtendRequest>();
      renewed = renewed || request.bind == BindId{2};
      if (request.bind == BindId{1}) {
        talk.answer(msg::ExtendResponse{kClient, request.bind, msg::LeaseTime(7200), {}});
      } else {
        talk.refuse(msg::ErrorCode::kUnknownError);
      }
    }
  }
  EXPECT_TRUE(renewed);
  talk.forget_sent();
  EXPECT_NE(talk.lease(2), nullptr);
  talk.pass(minutes(3));
  EXPECT_EQ(talk.lease(2), nullptr);
}

TEST(SessionIpsec, ExpiredLeasesAreAskedForAsTheyWere) {
  IpsecTalk talk;
  talk.lease_ports();
  talk.sent<msg::AssignRequestRsipsec>();
  auto grant =
      granted_spis(BindId{2}, msg::Spis::contiguous(0x1000, 8), msg::Ports::contiguous({6000, 16}));
  grant.lease = msg::LeaseTime(60);
  talk.answer(grant);
  talk.link_down();
  talk.pass(seconds(61));
  EXPECT_EQ(talk.lease(2), nullptr);
  talk.forget_sent();
  talk.link_up();
  EXPECT_EQ(talk.sent<msg::ExtendRequest>().bind, BindId{1});
  talk.answer(msg::ExtendResponse{kClient, BindId{1}, msg::LeaseTime(1800), {}});
  EXPECT_EQ(talk.sent<msg::AssignRequestRsipsec>().spis, msg::Spis::contiguous(0x1000, 8));
}

// RFC 3103 section 10.5: H-107 for SPIs
TEST(SessionIpsec, AfterTheGatewayLostItsStateEverythingIsSuggestedAgain) {
  IpsecTalk talk;
  talk.lease_spis();
  talk.tell(msg::ErrorResponse{301, {}, {}, {}});
  EXPECT_TRUE(talk.session.suspended());
  talk.pass_until_request();
  talk.sent<msg::DeRegisterRequest>();
  talk.answer(msg::DeRegisterResponse{kClient, {}});
  talk.sent<msg::RegisterRequest>();
  talk.answer(msg::RegisterResponse{kClient, msg::LeaseTime(1800), {}, {}, {}, {}});
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local_ports, msg::Ports::contiguous({5000, 32}));
  talk.grant(BindId{5}, {5000, 32});
  const auto request = talk.sent<msg::AssignRequestRsipsec>();
  EXPECT_EQ(request.local, msg::Address(kPublic));
  EXPECT_EQ(request.spis, msg::Spis::contiguous(0x1000, 8));
  EXPECT_EQ(request.local_ports, msg::Ports::contiguous({6000, 16}));
  EXPECT_TRUE(talk.session.suspended());
  talk.answer(granted_spis(BindId{6}, request.spis, request.local_ports));
  EXPECT_FALSE(talk.session.suspended());
  EXPECT_TRUE(talk.silent());
}

TEST(SessionIpsec, WhatTheGatewayTakesBackIsAskedForAfterAPause) {
  IpsecTalk talk;
  talk.lease_spis();
  talk.tell(msg::FreeResponse{kClient, BindId{2}, {}});
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
  EXPECT_TRUE(talk.silent());
  talk.feed(PortsWanted{{RemoteScope{}}});
  talk.sent<msg::AssignRequestRsapIp>();  // which does not wait for that
  talk.grant(BindId{8}, {7000, 32});
  talk.pass(seconds(2));
  EXPECT_EQ(talk.sent<msg::AssignRequestRsipsec>().spis, msg::Spis::dont_care(8));
}

// H-219
TEST(SessionIpsec, UnderARemotePolicyEachPeerHasALeaseOfItsOwn) {
  using Policy = msg::RemoteFlowPolicy;
  for (const Policy remote : {Policy::kMacro, Policy::kMicro}) {
    const bool micro = remote == Policy::kMicro;
    SessionSettings settings = ipsec_settings();
    settings.ipsec.spis = 4;
    settings.ipsec.peers = {kPeer, kOtherPeer};
    IpsecTalk talk(settings);
    talk.policy.remote = remote;
    talk.register_with({msg::Method::kRsapIp, msg::Method::kRsipsec});
    std::uint32_t bind = 1;
    for (const Ipv4Address peer : {kPeer, kOtherPeer}) {
      const auto request = talk.sent<msg::AssignRequestRsipsec>();
      EXPECT_EQ(request.remote, msg::Address(peer));
      EXPECT_EQ(request.remote_ports,
                micro ? msg::Ports::contiguous({500, 1}) : msg::Ports::dont_care(1));
      auto grant = granted_spis(BindId{bind}, msg::Spis::contiguous(0x1000 * bind, 4),
                                msg::Ports::contiguous({6000, 16}));
      grant.remote = request.remote;
      grant.remote_ports = request.remote_ports;
      talk.answer(grant);
      ASSERT_NE(talk.lease(bind), nullptr);
      EXPECT_EQ(talk.lease(bind)->remote.address, peer);
      ++bind;
    }
    EXPECT_TRUE(talk.silent());
    talk.feed(SpisWanted{});
    EXPECT_THAT(talk.refusal().message, HasSubstr("peer"));
    talk.feed(SpisWanted{1, {}, {}, kPeer});
    EXPECT_EQ(talk.sent<msg::AssignRequestRsipsec>().remote, msg::Address(kPeer));
    talk.refuse(msg::ErrorCode::kRemoteAddrUnallowed);
    talk.refusal();
    EXPECT_THAT(talk.session.refused(), IsEmpty()) << "other flows may be allowed";
  }
}

// H-219
TEST(SessionIpsec, UnderALocalMicroPolicyThereIsOnePort) {
  IpsecTalk talk;
  talk.policy.local = msg::LocalFlowPolicy::kMicro;
  talk.register_with({msg::Method::kRsapIp, msg::Method::kRsipsec});
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{1}, {5000, 1});
  EXPECT_EQ(talk.sent<msg::AssignRequestRsipsec>().local_ports, msg::Ports::dont_care(1));
  talk.answer(
      granted_spis(BindId{2}, msg::Spis::contiguous(0x1000, 8), msg::Ports::contiguous({6000, 1})));
  EXPECT_NE(talk.lease(2), nullptr);
}

TEST(SessionIpsec, IsGivenBackAtTheEnd) {
  IpsecTalk talk;
  talk.lease_spis();
  talk.feed(Stop{});
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{1});
  talk.answer(msg::FreeResponse{kClient, BindId{1}, {}});
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{2});
}

struct Lie {
  const char* name;
  const char* told;  ///< Part of what a person reads.
  void (*spoil)(msg::AssignResponseRsipsec&);
};

class SessionRefusesSpis : public testing::TestWithParam<Lie> {};

// H-216, H-229, H-230, H-231: freed, told, and asked for again with pauses
TEST_P(SessionRefusesSpis, ThatWereNotAskedForOrCannotBe) {
  IpsecTalk talk;
  talk.lease_ports();
  talk.sent<msg::AssignRequestRsipsec>();
  auto grant =
      granted_spis(BindId{5}, msg::Spis::contiguous(0x1000, 8), msg::Ports::contiguous({6000, 16}));
  GetParam().spoil(grant);
  talk.answer(grant);
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
  const auto problems = talk.happened<Problem>();
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_FALSE(problems[0].fatal_for_start);
  EXPECT_THAT(problems[0].error.message, HasSubstr("bind 5"));
  EXPECT_THAT(problems[0].error.message, HasSubstr(GetParam().told));
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{5});
  talk.answer(msg::FreeResponse{kClient, BindId{5}, {}});
  EXPECT_TRUE(talk.silent()) << "not at once";
  talk.pass(seconds(2));
  talk.sent<msg::AssignRequestRsipsec>();
}

INSTANTIATE_TEST_SUITE_P(
    Lies, SessionRefusesSpis,
    testing::Values(
        Lie{"Reserved", "below 256", [](auto& g) { g.spis = msg::Spis::contiguous(250, 8); }},
        Lie{"Zero", "below 256", [](auto& g) { g.spis = msg::Spis::contiguous(0, 8); }},
        Lie{"PastTheEnd", "2^32", [](auto& g) { g.spis = msg::Spis::contiguous(0xFFFFFFFC, 8); }},
        Lie{"Fewer", "fewer", [](auto& g) { g.spis = msg::Spis::contiguous(0x1000, 7); }},
        Lie{"More", "more SPIs", [](auto& g) { g.spis = msg::Spis::contiguous(0x1000, 9); }},
        Lie{"None", "no SPI", [](auto& g) { g.spis = msg::Spis::dont_care(8); }},
        Lie{"Twice", "twice",
            [](auto& g) { g.spis = msg::Spis::listed({300, 301, 302, 303, 304, 305, 306, 300}); }},
        Lie{"NoPorts", "no port", [](auto& g) { g.local_ports = msg::Ports::dont_need(); }},
        Lie{"PortsOfTheBlock", "leased already",
            [](auto& g) { g.local_ports = msg::Ports::contiguous({5000, 16}); }},
        Lie{"AnotherAddress", "differs",
            [](auto& g) { g.local = msg::Address(Ipv4Address{kPublic.value + 1}); }},
        Lie{"OneRemote", "one remote", [](auto& g) { g.remote = msg::Address(kPeer); }},
        Lie{"AnotherTunnel", "tunnel", [](auto& g) { g.tunnel = msg::TunnelType::kGre; }},
        Lie{"NoLeaseTime", "lease time", [](auto& g) { g.lease = msg::LeaseTime(0); }},
        Lie{"AnotherClient", "another client", [](auto& g) { g.client = ClientId{99}; }}),
    [](const auto& lie) { return std::string(lie.param.name); });

// H-230
TEST(SessionIpsec, PortsThatAreNotNeededAreRefused) {
  IpsecTalk talk;
  talk.lease_spis();
  talk.feed(SpisWanted{});
  talk.sent<msg::AssignRequestRsipsec>();
  talk.answer(
      granted_spis(BindId{3}, msg::Spis::contiguous(0x2000, 1), msg::Ports::contiguous({8000, 1})));
  EXPECT_THAT(talk.refusal().message, HasSubstr("none are needed"));
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{3});
}

// H-235: a gateway that has fewer may say so in its own way
TEST(SessionIpsec, AfterFewerThanAskedForItAsksForThatMany) {
  IpsecTalk talk;
  talk.lease_ports();
  talk.sent<msg::AssignRequestRsipsec>();
  talk.answer(granted_spis(BindId{2}, msg::Spis::contiguous(0x1000, 3),
                           msg::Ports::contiguous({6000, 16})));
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{2});
  talk.answer(msg::FreeResponse{kClient, BindId{2}, {}});
  talk.pass(seconds(2));
  EXPECT_EQ(talk.sent<msg::AssignRequestRsipsec>().spis, msg::Spis::dont_care(3));
}

// H-219: error 103 tells that remotes have to be named
TEST(SessionIpsec, FollowsAFlowPolicyThatTurnsOutStricter) {
  SessionSettings settings = ipsec_settings();
  settings.ipsec.peers = {kPeer};
  IpsecTalk talk(settings);
  talk.lease_spis();
  talk.feed(PortsWanted{{RemoteScope{}}});
  talk.sent<msg::AssignRequestRsapIp>();
  talk.refuse(msg::ErrorCode::kFlowPolicyViolation);
  const auto request = talk.sent<msg::AssignRequestRsipsec>();
  EXPECT_EQ(request.remote, msg::Address(kPeer));
  EXPECT_NE(talk.lease(2), nullptr) << "what is held stays";
}

TEST(SessionIpsec, GrowthIsAnsweredWhenTheRegistrationEnds) {
  IpsecTalk talk;
  talk.lease_spis();
  talk.feed(SpisWanted{});
  talk.tell(msg::DeRegisterResponse{kClient, {}});
  EXPECT_EQ(talk.refusal().kind, ErrorKind::kState);
  EXPECT_THAT(talk.session.leases(), IsEmpty());
}

TEST(SessionIpsec, ItsErrorsDisturbNoOtherLease) {
  for (const std::uint16_t code : std::initializer_list<std::uint16_t>{
           101, 103, 104, 105, 201, 203, 204, 205, 207, 307, 308, 309, 314, 315, 402, 403}) {
    IpsecTalk talk;
    talk.lease_ports();
    talk.sent<msg::AssignRequestRsipsec>();
    talk.answer(msg::ErrorResponse{code, {}, {}, {}});
    EXPECT_FALSE(talk.session.suspended()) << code;
    EXPECT_TRUE(talk.session.may_grow()) << code;
    EXPECT_THAT(talk.session.refused(), IsEmpty()) << code;
    EXPECT_EQ(talk.session.policy(), msg::FlowPolicy{}) << code;
    talk.feed(PortsWanted{{RemoteScope{}}});
    bool asked = false;
    while (!talk.silent()) {
      const auto request = talk.sent<msg::Message>();
      const auto* const block = std::get_if<msg::AssignRequestRsapIp>(&request);
      asked = asked || (block != nullptr && block->tunnel && block->lease);
      if (block == nullptr) talk.answer(msg::ErrorResponse{code, {}, {}, {}});
    }
    EXPECT_TRUE(asked) << code;
  }
}

// Error 203: once more without what may be left out, if the gateway knows RSIPSEC at all
TEST(SessionIpsec, LeavesOutWhatMayBeLeftOut) {
  IpsecTalk talk;
  talk.lease_ports();
  EXPECT_TRUE(talk.sent<msg::AssignRequestRsipsec>().lease);
  talk.refuse(msg::ErrorCode::kExtraParam);
  const auto request = talk.sent<msg::AssignRequestRsipsec>();
  EXPECT_FALSE(request.lease || request.tunnel);
  EXPECT_THAT(talk.happened<Problem>(), IsEmpty());
}

// H-216: unique in this host's space of SPIs, whatever the ports
TEST(SessionIpsec, AnSpiIsLeasedOnce) {
  IpsecTalk talk;
  talk.lease_spis();
  talk.feed(SpisWanted{});
  talk.sent<msg::AssignRequestRsipsec>();
  talk.answer(granted_spis(BindId{3}, msg::Spis::contiguous(0x1003, 1)));
  EXPECT_THAT(talk.refusal().message, HasSubstr("leased already, with bind 2"));
  talk.sent<msg::FreeRequest>();
  talk.answer(msg::FreeResponse{kClient, BindId{3}, {}});

  talk.feed(SpisWanted{1, 0x7777, {}, {}});
  talk.sent<msg::AssignRequestRsipsec>();
  talk.answer(granted_spis(BindId{4}, msg::Spis::contiguous(0x7778, 1)));
  EXPECT_THAT(talk.refusal().message, HasSubstr("other SPIs"));
}

}  // namespace
}  // namespace rsip::agent::test
