#pragma once

#include <memory>

#include <boost/asio/ssl/context.hpp>

#include "common/base/result.h"
#include "tests/gateway/server/server_settings.h"

namespace rsip::gateway {

/// The gateway's side of TLS: its certificate, and the keys that hosts may have.
class TlsServer {
 public:
  /// errors   kConfigInvalid naming the file that is no certificate or key, or do not match
  static Result<std::unique_ptr<TlsServer>> make(const TlsServerSettings& settings);

  explicit TlsServer(const TlsServerSettings& settings);
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  boost::asio::ssl::context& context() { return context_; }
  /// What went wrong in a handshake, static text.
  static const char* explain(const boost::system::error_code& error);

 private:
  Result<void> load();
  static int find_psk(SSL* connection, const unsigned char* identity, std::size_t size,
                      SSL_SESSION** session);

  TlsServerSettings settings_;
  boost::asio::ssl::context context_;
};

}  // namespace rsip::gateway
