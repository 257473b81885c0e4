#include <gmock/gmock.h>

#include "tests/unit/agent/control/conversation.h"

// Renewal, growth and loss of leases.
namespace rsip::agent::test {
namespace {

using msg::ErrorCode;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Ends the lease held by a gateway that does not answer extensions, and counts the tries.
int extensions_tried_until_expiry(Conversation& talk) {
  int tries = 0;
  while (!talk.session.leases().empty() && tries < 100) {
    talk.pass(milliseconds(100));
    for (; !talk.silent() && !talk.session.leases().empty(); ++tries) {
      talk.sent<msg::ExtendRequest>();
      talk.refuse(ErrorCode::kInternalServerError);
    }
  }
  return tries;
}

// H-144: with client ID and bind ID
TEST(SessionLeases, AreExtendedAroundHalfOfTheirLife) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  talk.pass(seconds(449));
  EXPECT_TRUE(talk.silent());
  talk.pass(seconds(102));
  const auto request = talk.sent<msg::ExtendRequest>();
  EXPECT_EQ(request.bind, BindId{1});
  EXPECT_EQ(request.client, kClient);
}

TEST(SessionLeases, LiveOnFromTheExtensionWithoutDisturbingTheDataPath) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  talk.pass_until_request();
  talk.sent<msg::ExtendRequest>();
  talk.answer(msg::ExtendResponse{kClient, BindId{1}, msg::LeaseTime(1000), {}});
  EXPECT_THAT(talk.happened<LeaseExtended>(), SizeIs(1));
  EXPECT_THAT(talk.happened<LeasesChanged>(), IsEmpty());
  talk.pass(seconds(600));
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
}

// H-144: 50, 75, 87.5 percent and so on
TEST(SessionLeases, AreTriedMoreOftenTheNearerTheirEndIs) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  const int tries = extensions_tried_until_expiry(talk);
  EXPECT_GE(tries, 8);  // 500, 750, 875, ... down to two seconds apart
  EXPECT_LE(tries, 14);
}

// H-064, H-142: not a moment longer
TEST(SessionLeases, EndOnTimeWhenTheyAreNotExtended) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  const TimePoint end = talk.session.leases()[0].expires_at;
  extensions_tried_until_expiry(talk);
  EXPECT_GE(talk.now, end);
  EXPECT_LT(talk.now, end + milliseconds(200));
  const auto lost = talk.happened<LeaseLost>();
  ASSERT_THAT(lost, SizeIs(1));
  EXPECT_STREQ(lost[0].reason, "expired");
}

// H-128, H-136, H-177: the old ones are suggested
TEST(SessionLeases, AreAskedForAgainWithTheSameAddressAndPorts) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  extensions_tried_until_expiry(talk);
  const auto request = talk.sent<msg::AssignRequestRsapIp>();
  EXPECT_EQ(request.local, msg::Address(kPublic));
  EXPECT_EQ(request.local_ports, msg::Ports::contiguous({5000, 32}));
}

// H-177, H-205: error 311
TEST(SessionLeases, AreAskedForFreelyWhenTheOldPortsAreTaken) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  extensions_tried_until_expiry(talk);
  talk.sent<msg::AssignRequestRsapIp>();
  talk.refuse(ErrorCode::kLocalAddrportInuse);
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local, msg::Address(msg::DontCare{}));
}

// H-013: more ports on demand
TEST(SessionLeases, GrowByABlockOfTheSameAddress) {
  Conversation talk;
  talk.lease_block();
  talk.feed(PortsWanted{});
  const auto request = talk.sent<msg::AssignRequestRsapIp>();
  EXPECT_EQ(request.local, msg::Address(kPublic));
  EXPECT_EQ(request.local_ports, msg::Ports::dont_care(32));
  talk.grant(BindId{2}, {6000, 32});
  EXPECT_THAT(talk.session.leases(), SizeIs(2));
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
}

TEST(SessionLeases, AreNotAskedForTwiceWhileGrowthIsUnderWay) {
  Conversation talk;
  talk.lease_block();
  talk.feed(PortsWanted{});
  talk.sent<msg::AssignRequestRsapIp>();
  talk.feed(PortsWanted{});
  talk.grant(BindId{2}, {6000, 32});
  EXPECT_TRUE(talk.silent());
}

TEST(SessionLeases, NeverGrowPastMaxPorts) {
  Conversation talk({kGateway, msg::Method::kRsapIp, 32, 40});
  talk.lease_block();
  talk.feed(PortsWanted{});
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local_ports, msg::Ports::dont_care(8));
  talk.grant(BindId{2}, {6000, 8});
  EXPECT_FALSE(talk.session.may_grow());
  talk.feed(PortsWanted{});
  EXPECT_TRUE(talk.silent());
}

// H-137, H-203: error 309 for many at once
TEST(SessionLeases, AskForHalfAsManyPortsWhenThereAreNotEnough) {
  Conversation talk;
  talk.register_host();
  std::vector<int> asked;
  for (int i = 0; i < 3; ++i) {
    asked.push_back(talk.sent<msg::AssignRequestRsapIp>().local_ports.count);
    talk.refuse(ErrorCode::kLocalAddrportUnavailable);
  }
  EXPECT_THAT(asked, ElementsAre(32, 16, 8));
}

// H-202: error 308
TEST(SessionLeases, PauseTheirGrowthWhenTheGatewayRefusesIt) {
  Conversation talk;
  talk.lease_block();
  talk.feed(PortsWanted{});
  talk.sent<msg::AssignRequestRsapIp>();
  talk.refuse(ErrorCode::kLocalAddrUnavailable);
  EXPECT_FALSE(talk.session.may_grow());
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
  talk.feed(PortsWanted{});
  EXPECT_TRUE(talk.silent());
  talk.pass(seconds(31));
  EXPECT_TRUE(talk.session.may_grow());
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
}

// H-147: unasked, before expiry
TEST(SessionLeases, AreGivenUpAtOnceWhenTheGatewayFreesThem) {
  Conversation talk;
  talk.lease_block();
  talk.tell(msg::FreeResponse{kClient, BindId{1}, {}});
  EXPECT_THAT(talk.session.leases(), IsEmpty());
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
  talk.pass(seconds(3));
  talk.sent<msg::AssignRequestRsapIp>();
}

// H-167: not of this session
TEST(SessionLeases, StayWhenTheGatewayFreesABindOfAnotherClient) {
  Conversation talk;
  talk.lease_block();
  talk.tell(msg::FreeResponse{ClientId{99}, BindId{1}, {}});
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
}

// H-200: error 306
TEST(SessionLeases, AreReplacedWhenTheGatewayNoLongerKnowsTheBind) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  talk.pass_until_request();
  talk.sent<msg::ExtendRequest>();
  talk.refuse(ErrorCode::kBadBindId);
  EXPECT_THAT(talk.session.leases(), IsEmpty());
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local, msg::Address(kPublic));
}

// RFC 3103 section 9.10.3: an extension may be refused by freeing the bind.
// H-142: refused by a FREE_RESPONSE
TEST(SessionLeases, EndWhenTheGatewayFreesThemInsteadOfExtending) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  talk.pass_until_request();
  talk.sent<msg::ExtendRequest>();
  talk.answer(msg::FreeResponse{kClient, BindId{1}, {}});
  EXPECT_THAT(talk.session.leases(), IsEmpty());
  talk.pass(seconds(2));
  talk.sent<msg::AssignRequestRsapIp>();
  EXPECT_THAT(talk.happened<CloseLink>(), IsEmpty());
}

// H-067, H-142: a laptop that slept
TEST(SessionLeases, ThatEndedAreNotRevivedByALateExtension) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  talk.pass_until_request();
  talk.sent<msg::ExtendRequest>();
  talk.now += seconds(3000);  // the laptop slept; the answer is read before the timer
  talk.answer(msg::ExtendResponse{kClient, BindId{1}, msg::LeaseTime(1000), {}});
  EXPECT_THAT(talk.session.leases(), IsEmpty());
  EXPECT_THAT(talk.happened<LeaseLost>(), SizeIs(1));
}

TEST(SessionLeases, AreRenewedThoughTheGatewayIgnoresAFree) {
  Conversation talk;
  talk.lease_block(seconds(200));
  talk.feed(PortsWanted{});
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{2}, {5031, 8});  // overlaps: to be freed
  int extended = 0;
  for (const TimePoint end = talk.now + seconds(1000); talk.now < end;) {
    talk.pass(milliseconds(500));
    for (const OpenLink& ignored : talk.happened<OpenLink>()) {
      (void)ignored;
      talk.link_up();
    }
    while (!talk.silent()) {
      const auto message = talk.sent<msg::Message>();
      if (std::holds_alternative<msg::ExtendRequest>(message)) {
        ++extended;
        talk.answer(msg::ExtendResponse{kClient, BindId{1}, msg::LeaseTime(200), {}});
      }
    }
  }
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_GE(extended, 8);
}

TEST(SessionLeases, TellWhyAnExtensionWasRefused) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  talk.pass_until_request();
  talk.sent<msg::ExtendRequest>();
  talk.refuse(ErrorCode::kInternalServerError);
  const auto problems = talk.happened<Problem>();
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_FALSE(problems[0].fatal_for_start);
}

class SuggestionRefused : public testing::TestWithParam<ErrorCode> {};

// H-204, H-207: errors 310 and 313
TEST_P(SuggestionRefused, IsNotMadeAgain) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  extensions_tried_until_expiry(talk);
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local, msg::Address(kPublic));
  talk.refuse(GetParam());
  talk.pass(seconds(3));
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local, msg::Address(msg::DontCare{}));
}

INSTANTIATE_TEST_SUITE_P(Table, SuggestionRefused,
                         testing::Values(ErrorCode::kUnknownError, ErrorCode::kFlowPolicyViolation,
                                         ErrorCode::kInternalServerError, ErrorCode::kBadParam,
                                         ErrorCode::kBadTunnelType, ErrorCode::kLocalAddrInuse,
                                         ErrorCode::kLocalAddrportUnallowed),
                         [](const auto& code) {
                           return std::to_string(static_cast<int>(code.param));
                         });

struct Lie {
  const char* name;
  void (*spoil)(msg::AssignResponseRsapIp&);
};

class SessionRefuses : public testing::TestWithParam<Lie> {};

// H-133, H-138, A-07: FREE_REQUEST with the bind ID that was granted
TEST_P(SessionRefuses, AndFreesWhatCannotBeTrue) {
  Conversation talk;
  talk.register_host();
  talk.sent<msg::AssignRequestRsapIp>();
  auto grant = Conversation::granted(BindId{5}, {5000, 32});
  GetParam().spoil(grant);
  talk.answer(grant);
  EXPECT_THAT(talk.session.leases(), IsEmpty());
  EXPECT_THAT(talk.happened<LeasesChanged>(), IsEmpty());
  EXPECT_THAT(talk.happened<Problem>(), SizeIs(1));
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{5});
}

INSTANTIATE_TEST_SUITE_P(
    Lies, SessionRefuses,
    testing::Values(
        Lie{"LoopbackAddress", [](auto& g) { g.local = Ipv4Address{0x7F000001}; }},
        Lie{"UnspecifiedAddress", [](auto& g) { g.local = Ipv4Address{0}; }},
        Lie{"MulticastAddress", [](auto& g) { g.local = Ipv4Address{0xE0000001}; }},
        Lie{"BroadcastAddress", [](auto& g) { g.local = Ipv4Address{0xFFFFFFFF}; }},
        Lie{"GatewaysOwnAddress", [](auto& g) { g.local = kGateway; }},
        Lie{"NameInsteadOfAddress", [](auto& g) { g.local = msg::Fqdn{"example.org"}; }},
        Lie{"NoLeaseTime", [](auto& g) { g.lease = msg::LeaseTime(0); }},
        Lie{"TunnelTypeNotAskedFor", [](auto& g) { g.tunnel = msg::TunnelType::kGre; }},
        Lie{"OtherEndpoint", [](auto& g) { g.endpoint = msg::Address(Ipv4Address{0x0A0100FE}); }},
        Lie{"PortZero", [](auto& g) { g.local_ports = msg::Ports::contiguous({0, 8}); }},
        Lie{"NoPorts", [](auto& g) { g.local_ports = msg::Ports::dont_care(8); }}),
    [](const auto& lie) { return std::string(lie.param.name); });

TEST(SessionLeases, AreRefusedIfTheyOverlapOnesThatAreHeld) {
  Conversation talk;
  talk.lease_block();
  talk.feed(PortsWanted{});
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{2}, {5031, 8});
  EXPECT_FALSE(talk.session.may_grow());
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1)) << "whoever waits for ports has to know";
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{2});
}

// H-089: a bind ID is one bind's
TEST(SessionLeases, KeepTheFirstOwnerOfABindIdThatIsGrantedTwice) {
  Conversation talk;
  talk.lease_block();
  talk.feed(PortsWanted{});
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{1}, {6000, 8});
  ASSERT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_EQ(talk.session.leases()[0].ports, (std::vector<PortRange>{{5000, 32}}));
  EXPECT_TRUE(talk.silent());
}

}  // namespace
}  // namespace rsip::agent::test
