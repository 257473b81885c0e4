#include <gmock/gmock.h>

#include "tests/unit/agent/control/conversation.h"

// Leases that people give up or want kept.
namespace rsip::agent::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Binds 1 and 2, of 8 ports each.
Conversation with_two_blocks() {
  Conversation talk({kGateway, msg::Method::kRsapIp, 8});
  talk.register_host();
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{1}, {5000, 8});
  talk.feed(PortsWanted{});
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{2}, {5008, 8});
  talk.happened<LeasesChanged>();
  talk.happened<LeaseLost>();
  talk.journal();
  return talk;
}

// H-047: out of use before the request leaves, and nobody asks for it again.
TEST(SessionRelease, FreesWhatIsGivenUpOnceItIsOutOfUse) {
  Conversation talk = with_two_blocks();
  talk.feed(ReleaseWanted{{BindId{1}}});
  EXPECT_THAT(talk.journal(), ElementsAre("leases changed", "FREE_REQUEST"));
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{1});
  const auto lost = talk.happened<LeaseLost>();
  ASSERT_THAT(lost, SizeIs(1));
  EXPECT_STREQ(lost[0].reason, "released");
  talk.answer(msg::FreeResponse{kClient, BindId{1}, {}});
  EXPECT_TRUE(talk.silent());
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
}

TEST(SessionRelease, FreesSeveralOneAfterTheOther) {
  Conversation talk = with_two_blocks();
  talk.feed(PortsWanted{});
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{3}, {5016, 8});
  talk.feed(ReleaseWanted{{BindId{1}, BindId{3}, BindId{77}}});
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{1});
  talk.answer(msg::FreeResponse{kClient, BindId{1}, {}});
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{3});
  talk.answer(msg::FreeResponse{kClient, BindId{3}, {}});
  EXPECT_TRUE(talk.silent());
}

TEST(SessionRelease, IgnoresBindsThatAreNotHeld) {
  Conversation talk = with_two_blocks();
  talk.feed(ReleaseWanted{{BindId{77}}});
  EXPECT_TRUE(talk.silent());
  EXPECT_THAT(talk.session.leases(), SizeIs(2));
}

TEST(SessionRelease, OfAServersLeaseMakesTheServerUnwanted) {
  Conversation talk = with_two_blocks();
  const ListenWish web{8080, {}, false, {}};
  talk.feed(ListenWanted{web});
  const auto request = talk.sent<msg::ListenRequest>();
  talk.answer(msg::ListenResponse{kClient,
                                  BindId{9},
                                  kPublic,
                                  msg::Ports::contiguous({8080, 1}),
                                  request.remote,
                                  request.remote_ports,
                                  msg::TunnelType::kIpIp,
                                  msg::LeaseTime(600),
                                  {},
                                  {}});
  EXPECT_THAT(talk.session.listens(), ElementsAre(web));
  talk.feed(ReleaseWanted{{BindId{9}}});
  EXPECT_THAT(talk.session.listens(), IsEmpty());
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{9});
  talk.answer(msg::FreeResponse{kClient, BindId{9}, {}});
  EXPECT_TRUE(talk.silent());
}

TEST(SessionRelease, NeedsNoLinkToStopUsingALease) {
  Conversation talk = with_two_blocks();
  talk.link_down();
  talk.feed(ReleaseWanted{{BindId{1}}});
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
}

TEST(SessionRelease, ALeaseThatSomebodyHoldsRetiresNoMore) {
  Conversation talk = with_two_blocks();
  talk.feed(LeasesIdle{{}, {BindId{1}}});
  ASSERT_TRUE(talk.session.leases()[0].retiring);
  talk.happened<LeasesChanged>();
  talk.feed(HoldWanted{BindId{1}});
  EXPECT_FALSE(talk.session.leases()[0].retiring);
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
  talk.feed(HoldWanted{BindId{1}});
  talk.feed(HoldWanted{BindId{77}});
  EXPECT_THAT(talk.happened<LeasesChanged>(), IsEmpty());
  talk.feed(LeasesIdle{{BindId{1}}, {}});
  EXPECT_THAT(talk.session.leases(), SizeIs(2)) << "the report came too late";
}

TEST(SessionRelease, ARefusedRenewalNamesItsLease) {
  Conversation talk = with_two_blocks();
  talk.feed(RenewWanted{{BindId{2}}});
  talk.sent<msg::ExtendRequest>();
  talk.happened<Problem>();
  talk.answer(msg::ErrorResponse{312, kClient, BindId{2}, {}});
  const auto problems = talk.happened<Problem>();
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_EQ(problems[0].renewal, BindId{2});
}

}  // namespace
}  // namespace rsip::agent::test
