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

// H-216, H-238
TEST(SessionSpis, GrowsUpToTheLimit) {
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
TEST(SessionSpis, WhatIsAskedForAgainCountsForTheLimit) {
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
TEST(SessionSpis, GrowthThatCannotBeHadIsAnswered) {
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

TEST(SessionSpis, WhatNoAssociationUsesGoesBack) {
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

TEST(SessionSpis, LeasesOfSpisAreNotTheUsualOnes) {
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

TEST(SessionSpis, PortsOfSpisDoNotCountAsGrowth) {
  SessionSettings settings = ipsec_settings();
  settings.max_ports = 64;
  IpsecTalk talk(settings);
  talk.lease_spis();
  talk.feed(PortsWanted{{RemoteScope{}}});
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local_ports, msg::Ports::dont_care(32));
}

TEST(SessionSpis, IsRenewedAndAskedForAgainWhenItIsOver) {
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

TEST(SessionSpis, ExpiredLeasesAreAskedForAsTheyWere) {
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
TEST(SessionSpis, AfterTheGatewayLostItsStateEverythingIsSuggestedAgain) {
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

TEST(SessionSpis, WhatTheGatewayTakesBackIsAskedForAfterAPause) {
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
TEST(SessionSpis, UnderARemotePolicyEachPeerHasALeaseOfItsOwn) {
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
TEST(SessionSpis, UnderALocalMicroPolicyThereIsOnePort) {
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

TEST(SessionSpis, IsGivenBackAtTheEnd) {
  IpsecTalk talk;
  talk.lease_spis();
  talk.feed(Stop{});
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{1});
  talk.answer(msg::FreeResponse{kClient, BindId{1}, {}});
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{2});
}

}  // namespace
}  // namespace rsip::agent::test
