#include <gmock/gmock.h>

#include "tests/unit/agent/control/conversation.h"

// Giving back what nobody uses (RFC 3102 section 6.6).
namespace rsip::agent::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Binds 1 to count, of 8 ports each.
Conversation with_blocks(std::uint32_t count) {
  Conversation talk({kGateway, msg::Method::kRsapIp, 8});
  talk.register_host();
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{1}, {5000, 8});
  for (std::uint32_t bind = 2; bind <= count; ++bind) {
    talk.feed(PortsWanted{});
    talk.sent<msg::AssignRequestRsapIp>();
    talk.grant(BindId{bind}, {static_cast<std::uint16_t>(5000 + 8 * bind), 8});
  }
  talk.happened<LeasesChanged>();
  talk.happened<LeaseLost>();
  talk.journal();
  return talk;
}

std::vector<std::uint32_t> retiring(const Conversation& talk) {
  std::vector<std::uint32_t> binds;
  for (const Lease& lease : talk.session.leases()) {
    if (lease.retiring) binds.push_back(lease.bind.value);
  }
  return binds;
}

// H-004, H-048: first no flow may begin on it, and the data path says when none is left.
TEST(SessionIdle, RetiresALeaseBeforeItIsFreed) {
  Conversation talk = with_blocks(3);
  talk.feed(LeasesIdle{{}, {BindId{2}}});
  EXPECT_THAT(retiring(talk), ElementsAre(2));
  EXPECT_THAT(talk.journal(), ElementsAre("leases changed"));
  EXPECT_THAT(talk.session.leases(), SizeIs(3));
}

// H-004, H-047: out of use before the request leaves.
TEST(SessionIdle, FreesARetiredLeaseOnceTheDataPathHasStopped) {
  Conversation talk = with_blocks(3);
  talk.feed(LeasesIdle{{}, {BindId{2}}});
  talk.journal();
  talk.feed(LeasesIdle{{BindId{2}}, {}});
  EXPECT_THAT(talk.session.leases(), SizeIs(2));
  EXPECT_THAT(talk.journal(), ElementsAre("leases changed", "FREE_REQUEST"));
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{2});
  const auto lost = talk.happened<LeaseLost>();
  ASSERT_THAT(lost, SizeIs(1));
  EXPECT_STREQ(lost[0].reason, "idle");
  talk.answer(msg::FreeResponse{kClient, BindId{2}, {}});
  EXPECT_TRUE(talk.silent());
}

// H-048: a report that crossed with a change of mind.
TEST(SessionIdle, DoesNotFreeALeaseThatIsNotRetiring) {
  Conversation talk = with_blocks(3);
  talk.feed(LeasesIdle{{BindId{2}, BindId{77}}, {}});
  EXPECT_THAT(talk.session.leases(), SizeIs(3));
  EXPECT_TRUE(talk.silent());
}

TEST(SessionIdle, KeepsTheYoungestIfAllAreIdle) {
  Conversation talk = with_blocks(3);
  talk.feed(LeasesIdle{{}, {BindId{1}, BindId{2}, BindId{3}}});
  EXPECT_THAT(retiring(talk), ElementsAre(1, 2));
  talk.feed(LeasesIdle{{}, {BindId{3}}});
  EXPECT_THAT(retiring(talk), ElementsAre(1, 2)) << "the last one stays";
}

TEST(SessionIdle, UsesARetiringLeaseInsteadOfAskingForAnother) {
  Conversation talk = with_blocks(2);
  talk.feed(LeasesIdle{{}, {BindId{1}}});
  talk.happened<LeasesChanged>();
  talk.feed(PortsWanted{});
  EXPECT_THAT(retiring(talk), IsEmpty());
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
  EXPECT_TRUE(talk.silent());
  talk.feed(LeasesIdle{{BindId{1}}, {}});
  EXPECT_THAT(talk.session.leases(), SizeIs(2)) << "the report came too late";
}

TEST(SessionIdle, KeepsTheAddressesThatAreConfigured) {
  SessionSettings settings{kGateway, msg::Method::kRsaIp};
  settings.addresses = 2;
  Conversation talk(settings);
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  talk.answer(
      msg::RegisterResponse{kClient, msg::LeaseTime(600), {}, {msg::Method::kRsaIp}, {}, {}});
  for (std::uint32_t i = 1; i <= 2; ++i) {
    EXPECT_EQ(talk.sent<msg::AssignRequestRsaIp>().local, msg::Address(msg::DontCare{}));
    talk.answer(msg::AssignResponseRsaIp{kClient,
                                         BindId{i},
                                         Ipv4Address{kPublic.value + i},
                                         msg::DontCare{},
                                         msg::Ports::dont_care(1),
                                         msg::LeaseTime(600),
                                         msg::TunnelType::kIpIp,
                                         {},
                                         {}});
  }
  EXPECT_THAT(talk.session.leases(), SizeIs(2));
  EXPECT_TRUE(talk.silent());
  talk.feed(LeasesIdle{{}, {BindId{1}, BindId{2}}});
  EXPECT_THAT(retiring(talk), IsEmpty());
}

// H-047: what served one remote goes, one lease stays.
TEST(SessionIdle, GivesBackTheLeasesOfRemotesThatNobodyTalksToAnyMore) {
  Conversation talk({kGateway, msg::Method::kRsapIp, 4});
  talk.policy.remote = msg::RemoteFlowPolicy::kMacro;
  talk.register_host();
  for (std::uint32_t i = 1; i <= 3; ++i) {
    talk.feed(PortsWanted{{{Ipv4Address{kPeer.value + i}, 443}}});
    const auto request = talk.sent<msg::AssignRequestRsapIp>();
    auto grant = Conversation::granted(BindId{i}, {static_cast<std::uint16_t>(5000 + 8 * i), 4});
    grant.remote = request.remote;
    talk.answer(grant);
  }
  talk.feed(LeasesIdle{{}, {BindId{1}, BindId{2}, BindId{3}}});
  EXPECT_THAT(retiring(talk), ElementsAre(1, 2));
  talk.feed(PortsWanted{{{Ipv4Address{kPeer.value + 1}, 443}}});
  EXPECT_THAT(retiring(talk), ElementsAre(2)) << "that remote is needed after all";
  EXPECT_TRUE(talk.silent());
}

// what can wait goes last.
TEST(SessionIdle, FreesAfterWhatFlowsWaitFor) {
  Conversation talk = with_blocks(3);
  talk.feed(LeasesIdle{{}, {BindId{2}}});
  talk.feed(RenewWanted{{BindId{1}}});
  talk.feed(LeasesIdle{{BindId{2}}, {}});
  talk.feed(PortsWanted{});
  talk.sent<msg::ExtendRequest>();
  talk.answer(msg::ExtendResponse{kClient, BindId{1}, msg::LeaseTime(1800), {}});
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{9}, {9000, 8});
  talk.sent<msg::FreeRequest>();
}

TEST(SessionIdle, DoesNotAskAgainForARetiringLeaseThatRunsOut) {
  Conversation talk = with_blocks(2);
  talk.feed(LeasesIdle{{}, {BindId{1}}});
  talk.link_down();
  talk.pass(minutes(31));
  talk.happened<OpenLink>();
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  talk.answer(msg::RegisterResponse{kClient, msg::LeaseTime(600), {}, {}, {}, {}});
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local_ports, msg::Ports::contiguous({5016, 8}));
  talk.grant(BindId{2}, {5016, 8});
  EXPECT_TRUE(talk.silent());
}

}  // namespace
}  // namespace rsip::agent::test
