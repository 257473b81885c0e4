#include <gmock/gmock.h>

#include "tests/unit/agent/control/conversation.h"

// Servers on this host that want to be reached (RFC 3103 sections 9.16, 9.17, 10.5 and 10.6).
namespace rsip::agent::test {
namespace {

using msg::ErrorCode;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const ListenWish kWeb{8080, {}, false, {}};

msg::ListenResponse grant_of(const msg::ListenRequest& request, BindId bind, std::uint16_t port,
                             seconds lease = minutes(30)) {
  return {request.client,
          bind,
          kPublic,
          msg::Ports::contiguous({port, 1}),
          request.remote,
          request.remote_ports,
          msg::TunnelType::kIpIp,
          Conversation::lease_time(lease),
          {},
          {}};
}

/// Registered with a block, and asked for kWeb.
Conversation with_web_wanted() {
  Conversation talk;
  talk.lease_block(seconds(1000));
  talk.feed(ListenWanted{kWeb});
  return talk;
}

Conversation with_web() {
  Conversation talk = with_web_wanted();
  talk.answer(grant_of(talk.sent<msg::ListenRequest>(), BindId{2}, 8080, seconds(1000)));
  talk.happened<LeasesChanged>();
  talk.happened<LeaseGranted>();
  return talk;
}

// H-042, H-155, H-157: under the address that this host has already, from anywhere.
TEST(SessionListen, AsksForTheServersPortOfTheLeasedAddress) {
  Conversation talk = with_web_wanted();
  const auto request = talk.sent<msg::ListenRequest>();
  EXPECT_EQ(request.client, kClient);
  EXPECT_EQ(request.local, msg::Address(kPublic));
  EXPECT_EQ(request.local_ports, msg::Ports::contiguous({8080, 1}));
  EXPECT_EQ(request.remote, msg::Address(msg::DontCare{}));
  EXPECT_EQ(request.remote_ports, msg::Ports::dont_care(1));
  EXPECT_EQ(request.lease, msg::LeaseTime(1800));
  EXPECT_THAT(request.tunnels, ElementsAre(msg::TunnelType::kIpIp));
}

// H-160: without an endpoint the gateway is it.
TEST(SessionListen, HoldsALeaseThatNamesTheServersPort) {
  Conversation talk = with_web_wanted();
  talk.answer(grant_of(talk.sent<msg::ListenRequest>(), BindId{2}, 8080));
  ASSERT_THAT(talk.session.leases(), SizeIs(2));
  const Lease& lease = talk.session.leases()[1];
  EXPECT_TRUE(lease.listening);
  EXPECT_EQ(lease.server_port, 8080);
  EXPECT_EQ(lease.endpoint, kGateway);
  EXPECT_THAT(talk.session.listens(), ElementsAre(kWeb));
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
  EXPECT_THAT(talk.happened<LeaseGranted>(), SizeIs(1));
}

TEST(SessionListen, IsNotAskedForTwice) {
  Conversation talk = with_web();
  talk.feed(ListenWanted{kWeb});
  EXPECT_TRUE(talk.silent());
}

TEST(SessionListen, WaitsForTheRegistration) {
  Conversation talk;
  talk.feed(ListenWanted{kWeb});
  talk.register_host();
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{1}, {5000, 32});
  talk.sent<msg::ListenRequest>();
}

TEST(SessionListen, AsksForWhateverPortThereIsIfTheWishSaysSo) {
  Conversation talk;
  talk.lease_block();
  talk.feed(ListenWanted{{8080, {}, true, {}}});
  const auto request = talk.sent<msg::ListenRequest>();
  EXPECT_EQ(request.local_ports, msg::Ports::dont_care(1));
  talk.answer(grant_of(request, BindId{2}, 33000));
  EXPECT_THAT(talk.session.listens(), SizeIs(1));
}

TEST(SessionListen, RefusesAnotherPortThanTheOneThatWasWanted) {
  Conversation talk = with_web_wanted();
  talk.answer(grant_of(talk.sent<msg::ListenRequest>(), BindId{2}, 8081));
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_THAT(talk.happened<ListenFailed>(), SizeIs(1));
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{2});
}

// H-156: the remote alone that may come in.
TEST(SessionListen, NamesTheRemoteUnderARemotePolicy) {
  Conversation talk;
  talk.policy.remote = msg::RemoteFlowPolicy::kMicro;
  talk.register_host();
  talk.feed(ListenWanted{{21, {}, false, {kPeer, 20}}});
  const auto request = talk.sent<msg::ListenRequest>();
  EXPECT_EQ(request.remote, msg::Address(kPeer));
  EXPECT_EQ(request.remote_ports, msg::Ports::contiguous({20, 1}));
  talk.answer(grant_of(request, BindId{2}, 21));
  ASSERT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_EQ(talk.session.leases()[0].remote, (RemoteScope{kPeer, 20}));
}

// H-178: the limit is told, in words.
TEST(SessionListen, FailsUnderARemotePolicyIfTheWishNamesNobody) {
  Conversation talk;
  talk.policy.remote = msg::RemoteFlowPolicy::kMacro;
  talk.register_host();
  talk.feed(ListenWanted{kWeb});
  const auto failed = talk.happened<ListenFailed>();
  ASSERT_THAT(failed, SizeIs(1));
  EXPECT_NE(failed[0].error.message.find("one remote alone"), std::string::npos);
  EXPECT_TRUE(talk.silent());
}

TEST(SessionListen, IsExtendedLikeAnyLease) {
  Conversation talk = with_web();
  talk.feed(RenewWanted{{BindId{2}}});
  EXPECT_EQ(talk.sent<msg::ExtendRequest>().bind, BindId{2});
  talk.answer(msg::ExtendResponse{kClient, BindId{2}, msg::LeaseTime(1000), {}});
  EXPECT_THAT(talk.happened<LeaseExtended>(), SizeIs(1));
}

// H-122: out of use before it is freed.
TEST(SessionListen, GivesThePortBackWhenItIsNoLongerWanted) {
  Conversation talk = with_web();
  talk.journal();
  talk.feed(ListenUnwanted{8080});
  EXPECT_THAT(talk.journal(), ElementsAre("leases changed", "FREE_REQUEST"));
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_THAT(talk.session.listens(), IsEmpty());
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{2});
}

TEST(SessionListen, FreesWhatIsGrantedAfterTheWishIsGone) {
  Conversation talk = with_web_wanted();
  const auto request = talk.sent<msg::ListenRequest>();
  talk.feed(ListenUnwanted{8080});
  talk.answer(grant_of(request, BindId{2}, 8080));
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{2});
}

TEST(SessionListen, ReplacesAWishForTheSameServer) {
  Conversation talk = with_web();
  talk.feed(ListenWanted{{8080, 80, false, {}}});
  EXPECT_EQ(talk.sent<msg::ListenRequest>().local_ports, msg::Ports::contiguous({80, 1}));
}

TEST(SessionListen, DoesNotTakeTheAnswerToAnOldWishForOneToTheNew) {
  Conversation talk = with_web_wanted();
  const auto old = talk.sent<msg::ListenRequest>();
  talk.feed(ListenWanted{{8080, 80, false, {}}});
  talk.answer(grant_of(old, BindId{2}, 8080));
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{2});
  talk.answer(msg::FreeResponse{kClient, BindId{2}, {}});
  EXPECT_THAT(talk.happened<ListenFailed>(), IsEmpty());
  EXPECT_EQ(talk.sent<msg::ListenRequest>().local_ports, msg::Ports::contiguous({80, 1}));
}

struct Refused {
  ErrorCode code;
  ErrorKind kind;
};

class SessionListenRefused : public testing::TestWithParam<Refused> {};

// A wish that never came true is told of once and given up.
TEST_P(SessionListenRefused, IsToldOnceAndNotTriedForEver) {
  Conversation talk = with_web_wanted();
  talk.sent<msg::ListenRequest>();
  talk.refuse(GetParam().code);
  const auto failed = talk.happened<ListenFailed>();
  ASSERT_THAT(failed, SizeIs(1));
  EXPECT_EQ(failed[0].wish, kWeb);
  EXPECT_EQ(failed[0].error.kind, GetParam().kind);
  EXPECT_NE(failed[0].error.message.find("port 8080"), std::string::npos);
  talk.pass(minutes(5));
  EXPECT_TRUE(talk.silent());
}

INSTANTIATE_TEST_SUITE_P(
    Table, SessionListenRefused,
    testing::Values(Refused{ErrorCode::kUnknownError, ErrorKind::kProtocol},
                    Refused{ErrorCode::kLocalAddrUnavailable, ErrorKind::kNoResources},
                    Refused{ErrorCode::kLocalAddrportInuse, ErrorKind::kInUse},
                    Refused{ErrorCode::kLocalAddrUnallowed, ErrorKind::kDenied},
                    Refused{ErrorCode::kLocalAddrportUnallowed, ErrorKind::kDenied},
                    Refused{ErrorCode::kRemoteAddrUnallowed, ErrorKind::kDenied}),
    [](const auto& row) { return std::to_string(static_cast<int>(row.param.code)); });

TEST(SessionListen, SaysWhoseThePortIs) {
  Conversation talk = with_web_wanted();
  talk.sent<msg::ListenRequest>();
  talk.refuse(ErrorCode::kLocalAddrportInuse);
  const auto failed = talk.happened<ListenFailed>();
  ASSERT_THAT(failed, SizeIs(1));
  EXPECT_THAT(failed[0].error.message,
              testing::StartsWith("port 8080 of 203.0.113.10 is leased to another host"));
}

// H-105, H-192, H-194: marked, told, and asked for no more.
TEST(SessionListen, IsMarkedUnsupportedWhenTheGatewaySaysSo) {
  for (const ErrorCode code : {ErrorCode::kIllegalMessage, ErrorCode::kUnsupportedMessage}) {
    Conversation talk = with_web_wanted();
    talk.sent<msg::ListenRequest>();
    talk.refuse(code);
    const auto failed = talk.happened<ListenFailed>();
    ASSERT_THAT(failed, SizeIs(1));
    EXPECT_NE(failed[0].error.message.find("does not support LISTEN"), std::string::npos);
    talk.feed(ListenWanted{{9090, {}, false, {}}});
    EXPECT_THAT(talk.happened<ListenFailed>(), SizeIs(1));
    EXPECT_TRUE(talk.silent());
  }
}

// H-177: the same tuple again, so that who knows the server finds it.
TEST(SessionListen, SuggestsTheSameTupleAfterALossOfSynchronisation) {
  Conversation talk;
  talk.lease_block();
  talk.feed(ListenWanted{{8080, {}, true, {}}});
  talk.answer(grant_of(talk.sent<msg::ListenRequest>(), BindId{2}, 33000));
  talk.tell(msg::ErrorResponse{301, {}, {}, {}});
  EXPECT_THAT(talk.session.listens(), IsEmpty());
  EXPECT_TRUE(talk.session.suspended());
  talk.sent<msg::DeRegisterRequest>();
  talk.refuse(ErrorCode::kRegisterFirst);
  talk.sent<msg::RegisterRequest>();
  talk.answer(msg::RegisterResponse{kClient, msg::LeaseTime(600), {}, {}, {}, {}});
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{11}, {5000, 32});
  EXPECT_TRUE(talk.session.suspended()) << "until the server can be reached again, too";
  const auto request = talk.sent<msg::ListenRequest>();
  EXPECT_EQ(request.local, msg::Address(kPublic));
  EXPECT_EQ(request.local_ports, msg::Ports::contiguous({33000, 1}));
  talk.answer(grant_of(request, BindId{12}, 33000));
  EXPECT_FALSE(talk.session.suspended());
}

TEST(SessionListen, IsAskedForAgainWithPausesIfItWasGrantedBefore) {
  Conversation talk = with_web();
  talk.tell(msg::FreeResponse{kClient, BindId{2}, {}});
  EXPECT_THAT(talk.session.listens(), IsEmpty());
  EXPECT_FALSE(talk.session.suspended()) << "the gateway meant it";
  EXPECT_TRUE(talk.silent()) << "not at once";
  int tries = 0;
  for (const TimePoint end = talk.now + minutes(5); talk.now < end; talk.pass(milliseconds(500))) {
    for (; !talk.silent(); ++tries) {
      const auto request = talk.sent<msg::Message>();
      if (!std::holds_alternative<msg::ListenRequest>(request)) {
        --tries;
        talk.answer(msg::ExtendResponse{kClient, BindId{1}, msg::LeaseTime(1000), {}});
      } else {
        talk.refuse(ErrorCode::kLocalAddrportInuse);
      }
    }
  }
  EXPECT_GE(tries, 5);
  EXPECT_LE(tries, 12);
  EXPECT_THAT(talk.happened<ListenFailed>(), SizeIs(1)) << "told once";
}

// H-158: with RSA-IP every port of the address is ours.
TEST(SessionListen, NeedsNoMessageWithRsaIp) {
  Conversation talk({kGateway, msg::Method::kRsaIp});
  talk.feed(ListenWanted{kWeb});
  EXPECT_THAT(talk.session.listens(), IsEmpty());
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  talk.answer(
      msg::RegisterResponse{kClient, msg::LeaseTime(600), {}, {msg::Method::kRsaIp}, {}, {}});
  talk.sent<msg::AssignRequestRsaIp>();
  talk.answer(msg::AssignResponseRsaIp{kClient,
                                       BindId{1},
                                       kPublic,
                                       msg::DontCare{},
                                       msg::Ports::dont_care(1),
                                       msg::LeaseTime(600),
                                       msg::TunnelType::kIpIp,
                                       {},
                                       {}});
  EXPECT_TRUE(talk.silent());
  EXPECT_THAT(talk.session.listens(), ElementsAre(kWeb));
  talk.feed(ListenWanted{{9090, {}, false, {}}});
  EXPECT_THAT(talk.session.listens(), SizeIs(2));
  talk.happened<LeasesChanged>();
  talk.feed(ListenUnwanted{8080});
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
  EXPECT_TRUE(talk.silent());
}

TEST(SessionListen, ListensOnSoManyPortsOnly) {
  Conversation talk;
  for (std::uint16_t port = 1; port <= Listens::kMost; ++port) {
    talk.feed(ListenWanted{{port, {}, false, {}}});
  }
  EXPECT_THAT(talk.happened<ListenFailed>(), IsEmpty());
  talk.feed(ListenWanted{{9000, {}, false, {}}});
  talk.feed(ListenWanted{{0, {}, false, {}}});
  EXPECT_THAT(talk.happened<ListenFailed>(), SizeIs(2));
}

}  // namespace
}  // namespace rsip::agent::test
