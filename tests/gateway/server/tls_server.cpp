#include "tests/gateway/server/tls_server.h"

#include <algorithm>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string_view>

#include <boost/asio/ssl/error.hpp>

namespace rsip::gateway {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

constexpr unsigned char kAes128GcmSha256[] = {0x13, 0x01};  // RFC 8446 appendix B.4
/// A pre-shared key goes with SHA-256 (section 4.2.11), so suites with this hash come first.
constexpr const char* kSuites =
    "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384";

/// Where a context keeps the TlsServer that it belongs to.
int owner_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

SSL_SESSION* session_of(SSL* connection, const auth::Secret& secret) {
  SSL_SESSION* const session = SSL_SESSION_new();
  const SSL_CIPHER* const cipher = SSL_CIPHER_find(connection, kAes128GcmSha256);
  const auto key = secret.bytes();
  if (session != nullptr && cipher != nullptr &&
      SSL_SESSION_set1_master_key(session, key.data(), key.size()) == 1 &&
      SSL_SESSION_set_cipher(session, cipher) == 1 &&
      SSL_SESSION_set_protocol_version(session, TLS1_3_VERSION) == 1) {
    return session;
  }
  SSL_SESSION_free(session);
  return nullptr;
}

}  // namespace

Result<std::unique_ptr<TlsServer>> TlsServer::make(const TlsServerSettings& settings) {
  auto server = std::make_unique<TlsServer>(settings);
  if (auto loaded = server->load(); !loaded) return tl::unexpected(loaded.error());
  return server;
}

TlsServer::TlsServer(const TlsServerSettings& settings)
    : settings_(settings), context_(ssl::context::tls_server) {
  SSL_CTX* const context = context_.native_handle();
  SSL_CTX_set_ex_data(context, owner_index(), this);
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_num_tickets(context, 0);  // connections last, nobody resumes a session
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  if (settings_.psks.empty()) return;
  SSL_CTX_set_psk_find_session_callback(context, find_psk);
  SSL_CTX_set_ciphersuites(context, kSuites);
  SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE);
}

Result<void> TlsServer::load() {
  if (settings_.certificate.empty() && settings_.psks.empty()) {
    return fail(ErrorKind::kConfigInvalid, "TLS has neither a certificate nor pre-shared keys",
                "give it at least one of them");
  }
  if (settings_.certificate.empty()) return {};
  const auto refuse = [](const std::string& what, const std::string& file, const error_code& why) {
    return fail(ErrorKind::kConfigInvalid, "cannot use " + what + " " + file + ": " + why.message(),
                "it has to be a readable file in PEM format");
  };
  error_code error;
  // Else OpenSSL would ask for a passphrase on the terminal.
  context_.set_password_callback([](std::size_t, auto) { return std::string(); }, error);
  context_.use_certificate_chain_file(settings_.certificate, error);
  if (error) return refuse("certificate", settings_.certificate, error);
  context_.use_private_key_file(settings_.private_key, ssl::context::pem, error);
  if (error) return refuse("private key", settings_.private_key, error);
  return {};
}

const char* TlsServer::explain(const error_code& error) {
  const char* reason = nullptr;
  if (error.category() == boost::asio::error::get_ssl_category()) {
    reason = ERR_reason_error_string(static_cast<unsigned long>(error.value()));
  }
  return reason != nullptr ? reason : "the connection was closed during the TLS handshake";
}

/// Without a session the handshake goes on with the certificate, and fails if there is none.
int TlsServer::find_psk(SSL* connection, const unsigned char* identity, std::size_t size,
                        SSL_SESSION** session) {
  const auto* const self = static_cast<const TlsServer*>(
      SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), owner_index()));
  const std::string_view wanted(reinterpret_cast<const char*>(identity), size);
  *session = nullptr;
  const auto& psks = self->settings_.psks;
  const auto found = std::ranges::find(psks, wanted, &PreSharedKey::identity);
  if (found == psks.end()) return 1;
  *session = session_of(connection, found->secret);
  return *session != nullptr ? 1 : 0;
}

}  // namespace rsip::gateway
