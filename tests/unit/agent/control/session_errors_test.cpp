#include <gmock/gmock.h>

#include "tests/unit/agent/control/conversation.h"

// RFC 3103 appendix A, error by error: each has its action.
namespace rsip::agent::test {
namespace {

using msg::ErrorCode;
using std::chrono::hours;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// What follows an error that answers a request.
struct Row {
  int code;
  Duration pause;   ///< The same request again after this at the latest ...
  Duration silent;  ///< ... and not before this.
  const char* told;
};

std::string name_of(const testing::TestParamInfo<Row>& row) {
  return std::to_string(row.param.code);
}

class RegisterRefused : public testing::TestWithParam<Row> {};

// H-117, H-181, H-184, H-185, H-186, H-187, H-188, H-191, H-193, H-198: never at once again.
TEST_P(RegisterRefused, IsToldAndRepeatedInItsTime) {
  Conversation talk;
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  talk.refuse(static_cast<ErrorCode>(GetParam().code));
  const auto problems = talk.happened<Problem>();
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_THAT(problems[0].error.message, HasSubstr(GetParam().told));
  talk.pass(GetParam().silent);
  EXPECT_TRUE(talk.silent());
  talk.pass(GetParam().pause - GetParam().silent);
  talk.sent<msg::RegisterRequest>();
  EXPECT_TRUE(talk.silent());
}

INSTANTIATE_TEST_SUITE_P(
    Table, RegisterRefused,
    testing::Values(Row{101, seconds(2), milliseconds(700), "UNKNOWN_ERROR"},
                    Row{104, seconds(2), milliseconds(700), "internal fault"},
                    Row{105, seconds(301), seconds(299), "message counter"},
                    Row{106, seconds(3601), seconds(3599), "RSIP version 1"},
                    Row{201, seconds(301), seconds(299), "misses a parameter"},
                    Row{202, seconds(301), seconds(299), "parameter twice"},
                    Row{205, seconds(301), seconds(299), "parameter malformed"},
                    Row{206, seconds(301), seconds(299), "ILLEGAL_MESSAGE"},
                    Row{207, seconds(301), seconds(299), "message malformed"},
                    Row{208, seconds(301), seconds(299), "does not support"},
                    Row{304, seconds(301), seconds(299), "refuses to register"},
                    Row{999, seconds(2), milliseconds(700), "999"}),
    name_of);

class AssignRefused : public testing::TestWithParam<Row> {};

// H-181, H-184, H-202, H-204, H-205, H-206, H-207: asked again later, for nothing can change.
TEST_P(AssignRefused, IsToldAndRepeatedInItsTime) {
  Conversation talk;
  talk.register_host(hours(10));
  talk.sent<msg::AssignRequestRsapIp>();
  talk.refuse(static_cast<ErrorCode>(GetParam().code));
  const auto problems = talk.happened<Problem>();
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_THAT(problems[0].error.message, HasSubstr(GetParam().told));
  talk.pass(GetParam().silent);
  EXPECT_TRUE(talk.silent());
  talk.pass(GetParam().pause - GetParam().silent);
  talk.sent<msg::AssignRequestRsapIp>();
  EXPECT_TRUE(talk.silent());
}

INSTANTIATE_TEST_SUITE_P(
    Table, AssignRefused,
    testing::Values(Row{101, seconds(2), milliseconds(700), "UNKNOWN_ERROR"},
                    Row{102, seconds(2), milliseconds(700), "TCP"},
                    Row{104, seconds(2), milliseconds(700), "internal fault"},
                    Row{105, seconds(301), seconds(299), "message counter"},
                    Row{106, seconds(2), milliseconds(700), "RSIP version 1"},
                    Row{201, seconds(301), seconds(299), "misses a parameter"},
                    Row{202, seconds(301), seconds(299), "parameter twice"},
                    Row{205, seconds(301), seconds(299), "parameter malformed"},
                    Row{207, seconds(301), seconds(299), "message malformed"},
                    Row{307, seconds(2), milliseconds(700), "tunnel type"},
                    Row{308, seconds(2), milliseconds(700), "no public address left"},
                    Row{310, seconds(2), milliseconds(700), "in use"},
                    Row{311, seconds(2), milliseconds(700), "in use"},
                    Row{312, seconds(2), milliseconds(700), "not allow"},
                    Row{313, seconds(2), milliseconds(700), "not allow"},
                    Row{314, seconds(2), milliseconds(700), "not allow that destination"},
                    Row{315, seconds(2), milliseconds(700), "not allow that destination"}),
    name_of);

class Unsupported : public testing::TestWithParam<Row> {};

// H-192, H-194, H-105: until the next registration.
TEST_P(Unsupported, AssignmentsAreNotAskedForAgain) {
  Conversation talk;
  talk.register_host(hours(1));
  talk.sent<msg::AssignRequestRsapIp>();
  talk.refuse(static_cast<ErrorCode>(GetParam().code));
  EXPECT_THAT(talk.happened<Problem>(), SizeIs(1));
  talk.pass(minutes(50));
  EXPECT_TRUE(talk.silent());
  EXPECT_TRUE(talk.session.client());
}

INSTANTIATE_TEST_SUITE_P(Table, Unsupported,
                         testing::Values(Row{206, {}, {}, ""}, Row{208, {}, {}, ""}), name_of);

class OptionalParameters : public testing::TestWithParam<Row> {};

// H-189, H-190: once more without them, and no third time.
TEST_P(OptionalParameters, AreLeftOutForAGatewayThatStumblesOverThem) {
  Conversation talk;
  talk.register_host(hours(10));
  EXPECT_TRUE(talk.sent<msg::AssignRequestRsapIp>().lease);
  talk.refuse(static_cast<ErrorCode>(GetParam().code));
  EXPECT_THAT(talk.happened<Problem>(), IsEmpty());
  const auto plain = talk.sent<msg::AssignRequestRsapIp>();
  EXPECT_FALSE(plain.lease);
  EXPECT_FALSE(plain.tunnel);
  EXPECT_FALSE(plain.trailer.counter);
  talk.refuse(static_cast<ErrorCode>(GetParam().code));
  EXPECT_THAT(talk.happened<Problem>(), SizeIs(1));
  talk.pass(seconds(290));
  EXPECT_TRUE(talk.silent());
}

TEST_P(OptionalParameters, AreLeftOutOfARegistrationAndAnExtensionToo) {
  Conversation talk;
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  talk.refuse(static_cast<ErrorCode>(GetParam().code));
  EXPECT_FALSE(talk.sent<msg::RegisterRequest>().trailer.counter);
  talk.answer(msg::RegisterResponse{kClient, msg::LeaseTime(600), {}, {}, {}, {}});
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{1}, {5000, 8});
  talk.feed(RenewWanted{});
  EXPECT_FALSE(talk.sent<msg::ExtendRequest>().lease);
}

// H-166, H-185: the counter alone, if the gateway wants it.
TEST_P(OptionalParameters, MayBeLeftOutButForTheCounter) {
  Conversation talk;
  talk.register_host(hours(10));
  talk.sent<msg::AssignRequestRsapIp>();
  talk.refuse(static_cast<ErrorCode>(GetParam().code));
  talk.sent<msg::AssignRequestRsapIp>();
  talk.refuse(ErrorCode::kMessageCounterRequired);
  const auto request = talk.sent<msg::AssignRequestRsapIp>();
  EXPECT_TRUE(request.trailer.counter);
  EXPECT_FALSE(request.lease);
  talk.refuse(ErrorCode::kMessageCounterRequired);
  EXPECT_TRUE(talk.silent()) << "no loop";
  EXPECT_THAT(talk.happened<Problem>(), SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(Table, OptionalParameters,
                         testing::Values(Row{203, {}, {}, ""}, Row{204, {}, {}, ""}), name_of);

class LossOfSynchronisation : public testing::TestWithParam<Row> {};

// H-171, H-172, H-195, H-199: a de-registration with the old client id, then everything anew.
TEST_P(LossOfSynchronisation, IsMendedByRegisteringAnew) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  talk.pass_until_request();
  talk.sent<msg::ExtendRequest>();
  talk.refuse(static_cast<ErrorCode>(GetParam().code));
  EXPECT_EQ(talk.sent<msg::DeRegisterRequest>().client, kClient);
  talk.refuse(static_cast<ErrorCode>(GetParam().code));
  talk.sent<msg::RegisterRequest>();
}

TEST_P(LossOfSynchronisation, IsHeardOfWhenTheGatewaySaysItByItself) {
  Conversation talk;
  talk.lease_block();
  talk.tell(msg::ErrorResponse{static_cast<std::uint16_t>(GetParam().code), kClient, {}, {}});
  talk.sent<msg::DeRegisterRequest>();
  EXPECT_THAT(talk.session.leases(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Table, LossOfSynchronisation,
                         testing::Values(Row{301, {}, {}, ""}, Row{305, {}, {}, ""}), name_of);

// H-197: there is nothing left to de-register.
TEST(SessionErrors, AlreadyUnregisteredMeansThatTheHostIs) {
  Conversation talk;
  talk.lease_block();
  talk.feed(RenewWanted{});
  talk.sent<msg::ExtendRequest>();
  talk.refuse(ErrorCode::kAlreadyUnregistered);
  EXPECT_THAT(talk.session.leases(), IsEmpty());
  talk.sent<msg::RegisterRequest>();
}

// H-197, A-03: both answers to a de-registration mean that it is done.
TEST(SessionErrors, ADeRegistrationThatIsRefusedIsDone) {
  for (const ErrorCode code : {ErrorCode::kAlreadyUnregistered, ErrorCode::kRegisterFirst}) {
    Conversation talk;
    talk.register_host();
    talk.sent<msg::AssignRequestRsapIp>();
    talk.grant(BindId{1}, {5000, 8});
    talk.feed(Stop{});
    talk.sent<msg::FreeRequest>();
    talk.answer(msg::FreeResponse{kClient, BindId{1}, {}});
    talk.sent<msg::DeRegisterRequest>();
    talk.refuse(code);
    EXPECT_THAT(talk.happened<Finished>(), SizeIs(1));
  }
}

// H-116, H-169, H-196: at once, with the client id that the gateway names.
TEST(SessionErrors, ARestartedHostIsAssignedAgainInLessThanASecond) {
  Conversation talk;
  talk.link_up();
  const TimePoint start = talk.now;
  talk.sent<msg::RegisterRequest>();
  talk.answer(msg::ErrorResponse{302, ClientId{55}, {}, {}});
  EXPECT_EQ(talk.sent<msg::DeRegisterRequest>().client, ClientId{55});
  talk.answer(msg::DeRegisterResponse{ClientId{55}, {}});
  talk.sent<msg::RegisterRequest>();
  talk.answer(msg::RegisterResponse{kClient, msg::LeaseTime(600), {}, {}, {}, {}});
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{1}, {5000, 8});
  EXPECT_EQ(talk.session.state(), SessionState::kAssigned);
  EXPECT_LT(talk.now - start, seconds(1));
}

// H-113, H-200: that bind alone.
TEST(SessionErrors, ABindThatTheGatewayDoesNotKnowIsReplaced) {
  Conversation talk({kGateway, msg::Method::kRsapIp, 8});
  talk.lease_block();
  talk.feed(PortsWanted{});
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{2}, {6000, 8});
  talk.feed(RenewWanted{{BindId{1}}});
  talk.sent<msg::ExtendRequest>();
  talk.answer(msg::ErrorResponse{306, kClient, BindId{1}, {}});
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local_ports, msg::Ports::contiguous({5000, 32}));
}

// H-113: said by itself it is looked into.
TEST(SessionErrors, ABindIsVerifiedWhenTheGatewaySaysByItselfThatItIsBad) {
  Conversation talk;
  talk.lease_block();
  talk.tell(msg::ErrorResponse{306, kClient, BindId{1}, {}});
  EXPECT_EQ(talk.sent<msg::ExtendRequest>().bind, BindId{1});
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
}

// H-146: whether the gateway knows the others, their extensions find out.
TEST(SessionErrors, AnErrorOnFreeHasTheOtherBindsVerified) {
  Conversation talk({kGateway, msg::Method::kRsapIp, 8});
  talk.lease_block();
  talk.feed(PortsWanted{});
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{2}, {6000, 8});
  talk.feed(LeasesIdle{{}, {BindId{1}}});
  talk.feed(LeasesIdle{{BindId{1}}, {}});
  talk.sent<msg::FreeRequest>();
  talk.refuse(ErrorCode::kBadBindId);
  EXPECT_EQ(talk.sent<msg::ExtendRequest>().bind, BindId{2});
}

// H-137, H-203: fewer, then later.
TEST(SessionErrors, TooManyPortsAreHalvedAndThenAskedForLater) {
  Conversation talk({kGateway, msg::Method::kRsapIp, 4});
  talk.register_host();
  for (const std::uint8_t count : std::initializer_list<std::uint8_t>{4, 2, 1}) {
    EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local_ports, msg::Ports::dont_care(count));
    talk.refuse(ErrorCode::kLocalAddrportUnavailable);
  }
  EXPECT_TRUE(talk.silent());
  EXPECT_THAT(talk.happened<Problem>(), SizeIs(1));
  talk.pass(seconds(2));
  talk.sent<msg::AssignRequestRsapIp>();
}

// H-141, H-144: another moment may do.
TEST(SessionErrors, AnExtensionIsTriedAgainUnlessItsBytesAreTheFault) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  talk.feed(RenewWanted{});
  talk.sent<msg::ExtendRequest>();
  talk.refuse(ErrorCode::kBadParam);
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
  talk.pass(seconds(299));
  EXPECT_TRUE(talk.silent());
  talk.pass(seconds(2));
  talk.sent<msg::ExtendRequest>();
}

TEST(SessionErrors, ExtensionsThatTheGatewayDoesNotSupportAreReplacedByNewLeases) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  talk.feed(RenewWanted{});
  talk.sent<msg::ExtendRequest>();
  talk.refuse(ErrorCode::kUnsupportedMessage);
  talk.pass(seconds(990));
  EXPECT_TRUE(talk.silent());
  talk.pass(seconds(10));
  EXPECT_TRUE(talk.session.leases().empty());
  talk.sent<msg::AssignRequestRsapIp>();
}

class Misuse : public testing::TestWithParam<Row> {};

// H-112, H-175: told about now and then; what was leased stays.
TEST_P(Misuse, IsToldWhenTheGatewaySaysSoByItself) {
  Conversation talk;
  talk.lease_block();
  for (int i = 0; i < 100; ++i) {
    talk.tell(msg::ErrorResponse{static_cast<std::uint16_t>(GetParam().code), kClient, {}, {}});
  }
  const auto problems = talk.happened<Problem>();
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_FALSE(problems[0].fatal_for_start);
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_THAT(talk.session.refused(), IsEmpty()) << "which remote was it?";
  EXPECT_TRUE(talk.silent());
}

INSTANTIATE_TEST_SUITE_P(Table, Misuse,
                         testing::Values(Row{104, {}, {}, ""}, Row{307, {}, {}, ""},
                                         Row{312, {}, {}, ""}, Row{313, {}, {}, ""},
                                         Row{314, {}, {}, ""}, Row{315, {}, {}, ""}),
                         name_of);

// H-111, H-112: in every state, at any time, for ever.
TEST(SessionErrors, EndlessErrorsDoNotMakeAStorm) {
  for (int code = 0; code <= 420; ++code) {
    Conversation talk;
    talk.policy.remote =
        code % 2 == 0 ? msg::RemoteFlowPolicy::kNone : msg::RemoteFlowPolicy::kMicro;
    talk.answers_queries = false;
    talk.link_up();
    int requests = 0;
    for (const TimePoint end = talk.now + minutes(2); talk.now < end;
         talk.pass(milliseconds(100))) {
      talk.feed(PortsWanted{{{kPeer, 443}}});
      while (!talk.silent() && requests < 1000) {
        ++requests;
        const auto request = talk.sent<msg::Message>();
        if (std::holds_alternative<msg::RegisterRequest>(request) && code % 3 != 0) {
          talk.answer(msg::RegisterResponse{kClient, msg::LeaseTime(600), talk.policy, {}, {}, {}});
        } else {
          talk.answer(msg::ErrorResponse{static_cast<std::uint16_t>(code), ClientId{9}, {}, {}});
        }
      }
      talk.tell(msg::ErrorResponse{static_cast<std::uint16_t>(code), {}, {}, {}});
    }
    EXPECT_LE(requests, 80) << "error " << code;
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace rsip::agent::test
