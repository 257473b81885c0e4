#pragma once

#include <memory>

#include <boost/asio/ssl/context.hpp>

#include "agent/transport/link_settings.h"
#include "common/base/result.h"

namespace rsip::agent {

/// Our side of TLS with one gateway: whom to trust, and how to say what went wrong.
class TlsClient {
 public:
  /// Reads the certificates anew each time.
  ///
  /// errors   kConfigInvalid: a file that cannot be read or has no certificate, nothing to trust
  static Result<std::shared_ptr<TlsClient>> make(const LinkSettings& settings);

  explicit TlsClient(const LinkSettings& settings);
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  boost::asio::ssl::context& context() { return context_; }
  /// Names the gateway that this connection has to lead to.
  ///
  /// errors   kConfigInvalid: a server_name that is none
  Result<void> expect_gateway(SSL* connection) const;
  /// Why the handshake failed: which problem the certificate has, whether it is TLS at all, ...
  [[nodiscard]] Error explain(SSL* connection, const boost::system::error_code& error) const;

 private:
  Result<void> load();
  static int use_psk(SSL* connection, const EVP_MD* hash, const unsigned char** identity,
                     std::size_t* identity_size, SSL_SESSION** session);

  LinkSettings settings_;
  boost::asio::ssl::context context_;
};

}  // namespace rsip::agent
