#include "agent/transport/inbox.h"

#include "common/auth/sealer.h"
#include "tests/unit/agent/transport/link_fixture.h"

namespace rsip::agent {
namespace {

using Bytes = std::vector<std::uint8_t>;

auth::Key key(std::uint32_t id = 1) {
  return {id, *auth::Secret::parse("correct horse battery")};
}

class InboxTest : public LinkFixture {
 protected:
  void use(bool with_key, bool required, std::uint64_t newer_than = 0) {
    LinkSettings all = settings(4555, Transport::kTcp);
    if (with_key) all.key = key();
    all.authentication_required = required;
    inbox_.emplace(all, newer_than);
  }

  std::optional<Error> take(const Bytes& bytes) { return inbox_->take(bytes, log_.events()); }
  std::optional<Error> take_plain() { return take(*msg::encode(response(7))); }
  static Bytes sealed(std::uint64_t counter, const auth::Key& with = key()) {
    Bytes bytes = *msg::encode(response(7));
    auth::Sealer sealer(with, auth::Direction::kGatewayToHost, counter);
    EXPECT_TRUE(sealer.seal(bytes));
    return bytes;
  }

  std::optional<Inbox> inbox_;
};

TEST_F(InboxTest, TakesWhatComesWhenThereIsNoKey) {
  use(false, false);
  EXPECT_FALSE(take_plain());
  EXPECT_FALSE(take(sealed(1)));
  EXPECT_EQ(log_.messages.size(), 2U);
}

TEST_F(InboxTest, TakesTheSealOffWhatIsGenuine) {
  use(true, true);
  EXPECT_FALSE(take(sealed(1)));
  EXPECT_EQ(log_.messages, std::vector<msg::Message>{response(7)});
}

TEST_F(InboxTest, TakesAGatewayThatNeverSealsUnlessAuthenticationIsRequired) {
  use(true, false);
  EXPECT_FALSE(take_plain());
  EXPECT_FALSE(take_plain());
  EXPECT_EQ(log_.messages.size(), 2U);
}

// H-020: required authentication ends with a gateway that does not have it
TEST_F(InboxTest, GivesUpAGatewayThatDoesNotSealAlthoughItHasTo) {
  use(true, true);
  const auto reason = take_plain();
  ASSERT_TRUE(reason);
  EXPECT_EQ(reason->kind, ErrorKind::kDenied);
  EXPECT_EQ(reason->message, "gateway 127.0.0.1:4555 does not authenticate its messages");
  EXPECT_NE(reason->hint.find("secret_file"), std::string::npos);
  EXPECT_TRUE(log_.messages.empty());
}

TEST_F(InboxTest, TakesNothingUnsealedFromAGatewayThatHasSealedOnce) {
  for (const bool required : {false, true}) {
    log_ = {};
    use(true, required);
    EXPECT_FALSE(take(sealed(1)));
    EXPECT_FALSE(take_plain()) << "a forger cannot take the link down either";
    EXPECT_EQ(log_.messages.size(), 1U);
    ASSERT_EQ(log_.rejected.size(), 1U);
    EXPECT_EQ(log_.rejected[0].kind, ErrorKind::kDenied);
    EXPECT_NE(log_.rejected[0].message.find("not sealed"), std::string::npos);
  }
}

// H-020: tampered and replayed messages are refused
TEST_F(InboxTest, RejectsWhatIsChangedOldOrSealedWithAnotherKey) {
  use(true, false);
  Bytes changed = sealed(1);
  changed[10] ^= 1;
  EXPECT_FALSE(take(changed));
  EXPECT_FALSE(take(sealed(1, key(2))));
  EXPECT_TRUE(log_.messages.empty());
  EXPECT_FALSE(take(sealed(1)));
  EXPECT_FALSE(take(sealed(1)));
  EXPECT_EQ(log_.messages.size(), 1U);
  ASSERT_EQ(log_.rejected.size(), 3U);
  EXPECT_NE(log_.rejected[0].message.find("changed under way"), std::string::npos);
  EXPECT_NE(log_.rejected[1].message.find("not known"), std::string::npos);
  EXPECT_NE(log_.rejected[2].message.find("came before"), std::string::npos);
}

TEST_F(InboxTest, RejectsAnswersFromBeforeTheConnection) {
  use(true, true, 500);
  EXPECT_FALSE(take(sealed(500)));
  EXPECT_TRUE(log_.messages.empty());
  EXPECT_FALSE(take(sealed(501)));
  EXPECT_EQ(log_.messages.size(), 1U);
}

TEST_F(InboxTest, SaysWhatIsWrongWithAGenuineMessageThatCannotBeRead) {
  use(true, true);
  Bytes bytes = {1, 5, 0, 4};
  auth::Sealer gateway(key(), auth::Direction::kGatewayToHost, 1);
  ASSERT_TRUE(gateway.seal(bytes));
  EXPECT_FALSE(take(bytes));
  ASSERT_EQ(log_.discarded.size(), 1U);
  EXPECT_EQ(log_.discarded[0].code, msg::ErrorCode::kMissingParam);
}

}  // namespace
}  // namespace rsip::agent
