#include <gmock/gmock.h>

#include "tests/unit/agent/control/conversation.h"

// What is local? (RFC 3103 sections 9.14 and 9.15)
namespace rsip::agent::test {
namespace {

using msg::ErrorCode;
using std::chrono::hours;
using testing::IsEmpty;
using testing::SizeIs;

const Ipv4Prefix kOffice{Ipv4Address{0x0A000000}, 8};

/// Assigned, and the question for everything is out.
Conversation asking() {
  Conversation talk;
  talk.answers_queries = false;
  talk.lease_block(minutes(600));
  return talk;
}

/// The same after an empty answer.
Conversation settled() {
  Conversation talk = asking();
  talk.sent<msg::QueryRequest>();
  talk.answer(msg::QueryResponse{kClient, {}, {}, {}, {}, {}});
  talk.happened<LocalityKnown>();
  return talk;
}

// H-149, H-153: no tuple asks for all.
TEST(SessionQuery, AsksForEverythingOnceRegistered) {
  Conversation talk = asking();
  const auto question = talk.sent<msg::QueryRequest>();
  EXPECT_EQ(question.client, kClient);
  EXPECT_THAT(question.addresses, IsEmpty());
  EXPECT_THAT(question.networks, IsEmpty());
  const msg::NetworkTuple office{kOffice.address, msg::Ipv4Netmask{kOffice.mask()}};
  talk.answer(msg::QueryResponse{kClient, {}, {office}, {}, {}, {}});
  const auto known = talk.happened<LocalityKnown>();
  ASSERT_THAT(known, SizeIs(1));
  EXPECT_TRUE(known[0].asked_everything);
  EXPECT_THAT(known[0].answer.local_networks, SizeIs(1));
}

// what flows wait for goes first.
TEST(SessionQuery, ComesAfterWhatFlowsWaitFor) {
  Conversation talk;
  talk.answers_queries = false;
  talk.register_host();
  talk.sent<msg::AssignRequestRsapIp>();
  talk.feed(QueryWanted{{kPeer}, {}});
  talk.feed(ListenWanted{{80, {}, false, {}}});
  talk.grant(BindId{1}, {5000, 32});
  talk.sent<msg::ListenRequest>();
}

// H-044, H-045: what is known grows old, in an hour or when the network changes.
TEST(SessionQuery, AsksForEverythingAgainEachHourAndWhenTheNetworkIsBack) {
  Conversation talk = settled();
  talk.pass(minutes(59));
  EXPECT_TRUE(talk.silent());
  talk.pass(seconds(61));
  talk.sent<msg::QueryRequest>();
  talk.answer(msg::QueryResponse{kClient, {}, {}, {}, {}, {}});
  talk.feed(NetworkBack{});
  talk.sent<msg::QueryRequest>();
}

// H-148, H-150: addresses as they are, networks with their masks.
TEST(SessionQuery, AsksForSingleAddressesAndNetworks) {
  Conversation talk = settled();
  talk.feed(QueryWanted{{kPeer}, {kOffice}});
  const auto question = talk.sent<msg::QueryRequest>();
  ASSERT_THAT(question.addresses, SizeIs(1));
  EXPECT_EQ(question.addresses[0].address, msg::Address(kPeer));
  ASSERT_THAT(question.networks, SizeIs(1));
  EXPECT_EQ(question.networks[0].network, msg::Address(kOffice.address));
  EXPECT_EQ(question.networks[0].netmask, msg::Address(msg::Ipv4Netmask{0xFF000000}));
}

// H-152: an empty answer is an answer, "remote".
TEST(SessionQuery, PassesAnEmptyAnswerOn) {
  Conversation talk = settled();
  talk.feed(QueryWanted{{kPeer}, {}});
  talk.sent<msg::QueryRequest>();
  talk.answer(msg::QueryResponse{kClient, {}, {}, {}, {}, {}});
  const auto known = talk.happened<LocalityKnown>();
  ASSERT_THAT(known, SizeIs(1));
  EXPECT_FALSE(known[0].asked_everything);
  EXPECT_THAT(known[0].answer.local_addresses, IsEmpty());
}

TEST(SessionQuery, AsksForWhatIsWantedMeanwhileInOneRequest) {
  Conversation talk = asking();
  talk.sent<msg::QueryRequest>();
  talk.feed(QueryWanted{{kPeer}, {}});
  talk.feed(QueryWanted{{kPeer, kPublic}, {}});
  EXPECT_TRUE(talk.silent());
  talk.answer(msg::QueryResponse{kClient, {}, {}, {}, {}, {}});
  EXPECT_THAT(talk.sent<msg::QueryRequest>().addresses, SizeIs(2)) << "each once";
}

// H-105, H-192, H-194: marked, and asked for no more.
TEST(SessionQuery, IsNotRepeatedWhenTheGatewayDoesNotSupportIt) {
  for (const ErrorCode code : {ErrorCode::kIllegalMessage, ErrorCode::kUnsupportedMessage}) {
    Conversation talk = asking();
    talk.sent<msg::QueryRequest>();
    talk.refuse(code);
    EXPECT_THAT(talk.happened<Problem>(), IsEmpty());
    talk.pass(hours(3));
    EXPECT_TRUE(talk.silent());
    talk.feed(QueryWanted{{kPeer}, {}});
    EXPECT_THAT(talk.happened<LocalityKnown>(), SizeIs(1)) << "whoever asks is answered";
    EXPECT_TRUE(talk.silent());
  }
}

TEST(SessionQuery, IsRepeatedMinutesLaterWhenTheGatewayCannotAnswerNow) {
  Conversation talk = asking();
  talk.sent<msg::QueryRequest>();
  talk.refuse(ErrorCode::kInternalServerError);
  talk.pass(minutes(4));
  EXPECT_TRUE(talk.silent());
  talk.pass(minutes(2));
  talk.sent<msg::QueryRequest>();
}

TEST(SessionQuery, IsAskedAgainIfTheConnectionEndsBeforeTheAnswer) {
  Conversation talk = settled();
  talk.feed(QueryWanted{{kPeer}, {}});
  talk.sent<msg::QueryRequest>();
  talk.link_down();
  talk.pass(seconds(2));
  talk.link_up();
  talk.sent<msg::ExtendRequest>();
  talk.answer(msg::ExtendResponse{kClient, BindId{1}, msg::LeaseTime(36000), {}});
  EXPECT_THAT(talk.sent<msg::QueryRequest>().addresses, SizeIs(1));
}

TEST(SessionQuery, AsksForABoundedNumberOfThings) {
  Conversation talk;
  talk.answers_queries = false;
  QueryWanted much;
  for (std::uint32_t i = 0; i < 5000; ++i) much.addresses.push_back(Ipv4Address{kPeer.value + i});
  talk.feed(much);
  talk.lease_block();
  EXPECT_THAT(talk.sent<msg::QueryRequest>().addresses, SizeIs(Queries::kMost));
}

// H-174: an unreachable tunnel endpoint is a hint, verified with a control message, not too often.
TEST(SessionQuery, VerifiesTheHintThatATunnelIsUnreachableNowAndThen) {
  Conversation talk = settled();
  for (int i = 0; i < 1000; ++i) talk.feed(TunnelUnreachable{});
  EXPECT_EQ(talk.sent<msg::ExtendRequest>().bind, BindId{1});
  talk.answer(msg::ExtendResponse{kClient, BindId{1}, msg::LeaseTime(36000), {}});
  talk.feed(TunnelUnreachable{});
  EXPECT_TRUE(talk.silent());
  talk.pass(seconds(11));
  talk.feed(TunnelUnreachable{});
  talk.sent<msg::ExtendRequest>();
}

// H-174: with nothing leased a question does.
TEST(SessionQuery, VerifiesTheHintByAQuestionIfNothingIsLeased) {
  Conversation talk;
  talk.policy.remote = msg::RemoteFlowPolicy::kMacro;
  talk.answers_queries = false;
  talk.register_host();
  talk.sent<msg::QueryRequest>();
  talk.answer(msg::QueryResponse{kClient, {}, {}, {}, {}, {}});
  talk.feed(TunnelUnreachable{});
  talk.sent<msg::QueryRequest>();
}

}  // namespace
}  // namespace rsip::agent::test
