#include <gmock/gmock.h>

#include "tests/unit/agent/control/ipsec_talk.h"

// Leases of SPIs for IPsec (RFC 3104).
namespace rsip::agent::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

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

}  // namespace
}  // namespace rsip::agent::test
