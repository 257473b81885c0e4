#include <deque>
#include <openssl/ssl.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include "agent/transport/make_link.h"
#include "tests/fakes/certificates.h"
#include "tests/unit/agent/transport/link_fixture.h"

namespace rsip::agent {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;
using Bytes = std::vector<std::uint8_t>;

const std::string kIdentity = "host-7";
const std::string kPskText = "0123456789abcdef0123456789abcdef";

/// A gateway's end of TLS that answers nothing by itself.
class TlsPeer {
 public:
  explicit TlsPeer(asio::io_context& io)
      : context_(ssl::context::tls_server),
        acceptor_(io, {asio::ip::address_v4::loopback(), 0}),
        socket_(io) {}

  void use(const fakes::CertificateAuthority::Files& files) {
    context_.use_certificate_chain_file(files.certificate);
    context_.use_private_key_file(files.private_key, ssl::context::pem);
  }
  /// The key of kIdentity, by the older of OpenSSL's two interfaces for it.
  void use_psk() {
    SSL_CTX_set_psk_server_callback(
        context_.native_handle(),
        [](SSL*, const char* identity, unsigned char* key, unsigned room) {
          const auto secret = *auth::Secret::parse(kPskText);
          if (identity != kIdentity || secret.bytes().size() > room) return 0U;
          std::ranges::copy(secret.bytes(), key);
          return static_cast<unsigned>(secret.bytes().size());
        });
  }
  void accept(bool with_tls = true) {
    acceptor_.async_accept(socket_, [this, with_tls](error_code error) {
      accepted_ = !error;
      if (!with_tls || error) return;
      stream_.emplace(socket_, context_);
      stream_->async_handshake(ssl::stream_base::server, [this](error_code failed) {
        secured_ = !failed;
        if (failed) socket_.close(failed);
        if (secured_) read();
      });
    });
  }
  void read() {
    stream_->async_read_some(asio::buffer(buffer_), [this](error_code error, std::size_t size) {
      received_.insert(received_.end(), buffer_.begin(), buffer_.begin() + size);
      if (!error) read();
    });
  }
  void say(const msg::Message& message) {
    const auto bytes = std::make_shared<Bytes>(*msg::encode(message));
    asio::async_write(*stream_, asio::buffer(*bytes), [bytes](error_code, std::size_t) {});
  }
  void close() { socket_.close(); }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  [[nodiscard]] bool accepted() const { return accepted_; }
  [[nodiscard]] bool secured() const { return secured_; }
  [[nodiscard]] const Bytes& received() const { return received_; }
  [[nodiscard]] SSL* handle() { return stream_->native_handle(); }
  [[nodiscard]] tcp::socket& socket() { return socket_; }

 private:
  ssl::context context_;
  tcp::acceptor acceptor_;
  tcp::socket socket_;
  std::optional<ssl::stream<tcp::socket&>> stream_;
  std::array<std::uint8_t, 4096> buffer_{};
  Bytes received_;
  bool accepted_ = false;
  bool secured_ = false;
};

class TlsLink : public LinkFixture {
 protected:
  TlsLink() : peer_(io_), settings_(settings(peer_.port(), Transport::kTls)) {}

  static fakes::CertificateAuthority& authority() {
    static fakes::CertificateAuthority one;
    return one;
  }

  void open(bool with_tls = true) {
    peer_.accept(with_tls);
    link_ = make_link(io_, settings_, log_.events());
    link_->open();
  }
  void expect_up() {
    run_until([this] { return log_.ups + log_.downs > 0; });
    EXPECT_EQ(log_.ups, 1) << log_.reason.message;
    run_until([this] { return peer_.secured(); });  // its end comes last
  }
  /// The reason why the gateway was refused.
  std::string expect_refusal(ErrorKind kind) {
    run_until([this] { return log_.ups + log_.downs > 0; });
    EXPECT_EQ(log_.ups, 0);
    EXPECT_EQ(log_.reason.kind, kind) << log_.reason.message;
    EXPECT_FALSE(log_.reason.hint.empty());
    return log_.reason.message;
  }
  void trust_authority() { settings_.tls.ca_file = authority().ca_file(); }
  void use_psk(const std::string& text = kPskText, const std::string& identity = kIdentity) {
    settings_.tls.psk = *auth::Secret::parse(text);
    settings_.tls.psk_identity = identity;
  }
  /// What becomes of a gateway with such a certificate.
  std::string refusal_of(const fakes::CertificateOptions& options) {
    peer_.use(authority().issue(options));
    trust_authority();
    open();
    return expect_refusal(ErrorKind::kDenied);
  }

  TlsPeer peer_;
  LinkSettings settings_;
  std::unique_ptr<GatewayLink> link_;
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(TlsLink, CarriesMessagesBothWays) {
  peer_.use(authority().issue());
  trust_authority();
  open();
  expect_up();
  link_->send(msg::RegisterRequest{});
  run_until([this] { return peer_.received().size() == 4; });
  EXPECT_EQ(peer_.received(), *msg::encode(msg::RegisterRequest{}));
  peer_.say(response(7));
  run_until([this] { return log_.messages.size() == 1; });
  EXPECT_EQ(log_.messages.at(0), response(7));
}

TEST_F(TlsLink, SendsWhatWasQueuedBeforeItCloses) {
  peer_.use(authority().issue());
  trust_authority();
  open();
  expect_up();
  link_->send(msg::RegisterRequest{});
  link_->close();
  run_until([this] { return peer_.received().size() == 4; });
}

TEST_F(TlsLink, TellsThatTheGatewayClosed) {
  peer_.use(authority().issue());
  trust_authority();
  open();
  expect_up();
  peer_.close();
  run_until([this] { return log_.downs == 1; });
  EXPECT_TRUE(contains(log_.reason.message, "closed by the gateway")) << log_.reason.message;
}

TEST_F(TlsLink, RefusesACertificateOfAnotherAuthority) {
  fakes::CertificateAuthority other;
  peer_.use(other.issue());
  trust_authority();
  open();
  EXPECT_TRUE(contains(expect_refusal(ErrorKind::kDenied), "certificate of gateway 127.0.0.1"));
  EXPECT_TRUE(contains(log_.reason.hint, settings_.tls.ca_file)) << log_.reason.hint;
}

TEST_F(TlsLink, RefusesAnExpiredCertificate) {
  const std::string why = refusal_of({"gateway.test", "IP:127.0.0.1", -7200, -3600});
  EXPECT_TRUE(contains(why, "expired")) << why;
  EXPECT_TRUE(contains(log_.reason.hint, "clock"));
}

TEST_F(TlsLink, RefusesACertificateThatIsNotYetValid) {
  const std::string why = refusal_of({"gateway.test", "IP:127.0.0.1", 3600, 7200});
  EXPECT_TRUE(contains(why, "not yet valid")) << why;
}

TEST_F(TlsLink, RefusesACertificateForAnotherAddress) {
  const std::string why = refusal_of({"gateway.test", "IP:127.0.0.2", -3600, 3600});
  EXPECT_TRUE(contains(why, "IP address mismatch")) << why;
}

TEST_F(TlsLink, RefusesACertificateForAnotherName) {
  settings_.tls.server_name = "gateway.test";
  const std::string why = refusal_of({"other.test", "DNS:other.test", -3600, 3600});
  EXPECT_TRUE(contains(why, "ostname mismatch")) << why;
  EXPECT_TRUE(contains(log_.reason.hint, "gateway.test"));
}

TEST_F(TlsLink, AcceptsTheNameThatIsAskedFor) {
  settings_.tls.server_name = "gateway.test";
  peer_.use(authority().issue({"x", "DNS:gateway.test", -3600, 3600}));
  trust_authority();
  open();
  expect_up();
  EXPECT_STREQ(SSL_get_servername(peer_.handle(), TLSEXT_NAMETYPE_host_name), "gateway.test");
}

TEST_F(TlsLink, WorksWithAPreSharedKeyAndNoCertificate) {
  peer_.use_psk();
  use_psk();
  open();
  expect_up();
  peer_.say(response(7));
  run_until([this] { return log_.messages.size() == 1; });
}

TEST_F(TlsLink, RefusesAGatewayWithAnotherPreSharedKey) {
  peer_.use_psk();
  use_psk("another secret of sufficient length");
  open();
  const std::string why = expect_refusal(ErrorKind::kDenied);
  EXPECT_TRUE(contains(why, "refuses our pre-shared key")) << why;
}

TEST_F(TlsLink, RefusesAGatewayThatDoesNotKnowItsIdentity) {
  peer_.use_psk();
  use_psk(kPskText, "somebody else");
  open();
  const std::string why = expect_refusal(ErrorKind::kDenied);
  EXPECT_TRUE(contains(why, "refuses our pre-shared key")) << why;
}

TEST_F(TlsLink, IsNotContentWithAnyCertificateInsteadOfThePreSharedKey) {
  peer_.use(authority().issue());
  use_psk();
  open();
  const std::string why = expect_refusal(ErrorKind::kDenied);
  EXPECT_TRUE(contains(why, "does not know our pre-shared key")) << why;
}

TEST_F(TlsLink, SaysThatTheGatewaySpeaksPlainTcp) {
  trust_authority();
  open(false);
  run_until([this] { return peer_.accepted(); });
  asio::write(peer_.socket(), asio::buffer(*msg::encode(response(7))));
  const std::string why = expect_refusal(ErrorKind::kProtocol);
  EXPECT_TRUE(contains(why, "does not speak TLS")) << why;
}

TEST_F(TlsLink, GivesUpAHandshakeThatDoesNotEnd) {
  settings_.connect_timeout = std::chrono::milliseconds(50);
  trust_authority();
  open(false);
  const std::string why = expect_refusal(ErrorKind::kProtocol);
  EXPECT_TRUE(contains(why, "in time")) << why;
}

TEST_F(TlsLink, SaysThatThereIsNothingToTrust) {
  open();
  expect_refusal(ErrorKind::kConfigInvalid);
}

TEST_F(TlsLink, NamesTheFileThatHoldsNoCertificates) {
  settings_.tls.ca_file = "/nonexistent/ca.pem";
  open();
  EXPECT_TRUE(contains(expect_refusal(ErrorKind::kConfigInvalid), "/nonexistent/ca.pem"));
}

TEST_F(TlsLink, RefusesAPreSharedKeyWithoutIdentity) {
  use_psk(kPskText, "");
  open();
  expect_refusal(ErrorKind::kConfigInvalid);
}

TEST_F(TlsLink, MayBeDestroyedDuringTheHandshake) {
  trust_authority();
  open(false);
  run_until([this] { return peer_.accepted(); });
  link_.reset();
  settle();
  EXPECT_EQ(log_.ups + log_.downs, 0);
}

}  // namespace
}  // namespace rsip::agent
