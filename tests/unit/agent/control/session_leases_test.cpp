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

// H-002, H-140, H-144: each lease has an end, and half-way to it an extension is asked for.
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

// H-142, H-144: retries up to the end.
TEST(SessionLeases, AreTriedMoreOftenTheNearerTheirEndIs) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  const int tries = extensions_tried_until_expiry(talk);
  EXPECT_GE(tries, 8);  // 500, 750, 875, ... down to two seconds apart
  EXPECT_LE(tries, 14);
}

// H-064, H-142: only until the old end.
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

// H-136, H-177: suggested, so that peers find us where we were.
TEST(SessionLeases, AreAskedForAgainWithTheSameAddressAndPorts) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  extensions_tried_until_expiry(talk);
  const auto request = talk.sent<msg::AssignRequestRsapIp>();
  EXPECT_EQ(request.local, msg::Address(kPublic));
  EXPECT_EQ(request.local_ports, msg::Ports::contiguous({5000, 32}));
}

// H-177, H-205: the suggestion is worth one try.
TEST(SessionLeases, AreAskedForFreelyWhenTheOldPortsAreTaken) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  extensions_tried_until_expiry(talk);
  talk.sent<msg::AssignRequestRsapIp>();
  talk.refuse(ErrorCode::kLocalAddrportInuse);
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local, msg::Address(msg::DontCare{}));
}

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

// H-137, H-203: half as many each time.
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

// The gateway may have another address when the one leased is used up.
TEST(SessionLeases, GrowOnAnotherAddressOnlyWhenTheFirstIsUsedUp) {
  Conversation talk;
  talk.lease_block();
  talk.feed(PortsWanted{});
  auto elsewhere = Conversation::granted(BindId{2}, {6000, 32});
  elsewhere.local = Ipv4Address{kPublic.value + 1};
  talk.sent<msg::AssignRequestRsapIp>();
  talk.refuse(ErrorCode::kLocalAddrUnavailable);
  talk.sent<msg::AssignRequestRsapIp>();
  talk.answer(elsewhere);
  EXPECT_THAT(talk.session.leases(), SizeIs(2));
}

TEST(SessionLeases, PauseTheirGrowthWhenTheGatewayRefusesIt) {
  Conversation talk;
  talk.lease_block();
  talk.feed(PortsWanted{});
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local, msg::Address(kPublic));
  talk.refuse(ErrorCode::kLocalAddrUnavailable);
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local, msg::Address(msg::DontCare{}));
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

// H-147: whatever their end was.
TEST(SessionLeases, AreGivenUpAtOnceWhenTheGatewayFreesThem) {
  Conversation talk;
  talk.lease_block();
  talk.tell(msg::FreeResponse{kClient, BindId{1}, {}});
  EXPECT_THAT(talk.session.leases(), IsEmpty());
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
  talk.pass(seconds(3));
  talk.sent<msg::AssignRequestRsapIp>();
}

TEST(SessionLeases, StayWhenTheGatewayFreesABindOfAnotherClient) {
  Conversation talk;
  talk.lease_block();
  talk.tell(msg::FreeResponse{ClientId{99}, BindId{1}, {}});
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
}

// H-200: dropped and asked for again.
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

// H-204, H-205, H-206, H-207: the next request leaves it to the gateway.
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
                         testing::Values(ErrorCode::kUnknownError, ErrorCode::kInternalServerError,
                                         ErrorCode::kBadParam, ErrorCode::kBadTunnelType,
                                         ErrorCode::kLocalAddrInuse,
                                         ErrorCode::kLocalAddrportUnallowed),
                         [](const auto& code) {
                           return std::to_string(static_cast<int>(code.param));
                         });

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
