#include "common/auth/opener.h"
#include "common/auth/sealer.h"
#include "tests/unit/tests/gateway/server_fixture.h"
#include "tests/unit/tests/gateway/udp_client.h"

namespace rsip::gateway {
namespace {

const auth::Key kKey{5, *auth::Secret::parse("correct horse battery")};
const msg::DeRegisterResponse kNotice{{7}, {}};

Bytes register_request(std::uint32_t counter) {
  msg::RegisterRequest request;
  request.trailer.counter = counter;
  return *msg::encode(request);
}

/// A gateway that knows one key, and the host's end of it.
class SealedServer : public Server {
 protected:
  SealedServer()
      : sealer_(kKey, auth::Direction::kHostToGateway, 1000),
        opener_(kKey, auth::Direction::kGatewayToHost, 999) {}

  void start_with_key(bool required) {
    ServerSettings settings;
    settings.auth.keys = {{kKey}};
    settings.auth.required = required;
    start(settings);
  }

  Bytes sealed(Bytes message) {
    EXPECT_TRUE(sealer_.seal(message));
    return message;
  }
  /// What a sealed message of the gateway says.
  template <class Kind>
  std::optional<Kind> open(const std::optional<Bytes>& bytes) {
    if (!bytes) return std::nullopt;
    const auto opened = opener_.open(*bytes);
    EXPECT_TRUE(opened) << auth::to_string(opened.error());
    if (!opened) return std::nullopt;
    const auto message = msg::decode(opened->message);
    const auto* kind = message ? std::get_if<Kind>(&*message) : nullptr;
    return kind != nullptr ? std::optional(*kind) : std::nullopt;
  }

  auth::Sealer sealer_;
  auth::Opener opener_;
};

// H-020, A-14: sealed request, sealed answer
TEST_F(SealedServer, AnswersASealedRequestByASealedMessage) {
  start_with_key(true);
  UdpClient host(port_);
  host.send(sealed(register_request(1)));
  const auto response = open<msg::RegisterResponse>(host.receive_bytes());
  ASSERT_TRUE(response);
  EXPECT_EQ(response->trailer.counter, 1U);
  stop();
  EXPECT_EQ(senders_.back().key, 5U);
}

TEST_F(SealedServer, SealsOverTcpAsWell) {
  start_with_key(true);
  Client host(port_);
  host.send(sealed(register_request(1)));
  const auto response = host.receive<msg::RegisterResponse>();
  ASSERT_TRUE(response);
  ASSERT_EQ(response->trailer.vendor.size(), 1U);
  EXPECT_EQ(response->trailer.vendor[0].vendor, auth::kSealVendor);
}

TEST_F(SealedServer, SealsNotices) {
  start_with_key(false);
  UdpClient host(port_);
  host.send(sealed(register_request(1)));
  EXPECT_TRUE(open<msg::RegisterResponse>(host.receive_bytes()));
  notify(kNotice);
  EXPECT_EQ(open<msg::DeRegisterResponse>(host.receive_bytes()), kNotice);
}

// G-37: also a sealed copy, which would be a replay, is answered from the last message buffer
TEST_F(SealedServer, AnswersASealedCopyByTheSameBytes) {
  start_with_key(true);
  UdpClient host(port_);
  const Bytes request = sealed(register_request(1));
  host.send(request);
  const auto first = host.receive_bytes();
  ASSERT_TRUE(first);
  host.send(request);
  EXPECT_EQ(host.receive_bytes(), first);
  stop();
  EXPECT_EQ(senders_.size(), 1U);
  EXPECT_TRUE(refused_.empty());
}

// H-020: tampered and replayed control messages are rejected when authentication is on
TEST_F(SealedServer, KeepsSilentAboutTamperedAndReplayedMessages) {
  start_with_key(true);
  UdpClient host(port_);
  Bytes tampered = sealed(register_request(1));
  tampered[10] ^= 2;
  host.send(tampered);
  const Bytes first = sealed(register_request(2));
  host.send(first);
  EXPECT_TRUE(open<msg::RegisterResponse>(host.receive_bytes()));
  host.send(sealed(register_request(3)));
  EXPECT_TRUE(open<msg::RegisterResponse>(host.receive_bytes()));
  host.send(first);
  host.send(sealed(register_request(4)));
  const auto response = open<msg::RegisterResponse>(host.receive_bytes());
  ASSERT_TRUE(response);
  EXPECT_EQ(response->trailer.counter, 4U) << "nothing came in between";
  stop();
  EXPECT_EQ(senders_.size(), 3U);
  EXPECT_EQ(refused_.size(), 2U);
}

TEST_F(SealedServer, DeniesARegistrationWithoutASeal) {
  start_with_key(true);
  UdpClient host(port_);
  host.send(register_request(3));
  const auto error = host.receive<msg::ErrorResponse>();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), msg::ErrorCode::kRegistrationDenied);
  EXPECT_EQ(error->trailer.counter, 3U);
  stop();
  EXPECT_TRUE(senders_.empty());
}

TEST_F(SealedServer, DeniesARegistrationWithAKeyThatIsNotKnown) {
  start_with_key(false);
  auth::Sealer other({6, kKey.secret}, auth::Direction::kHostToGateway, 1);
  Bytes request = register_request(1);
  ASSERT_TRUE(other.seal(request));
  Client host(port_);
  host.send(request);
  const auto error = host.receive<msg::ErrorResponse>();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), msg::ErrorCode::kRegistrationDenied);
}

TEST_F(SealedServer, KeepsSilentAboutOtherMessagesWithoutASeal) {
  start_with_key(true);
  UdpClient host(port_);
  host.send(free_request(1, 1));
  host.send({1, 2, 3});
  host.send(sealed(register_request(2)));
  EXPECT_TRUE(open<msg::RegisterResponse>(host.receive_bytes()));
  stop();
  EXPECT_EQ(senders_.size(), 1U);
  EXPECT_EQ(refused_.size(), 2U);
}

TEST_F(SealedServer, KeepsSilentAboutAStreamOfGarbage) {
  start_with_key(true);
  Client host(port_);
  host.send({'G', 'E', 'T', ' ', '/'});
  EXPECT_FALSE(host.receive()) << "closed without a word";
  stop();
  EXPECT_TRUE(senders_.empty());
}

TEST_F(SealedServer, SendsNoNoticeToWhereAForgerWasHeard) {
  start_with_key(false);
  UdpClient host(port_);
  UdpClient forger(port_);
  host.send(sealed(register_request(1)));
  EXPECT_TRUE(open<msg::RegisterResponse>(host.receive_bytes()));
  forger.send(register_request(9));
  EXPECT_TRUE(forger.receive<msg::ErrorResponse>());
  notify(kNotice);
  EXPECT_EQ(open<msg::DeRegisterResponse>(host.receive_bytes()), kNotice);
}

TEST_F(SealedServer, ServesHostsWithoutAKeyUnlessAuthenticationIsRequired) {
  start_with_key(false);
  UdpClient host(port_);
  host.send(register_request(1));
  const auto response = host.receive<msg::RegisterResponse>();
  ASSERT_TRUE(response);
  EXPECT_TRUE(response->trailer.vendor.empty());
}

}  // namespace
}  // namespace rsip::gateway
