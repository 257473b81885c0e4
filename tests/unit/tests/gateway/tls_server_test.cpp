#include "tests/gateway/server/tls_server.h"

#include <algorithm>
#include <cstdio>
#include <openssl/ssl.h>

#include <boost/asio/ssl.hpp>

#include "tests/fakes/certificates.h"
#include "tests/unit/tests/gateway/server_fixture.h"

namespace rsip::gateway {
namespace {

namespace ssl = asio::ssl;
using boost::system::error_code;

const std::string kPskText = "0123456789abcdef0123456789abcdef";

/// The pre-shared key that a TlsClient offers, by the older of OpenSSL's two interfaces for it.
unsigned offer_psk(SSL*, const char*, char* identity, unsigned identity_room, unsigned char* key,
                   unsigned room) {
  const auto secret = *auth::Secret::parse(kPskText);
  if (secret.bytes().size() > room) return 0;
  std::snprintf(identity, identity_room, "host-7");
  std::ranges::copy(secret.bytes(), key);
  return static_cast<unsigned>(secret.bytes().size());
}

/// A host's end of TLS, blocking.
class TlsHost {
 public:
  explicit TlsHost(std::uint16_t port, const std::string& ca_file = {})
      : context_(ssl::context::tls_client), socket_(io_) {
    context_.set_verify_mode(ssl::verify_peer);
    if (ca_file.empty()) {
      SSL_CTX_set_psk_client_callback(context_.native_handle(), offer_psk);
    } else {
      context_.load_verify_file(ca_file);
    }
    socket_.open(tcp::v4());
    const timeval patience{5, 0};
    setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    socket_.connect({asio::ip::address_v4::loopback(), port});
    stream_.emplace(socket_, context_);
  }

  error_code handshake() {
    error_code error;
    stream_->handshake(ssl::stream_base::client, error);
    return error;
  }
  void send(const Bytes& bytes) { asio::write(*stream_, asio::buffer(bytes)); }
  std::optional<msg::Message> receive() {
    for (;;) {
      const auto frame = framer_.next();
      if (frame && *frame) return *msg::decode(**frame);
      std::uint8_t buffer[4096];
      error_code error;
      const std::size_t count = stream_->read_some(asio::buffer(buffer), error);
      if (error) return std::nullopt;
      framer_.feed(std::span(buffer, count));
    }
  }
  /// Waits until the server has closed.
  void wait_for_end() {
    std::uint8_t buffer[4096];
    while (::recv(socket_.native_handle(), buffer, sizeof buffer, 0) > 0) continue;
  }
  /// Whether the server has answered the request.
  bool works() {
    send(free_request(1, 1));
    return receive().has_value();
  }

 private:
  asio::io_context io_;
  ssl::context context_;
  tcp::socket socket_;
  std::optional<ssl::stream<tcp::socket&>> stream_;
  msg::Framer framer_;
};

class TlsServerTest : public Server {
 protected:
  static fakes::CertificateAuthority& authority() {
    static fakes::CertificateAuthority one;
    return one;
  }
  static TlsServerSettings with_certificate() {
    static const auto files = authority().issue();
    TlsServerSettings tls;
    tls.certificate = files.certificate;
    tls.private_key = files.private_key;
    return tls;
  }
  static TlsServerSettings with_psk(const std::string& secret = kPskText) {
    TlsServerSettings tls;
    tls.psks = {{"host-6", *auth::Secret::parse("some other secret")},
                {"host-7", *auth::Secret::parse(secret)}};
    return tls;
  }

  void start_tls(TlsServerSettings tls, ServerSettings settings = {}) {
    settings.tls = std::move(tls);
    start(settings);
    tls_port_ = server_->tls_port();
  }

  std::uint16_t tls_port_ = 0;
};

TEST_F(TlsServerTest, ServesHostsThatTrustItsCertificate) {
  start_tls(with_certificate());
  TlsHost host(tls_port_, authority().ca_file());
  ASSERT_EQ(host.handshake(), error_code());
  EXPECT_TRUE(host.works());
  notify(msg::DeRegisterResponse{{7}, {}});
  EXPECT_TRUE(host.receive());
  stop();
  EXPECT_EQ(senders_.at(0).transport, Transport::kTcp);
}

TEST_F(TlsServerTest, ServesHostsWithItsPreSharedKey) {
  start_tls(with_psk());
  TlsHost host(tls_port_);
  ASSERT_EQ(host.handshake(), error_code());
  EXPECT_TRUE(host.works());
}

TEST_F(TlsServerTest, MayHaveBoth) {
  TlsServerSettings both = with_certificate();
  both.psks = with_psk().psks;
  start_tls(both);
  TlsHost by_key(tls_port_);
  ASSERT_EQ(by_key.handshake(), error_code());
  EXPECT_TRUE(by_key.works());
  TlsHost by_certificate(tls_port_, authority().ca_file());
  ASSERT_EQ(by_certificate.handshake(), error_code());
  EXPECT_TRUE(by_certificate.works());
}

TEST_F(TlsServerTest, RefusesAnotherPreSharedKey) {
  start_tls(with_psk("another secret of sufficient length"));
  TlsHost host(tls_port_);
  EXPECT_NE(host.handshake(), error_code());
  host.wait_for_end();
  stop();
  EXPECT_EQ(refused_.size(), 1U);
  EXPECT_THAT(closed_, ::testing::ElementsAre("no_tls"));
}

TEST_F(TlsServerTest, RefusesAClientThatSpeaksPlainTcp) {
  start_tls(with_certificate());
  Client plain(tls_port_);
  plain.send(free_request(1, 1));
  plain.drain();
  stop();
  EXPECT_TRUE(senders_.empty());
  EXPECT_THAT(refused_, ::testing::ElementsAre("wrong version number"));
}

TEST_F(TlsServerTest, ClosesWhoDoesNotEndTheHandshake) {
  ServerSettings settings;
  settings.connection.handshake_patience = std::chrono::milliseconds(50);
  start_tls(with_certificate(), settings);
  Client slow(tls_port_);
  slow.send({22, 3, 1});  // the beginning of a record
  EXPECT_FALSE(slow.receive());
  stop();
  EXPECT_THAT(closed_, ::testing::ElementsAre("no_handshake"));
}

TEST_F(TlsServerTest, GoesOnServingPlainTcpAtTheOtherPort) {
  start_tls(with_certificate());
  Client plain(port_);
  plain.send(free_request(1, 1));
  EXPECT_TRUE(plain.receive());
}

TEST_F(TlsServerTest, StopsWhileHandshakesAreUnderWay) {
  start_tls(with_certificate());
  Client silent(tls_port_);
  Client other(port_);
  other.send(free_request(1, 1));
  EXPECT_TRUE(other.receive());
  stop();
  EXPECT_FALSE(silent.receive());
}

Error refusal(const TlsServerSettings& settings) {
  const auto server = TlsServer::make(settings);
  EXPECT_FALSE(server);
  return server ? Error() : server.error();
}

TEST(TlsServer, NamesTheFileThatIsNoGood) {
  fakes::CertificateAuthority authority;
  const auto files = authority.issue();
  const auto others = authority.issue();
  TlsServerSettings tls;
  EXPECT_EQ(refusal(tls).kind, ErrorKind::kConfigInvalid);
  tls.certificate = "/nonexistent.pem";
  EXPECT_NE(refusal(tls).message.find("/nonexistent.pem"), std::string::npos);
  tls.certificate = files.certificate;
  tls.private_key = files.certificate;
  EXPECT_NE(refusal(tls).message.find("private key " + files.certificate), std::string::npos);
  tls.private_key = others.private_key;
  EXPECT_NE(refusal(tls).message.find("private key " + others.private_key), std::string::npos)
      << "of another certificate";
}

}  // namespace
}  // namespace rsip::gateway
