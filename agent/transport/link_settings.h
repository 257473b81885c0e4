#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "common/auth/secret.h"
#include "common/base/ipv4.h"
#include "common/rsip/registry.h"

namespace rsip::agent {

enum class Transport : std::uint8_t { kTcp, kUdp, kTls };

/// How a TLS link knows that it talks to the right gateway: by a certificate, or by a secret that
/// both have. With both, either will do. With neither no gateway is trusted.
struct TlsSettings {
  std::string ca_file;  ///< PEM, the authorities that may have signed the gateway's certificate.
  /// What the certificate has to be for; empty: the gateway's address.
  std::string server_name;
  std::string psk_identity;  ///< By which the gateway finds our pre-shared key, 1-127 characters.
  std::optional<auth::Secret> psk;
};

/// Everything about the control connection to one gateway.
struct LinkSettings {
  Ipv4Address address;
  std::uint16_t port = msg::kDefaultControlPort;
  std::uint32_t mark = 0;  ///< SO_MARK, so that the connection stays out of the tunnel; 0: none.
  Transport transport = Transport::kTcp;
  std::optional<auth::Key> key;  ///< Seals what is sent and proves what comes, whatever transport.
  /// Give the gateway up if it does not seal; needs a key. Otherwise a gateway may do without, but
  /// not after it has sealed once.
  bool authentication_required = false;
  TlsSettings tls;
  /// Until the connection is there; with TLS, until it is secured, too.
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(5);
  /// After this long without a sign of life of the gateway's machine the connection is given up.
  std::chrono::seconds silence_limit = std::chrono::seconds(20);
  /// How long close() may take to get rid of what is queued.
  std::chrono::milliseconds close_timeout = std::chrono::seconds(1);
};

/// "gateway 10.1.0.1:4555", as errors call it.
std::string gateway_name(const LinkSettings& settings);

}  // namespace rsip::agent
