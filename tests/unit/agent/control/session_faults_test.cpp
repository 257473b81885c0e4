#include <gmock/gmock.h>

#include "tests/unit/agent/control/conversation.h"

// Refusals, silence, lost links and lost synchronisation (RFC 3103 section 10.2).
namespace rsip::agent::test {
namespace {

using msg::ErrorCode;
using testing::IsEmpty;
using testing::SizeIs;

// H-117, H-198: a notice, and one try in five minutes.
TEST(SessionFaults, ADeniedRegistrationIsToldAndNotRepeatedForFiveMinutes) {
  Conversation talk;
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  talk.refuse(ErrorCode::kRegistrationDenied);
  const auto problems = talk.happened<Problem>();
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_EQ(problems[0].error.kind, ErrorKind::kDenied);
  talk.pass(seconds(299));
  EXPECT_TRUE(talk.silent());
  talk.pass(seconds(2));
  talk.sent<msg::RegisterRequest>();
}

TEST(SessionFaults, ADeniedRegistrationIsNotRepeatedBecauseTheGatewayHangsUp) {
  Conversation talk;
  int registrations = 0;
  talk.link_up();
  for (const TimePoint end = talk.now + seconds(299); talk.now < end; talk.pass(seconds(1))) {
    for (; !talk.silent(); ++registrations) {
      talk.sent<msg::RegisterRequest>();
      talk.refuse(ErrorCode::kRegistrationDenied);
      talk.link_down();
    }
    for (const OpenLink& ignored : talk.happened<OpenLink>()) {
      (void)ignored;
      talk.link_up();
    }
  }
  EXPECT_EQ(registrations, 1);
}

// H-116, H-169, H-196: the client id of the old registration.
TEST(SessionFaults, AnOldRegistrationIsEndedWithTheClientIdThatTheGatewayNames) {
  Conversation talk;
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  talk.answer(msg::ErrorResponse{302, ClientId{55}, {}, {}});
  EXPECT_EQ(talk.sent<msg::DeRegisterRequest>().client, ClientId{55});
  talk.answer(msg::DeRegisterResponse{ClientId{55}, {}});
  talk.sent<msg::RegisterRequest>();
}

// H-171, H-172, H-195: de-register with the old client id, ignore the error, register.
TEST(SessionFaults, AGatewayThatForgotUsIsRegisteredWithAgainAndAskedForTheSamePorts) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  talk.pass_until_request();
  talk.sent<msg::ExtendRequest>();
  talk.refuse(ErrorCode::kRegisterFirst);
  EXPECT_THAT(talk.session.leases(), IsEmpty());
  EXPECT_EQ(talk.sent<msg::DeRegisterRequest>().client, kClient);
  talk.refuse(ErrorCode::kRegisterFirst);  // "this error SHOULD be ignored"
  talk.sent<msg::RegisterRequest>();
  talk.answer(msg::RegisterResponse{ClientId{8}, msg::LeaseTime(600), {}, {}, {}, {}});
  const auto request = talk.sent<msg::AssignRequestRsapIp>();
  EXPECT_EQ(request.client, ClientId{8});
  EXPECT_EQ(request.local, msg::Address(kPublic));
  EXPECT_EQ(request.local_ports, msg::Ports::contiguous({5000, 32}));
}

TEST(SessionFaults, ALostRegistrationIsNoticedOnceThoughItIsToldTwice) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  talk.pass_until_request();
  talk.sent<msg::ExtendRequest>();
  talk.tell(msg::ErrorResponse{301, kClient, {}, {}});
  talk.refuse(ErrorCode::kRegisterFirst);
  EXPECT_EQ(talk.sent<msg::DeRegisterRequest>().client, kClient);
  talk.refuse(ErrorCode::kRegisterFirst);
  talk.sent<msg::RegisterRequest>();
  talk.answer(msg::RegisterResponse{ClientId{8}, msg::LeaseTime(600), {}, {}, {}, {}});
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local_ports, msg::Ports::contiguous({5000, 32}));
}

// H-111: no storm.
TEST(SessionFaults, AGatewayThatAlwaysForgetsUsIsNotFloodedWithRegistrations) {
  Conversation talk;
  talk.link_up();
  int registrations = 0;
  for (int i = 0; i < 600; ++i) {
    talk.pass(milliseconds(100));
    while (!talk.silent()) {
      if (talk.session.client()) {
        talk.sent<msg::AssignRequestRsapIp>();
        talk.refuse(ErrorCode::kRegisterFirst);
      } else if (talk.session.state() == SessionState::kRegistering) {
        const auto message = talk.sent<msg::Message>();
        if (std::holds_alternative<msg::RegisterRequest>(message)) {
          ++registrations;
          talk.answer(msg::RegisterResponse{kClient, msg::LeaseTime(600), {}, {}, {}, {}});
        } else {
          talk.refuse(ErrorCode::kRegisterFirst);
        }
      }
    }
  }
  EXPECT_GE(registrations, 3);
  EXPECT_LE(registrations, 12) << "in one minute";
}

// H-124, H-125: at any moment.
TEST(SessionFaults, ADeRegistrationByTheGatewayEndsAllUseAtOnce) {
  Conversation talk;
  talk.lease_block();
  talk.tell(msg::DeRegisterResponse{kClient, {}});
  EXPECT_THAT(talk.session.leases(), IsEmpty());
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
  talk.pass(seconds(3));
  talk.sent<msg::RegisterRequest>();
}

// H-170: of an earlier life.
TEST(SessionFaults, ADeRegistrationOfAnotherClientIsIgnored) {
  Conversation talk;
  talk.lease_block();
  talk.tell(msg::DeRegisterResponse{ClientId{1234}, {}});
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_TRUE(talk.session.client());
}

TEST(SessionFaults, LeasesLiveOnWhileTheLinkIsDownAndAreCheckedWhenItIsBack) {
  Conversation talk;
  talk.lease_block();
  talk.link_down();
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_EQ(talk.session.state(), SessionState::kAssigned);
  EXPECT_THAT(talk.happened<LeasesChanged>(), IsEmpty());
  talk.pass(seconds(2));
  EXPECT_THAT(talk.happened<OpenLink>(), SizeIs(1));
  talk.link_up();
  EXPECT_EQ(talk.sent<msg::ExtendRequest>().bind, BindId{1});
}

TEST(SessionFaults, ASilentGatewayIsConnectedToAgain) {
  Conversation talk;
  talk.link_up();
  talk.happened<OpenLink>();
  talk.sent<msg::RegisterRequest>();
  talk.pass(milliseconds(9900));
  EXPECT_THAT(talk.happened<CloseLink>(), IsEmpty());
  talk.pass(milliseconds(200));
  EXPECT_THAT(talk.happened<CloseLink>(), SizeIs(1));
  const auto problems = talk.happened<Problem>();
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_EQ(problems[0].error.kind, ErrorKind::kTimeout);
  talk.pass(seconds(2));
  EXPECT_THAT(talk.happened<OpenLink>(), SizeIs(1));
}

TEST(SessionFaults, AnUnreachableGatewayIsTriedLessAndLessOftenButAtLeastEveryMinute) {
  Conversation talk;
  int tries = 0;
  for (int i = 0; i < 36000; ++i) {
    for (const OpenLink& ignored : talk.happened<OpenLink>()) {
      (void)ignored;
      ++tries;
      talk.link_down();
    }
    talk.pass(milliseconds(100));
  }
  EXPECT_GE(tries, 60);  // in an hour
  EXPECT_LE(tries, 85);
}

TEST(SessionFaults, ANetworkThatIsBackIsTriedAtOnce) {
  Conversation talk;
  for (int i = 0; i < 8; ++i) {  // a minute's pause by now
    talk.link_down();
    talk.pass(seconds(61));
  }
  talk.link_down();
  talk.happened<OpenLink>();
  talk.feed(NetworkBack{});
  EXPECT_THAT(talk.happened<OpenLink>(), SizeIs(1));
  talk.feed(NetworkBack{});
  EXPECT_THAT(talk.happened<OpenLink>(), IsEmpty()) << "it is being opened";
  talk.link_down();
  talk.pass(milliseconds(1300));
  EXPECT_THAT(talk.happened<OpenLink>(), SizeIs(1)) << "short pauses again";
}

// H-163: equal or nothing.
TEST(SessionFaults, AnAnswerWithAnotherCounterIsDiscarded) {
  Conversation talk;
  talk.link_up();
  msg::RegisterResponse response{kClient, msg::LeaseTime(600), {}, {}, {}, {}};
  response.trailer.counter = 77;
  talk.feed(Received{response});
  EXPECT_FALSE(talk.session.client());
}

TEST(SessionFaults, AnAnswerWithoutACounterIsTakenOverTcp) {
  Conversation talk;
  talk.link_up();
  talk.feed(Received{msg::RegisterResponse{kClient, msg::LeaseTime(600), {}, {}, {}, {}}});
  EXPECT_TRUE(talk.session.client());
}

TEST(SessionFaults, ANewGatewayNeedNotEchoTheCounterLikeTheOldOne) {
  Conversation talk;
  talk.lease_block();
  talk.link_down();
  talk.pass(seconds(2));
  talk.link_up();
  talk.sent<msg::ExtendRequest>();
  talk.feed(Received{msg::ErrorResponse{301, {}, {}, {}}});
  talk.sent<msg::DeRegisterRequest>();
  talk.feed(Received{msg::ErrorResponse{301, {}, {}, {}}});
  talk.sent<msg::RegisterRequest>();
  talk.feed(Received{msg::RegisterResponse{ClientId{8}, msg::LeaseTime(600), {}, {}, {}, {}}});
  EXPECT_EQ(talk.session.client(), ClientId{8});
}

TEST(SessionFaults, AnAnswerToAQuestionNobodyAskedIsDiscarded) {
  Conversation talk;
  talk.lease_block();
  auto grant = Conversation::granted(BindId{2}, {6000, 8});
  talk.feed(Received{grant});
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
  talk.feed(Received{msg::ExtendResponse{kClient, BindId{1}, msg::LeaseTime(999999), {}}});
  EXPECT_LT(talk.session.leases()[0].expires_at, talk.now + seconds(2000));
}

TEST(SessionFaults, ARequestFromTheGatewayIsDiscarded) {
  Conversation talk;
  talk.lease_block();
  talk.tell(msg::FreeRequest{kClient, BindId{1}, {}});
  talk.tell(msg::RegisterRequest{});
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_TRUE(talk.silent());
}

// H-112, H-175: a notice.
TEST(SessionFaults, AnErrorTheGatewaySendsByItselfIsToldAndChangesNothing) {
  Conversation talk;
  talk.lease_block();
  talk.tell(msg::ErrorResponse{313, kClient, {}, {}});
  const auto problems = talk.happened<Problem>();
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_EQ(problems[0].error.kind, ErrorKind::kDenied);
  EXPECT_FALSE(problems[0].fatal_for_start);
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
}

TEST(SessionFaults, AFloodOfErrorsIsToldAboutOnceASecond) {
  Conversation talk;
  talk.lease_block();
  for (int i = 0; i < 1000; ++i) {
    talk.tell(msg::ErrorResponse{static_cast<std::uint16_t>(312 + i % 2), kClient, {}, {}});
  }
  EXPECT_THAT(talk.happened<Problem>(), SizeIs(1));
  talk.pass(seconds(1));
  talk.tell(msg::ErrorResponse{313, kClient, {}, {}});
  EXPECT_THAT(talk.happened<Problem>(), SizeIs(1));
}

/// Answers that get nobody anywhere, each to one kind of request.
struct Nonsense {
  const char* name;
  bool (*answer)(Conversation&, const msg::Message& request);  ///< False: another kind of request.
};

class SessionIsNotDrawnIntoAStorm : public testing::TestWithParam<Nonsense> {};

TEST_P(SessionIsNotDrawnIntoAStorm, ByAnswersThatLeadNowhere) {
  Conversation talk;
  talk.link_up();
  int requests = 0;
  for (const TimePoint end = talk.now + minutes(1); talk.now < end; talk.pass(milliseconds(50))) {
    for (int burst = 0; !talk.silent(); ++burst) {
      ASSERT_LT(burst, 20) << "without time passing";
      const auto request = talk.sent<msg::Message>();
      ++requests;
      if (GetParam().answer(talk, request)) continue;
      if (std::holds_alternative<msg::RegisterRequest>(request)) {
        talk.answer(msg::RegisterResponse{kClient, msg::LeaseTime(600), {}, {}, {}, {}});
      } else if (std::holds_alternative<msg::AssignRequestRsapIp>(request)) {
        auto lie = Conversation::granted(BindId{5}, {0, 8});  // to be freed
        talk.answer(lie);
      } else {
        talk.refuse(ErrorCode::kInternalServerError);
      }
    }
  }
  EXPECT_GE(requests, 2);
  EXPECT_LE(requests, 60) << "in a minute";
}

template <class Request, class Response>
bool answer_with(Conversation& talk, const msg::Message& request, Response response) {
  if (!std::holds_alternative<Request>(request)) return false;
  talk.answer(std::move(response));
  return true;
}

INSTANTIATE_TEST_SUITE_P(
    Table, SessionIsNotDrawnIntoAStorm,
    testing::Values(Nonsense{"AssignForAnotherClient",
                             [](Conversation& talk, const msg::Message& request) {
                               auto grant = Conversation::granted(BindId{1}, {5000, 8});
                               grant.client = ClientId{99};
                               return answer_with<msg::AssignRequestRsapIp>(talk, request, grant);
                             }},
                    Nonsense{"FreeOfAnotherBind",
                             [](Conversation& talk, const msg::Message& request) {
                               return answer_with<msg::FreeRequest>(
                                   talk, request, msg::FreeResponse{kClient, BindId{77}, {}});
                             }},
                    Nonsense{"RegisteredForNoTime",
                             [](Conversation& talk, const msg::Message& request) {
                               return answer_with<msg::RegisterRequest>(
                                   talk, request,
                                   msg::RegisterResponse{
                                       kClient, msg::LeaseTime(0), {}, {}, {}, {}});
                             }},
                    Nonsense{"AlreadyRegisteredForEver",
                             [](Conversation& talk, const msg::Message& request) {
                               if (answer_with<msg::DeRegisterRequest>(
                                       talk, request, msg::DeRegisterResponse{ClientId{98}, {}})) {
                                 return true;
                               }
                               return answer_with<msg::RegisterRequest>(
                                   talk, request, msg::ErrorResponse{302, ClientId{97}, {}, {}});
                             }},
                    Nonsense{"AssignedForNoTime",
                             [](Conversation& talk, const msg::Message& request) {
                               return answer_with<msg::AssignRequestRsapIp>(
                                   talk, request,
                                   Conversation::granted(BindId{1}, {5000, 8}, seconds(0)));
                             }}),
    [](const auto& nonsense) { return std::string(nonsense.param.name); });

struct Terms {
  const char* name;
  msg::RegisterResponse response;
};

class SessionCannotUse : public testing::TestWithParam<Terms> {};

TEST_P(SessionCannotUse, AGatewayWithOtherTerms) {
  Conversation talk;
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  talk.answer(GetParam().response);
  const auto problems = talk.happened<Problem>();
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_EQ(problems[0].error.kind, ErrorKind::kState);
  talk.link_down();
  talk.pass(seconds(2));
  talk.link_up();
  talk.pass(seconds(550));
  EXPECT_TRUE(talk.silent()) << "it accepts terms that it cannot keep";
  talk.pass_until_request();
  talk.sent<msg::DeRegisterRequest>();
  talk.answer(msg::DeRegisterResponse{kClient, {}});
  talk.sent<msg::RegisterRequest>();  // the terms may have changed
}

INSTANTIATE_TEST_SUITE_P(
    Offers, SessionCannotUse,
    testing::Values(
        Terms{"OnlyRsaIp", {kClient, msg::LeaseTime(600), {}, {msg::Method::kRsaIp}, {}, {}}},
        Terms{"OnlyGre", {kClient, msg::LeaseTime(600), {}, {}, {msg::TunnelType::kGre}, {}}}),
    [](const auto& offer) { return std::string(offer.param.name); });

}  // namespace
}  // namespace rsip::agent::test
