#include <gmock/gmock.h>

#include "tests/unit/agent/control/conversation.h"

// Which tunnel, to where (RFC 3103 sections 6, 9.3 and 10.4).
namespace rsip::agent::test {
namespace {

using msg::ErrorCode;
using msg::TunnelType;
using testing::IsEmpty;
using testing::SizeIs;

const Ipv4Address kOtherEnd{0x0A0100FE};

Conversation that_can(std::vector<TunnelType> usable, std::vector<TunnelType> offered) {
  SessionSettings settings{kGateway, msg::Method::kRsapIp, 8};
  settings.tunnels = std::move(usable);
  Conversation talk(settings);
  talk.tunnels = std::move(offered);
  talk.register_host();
  return talk;
}

// H-121: the first of ours that is on offer.
TEST(SessionTunnel, IsTheFirstOfOursThatTheGatewayOffers) {
  Conversation talk = that_can({TunnelType::kL2tp, TunnelType::kGre, TunnelType::kIpIp},
                               {TunnelType::kIpIp, TunnelType::kGre});
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().tunnel, TunnelType::kGre);
}

// H-119, H-120: silence means RSAP-IP through IP-IP.
TEST(SessionTunnel, IsIpIpIfTheGatewayNamesNone) {
  Conversation talk = that_can({TunnelType::kGre, TunnelType::kIpIp}, {});
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().tunnel, TunnelType::kIpIp);
}

TEST(SessionTunnel, IsNoneIfThereIsNoneInCommon) {
  Conversation talk = that_can({TunnelType::kGre}, {});
  EXPECT_TRUE(talk.silent());
  EXPECT_THAT(talk.happened<Problem>(), SizeIs(1));
}

// H-104: three of each, and numbers that came after the RFC.
TEST(SessionTunnel, IsFoundAmongManyOffers) {
  Conversation talk({kGateway});
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  talk.answer(msg::RegisterResponse{
      kClient,
      msg::LeaseTime(600),
      {},
      {msg::Method::kRsaIp, msg::Method::kRsipsec, msg::Method::kRsapIp},
      {static_cast<TunnelType>(9), TunnelType::kL2tp, TunnelType::kGre, TunnelType::kIpIp},
      {}});
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().tunnel, TunnelType::kIpIp);
}

// H-201: the next one on offer.
TEST(SessionTunnel, IsTheNextOneOnOfferIfTheGatewayRefusesTheFirst) {
  Conversation talk =
      that_can({TunnelType::kGre, TunnelType::kIpIp}, {TunnelType::kGre, TunnelType::kIpIp});
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().tunnel, TunnelType::kGre);
  talk.refuse(ErrorCode::kBadTunnelType);
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().tunnel, TunnelType::kIpIp);
  talk.refuse(ErrorCode::kBadTunnelType);
  EXPECT_TRUE(talk.silent());
  EXPECT_THAT(talk.happened<Problem>(), SizeIs(1));
}

TEST(SessionTunnel, MayBeAnotherOneThatThisHostCanUse) {
  Conversation talk = that_can({TunnelType::kIpIp, TunnelType::kGre}, {});
  talk.sent<msg::AssignRequestRsapIp>();
  auto grant = Conversation::granted(BindId{1}, {5000, 8});
  grant.tunnel = TunnelType::kGre;
  talk.answer(grant);
  ASSERT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_EQ(talk.session.leases()[0].tunnel, TunnelType::kGre);
}

// H-134: without an endpoint the gateway is it.
TEST(SessionTunnel, EndsAtTheGatewayUnlessToldOtherwise) {
  Conversation talk;
  talk.lease_block();
  EXPECT_EQ(talk.session.leases()[0].endpoint, kGateway);
}

// H-066: which may be another machine.
TEST(SessionTunnel, EndsWhereTheAssignmentSays) {
  Conversation talk;
  talk.register_host();
  talk.sent<msg::AssignRequestRsapIp>();
  auto grant = Conversation::granted(BindId{1}, {5000, 8});
  grant.endpoint = msg::Address(kOtherEnd);
  talk.answer(grant);
  ASSERT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_EQ(talk.session.leases()[0].endpoint, kOtherEnd);
}

// H-133: one tunnel for all leases of a gateway.
TEST(SessionTunnel, OfAnotherKindOrEndThanThatOfTheOtherLeasesIsRefused) {
  for (const bool other_end : {true, false}) {
    Conversation talk = that_can({TunnelType::kIpIp, TunnelType::kGre}, {});
    talk.sent<msg::AssignRequestRsapIp>();
    talk.grant(BindId{1}, {5000, 8});
    talk.feed(PortsWanted{});
    talk.sent<msg::AssignRequestRsapIp>();
    auto grant = Conversation::granted(BindId{2}, {6000, 8});
    if (other_end) {
      grant.endpoint = msg::Address(kOtherEnd);
    } else {
      grant.tunnel = TunnelType::kGre;
    }
    talk.answer(grant);
    EXPECT_THAT(talk.session.leases(), SizeIs(1));
    EXPECT_THAT(talk.happened<Problem>(), SizeIs(1));
    EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{2});
  }
}

}  // namespace
}  // namespace rsip::agent::test
