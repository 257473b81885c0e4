#include "agent/transport/tls_client.h"

#include <array>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ssl/error.hpp>

namespace rsip::agent {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

/// TLS_AES_128_GCM_SHA256: the hash that RFC 8446 section 4.2.11 has for pre-shared keys.
constexpr std::array<unsigned char, 2> kPskCipher = {0x13, 0x01};
/// Those with the same hash first; a gateway that chose another could not take the key.
constexpr const char* kSuites =
    "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384";
constexpr std::size_t kMostIdentity = 127;

/// Where a context keeps the TlsClient that it belongs to.
int owner_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

std::string text_of(long verdict) {
  return X509_verify_cert_error_string(verdict);
}

bool is_about_name(long verdict) {
  return verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH;
}

bool is_about_time(long verdict) {
  return verdict == X509_V_ERR_CERT_HAS_EXPIRED || verdict == X509_V_ERR_CERT_NOT_YET_VALID;
}

/// The gateway has closed the connection instead of saying what it does not like.
bool is_end(const error_code& error) {
  return error == boost::asio::error::eof || error == ssl::error::stream_truncated ||
         error == boost::asio::error::connection_reset;
}

/// Whether the other side speaks something else than TLS.
bool is_no_tls(const error_code& error) {
  const int reason = ERR_GET_REASON(static_cast<unsigned long>(error.value()));
  return reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_UNEXPECTED_MESSAGE ||
         reason == SSL_R_PACKET_LENGTH_TOO_LONG || reason == SSL_R_BAD_RECORD_TYPE;
}

}  // namespace

Result<std::shared_ptr<TlsClient>> TlsClient::make(const LinkSettings& settings) {
  auto client = std::make_shared<TlsClient>(settings);
  if (auto loaded = client->load(); !loaded) return tl::unexpected(loaded.error());
  return client;
}

TlsClient::TlsClient(const LinkSettings& settings)
    : settings_(settings), context_(ssl::context::tls_client) {
  SSL_CTX* const context = context_.native_handle();
  SSL_CTX_set_ex_data(context, owner_index(), this);
  context_.set_verify_mode(ssl::verify_peer);
  // External pre-shared keys as here are there since TLS 1.3 only.
  const bool only_psk = settings_.tls.psk && settings_.tls.ca_file.empty();
  SSL_CTX_set_min_proto_version(context, only_psk ? TLS1_3_VERSION : TLS1_2_VERSION);
  if (!settings_.tls.psk) return;
  SSL_CTX_set_psk_use_session_callback(context, use_psk);
  SSL_CTX_set_ciphersuites(context, kSuites);
}

Result<void> TlsClient::load() {
  const TlsSettings& tls = settings_.tls;
  if (tls.psk && (tls.psk_identity.empty() || tls.psk_identity.size() > kMostIdentity)) {
    return fail(ErrorKind::kConfigInvalid, "the identity of the pre-shared key is missing or long",
                "allowed: 1 to 127 characters, the same as in the gateway's psk_file");
  }
  if (tls.ca_file.empty() && !tls.psk) {
    return fail(ErrorKind::kConfigInvalid, "nothing tells whether the TLS gateway is the right one",
                "name a file of certificates that may sign for it, or a pre-shared key");
  }
  if (tls.ca_file.empty()) return {};
  error_code error;
  context_.load_verify_file(tls.ca_file, error);
  if (!error) return {};
  return fail(ErrorKind::kConfigInvalid,
              "cannot read certificates from " + tls.ca_file + ": " + error.message(),
              "it has to be a readable file in PEM format with the certificate of the authority");
}

Result<void> TlsClient::expect_gateway(SSL* connection) const {
  const std::string& name = settings_.tls.server_name;
  const std::string address = settings_.address.to_string();
  bool done = false;
  if (name.empty()) {
    done = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection), address.c_str()) == 1;
  } else {
    done = SSL_set1_host(connection, name.c_str()) == 1 &&
           SSL_set_tlsext_host_name(connection, name.c_str()) == 1;
  }
  if (done) return {};
  return fail(ErrorKind::kConfigInvalid, "'" + name + "' cannot be the name in a certificate",
              "use the DNS name that the gateway's certificate is for");
}

Error TlsClient::explain(SSL* connection, const error_code& error) const {
  const std::string name = gateway_name(settings_);
  const TlsSettings& tls = settings_.tls;
  const long verdict = SSL_get_verify_result(connection);
  if (verdict != X509_V_OK && tls.ca_file.empty()) {
    return {ErrorKind::kDenied, name + " does not know our pre-shared key and has a certificate",
            "give it the same identity and key, or name the certificate's authority here"};
  }
  if (verdict != X509_V_OK) {
    const std::string expected = tls.server_name.empty() ? "its address" : tls.server_name;
    const std::string hint =
        is_about_time(verdict)   ? "renew it, or correct the clock of this machine"
        : is_about_name(verdict) ? "it has to be for " + expected + " (subjectAltName)"
                                 : "it has to be signed by an authority in " + tls.ca_file;
    return {ErrorKind::kDenied, "certificate of " + name + " refused: " + text_of(verdict), hint};
  }
  const char* const port_hint = "check that the port is the gateway's TLS port";
  if (is_end(error)) {
    return {ErrorKind::kProtocol, name + " closed the connection instead of speaking TLS",
            port_hint};
  }
  if (error.category() != boost::asio::error::get_ssl_category() || is_no_tls(error)) {
    return {ErrorKind::kProtocol, name + " does not speak TLS: " + error.message(), port_hint};
  }
  if (tls.psk) {
    return {ErrorKind::kDenied, name + " refuses our pre-shared key: " + error.message(),
            "check that identity and key are the same in the gateway's psk_file"};
  }
  return {ErrorKind::kDenied, name + " and we cannot agree on TLS: " + error.message(),
          "see what the gateway's log says"};
}

int TlsClient::use_psk(SSL* connection, const EVP_MD* hash, const unsigned char** identity,
                       std::size_t* identity_size, SSL_SESSION** session) {
  const auto* const self = static_cast<const TlsClient*>(
      SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), owner_index()));
  const TlsSettings& tls = self->settings_.tls;
  *session = nullptr;
  const SSL_CIPHER* const cipher = SSL_CIPHER_find(connection, kPskCipher.data());
  if (cipher == nullptr) return 0;
  if (hash != nullptr && SSL_CIPHER_get_handshake_digest(cipher) != hash) return 1;  // go without
  SSL_SESSION* const made = SSL_SESSION_new();
  if (made == nullptr) return 0;
  const auto key = tls.psk->bytes();
  if (SSL_SESSION_set1_master_key(made, key.data(), key.size()) != 1 ||
      SSL_SESSION_set_cipher(made, cipher) != 1 ||
      SSL_SESSION_set_protocol_version(made, TLS1_3_VERSION) != 1) {
    SSL_SESSION_free(made);
    return 0;
  }
  *session = made;
  *identity = reinterpret_cast<const unsigned char*>(tls.psk_identity.data());
  *identity_size = tls.psk_identity.size();
  return 1;
}

}  // namespace rsip::agent
