#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/auth/secret.h"
#include "common/base/ipv4.h"

namespace rsip::gateway {

/// A key, and which hosts may authenticate themselves by it.
struct HostKey {
  auth::Key key;
  std::vector<Ipv4Prefix> hosts{Ipv4Prefix{}};  ///< 0.0.0.0/0: all.
};

/// A pre-shared key of TLS, and the name by which hosts ask for it.
struct PreSharedKey {
  std::string identity;
  auth::Secret secret;
};

/// TLS by a certificate, pre-shared keys, or both: then the host chooses.
struct TlsServerSettings {
  std::uint16_t port = 0;   ///< 0: any free one, see ControlServer::tls_port().
  std::string certificate;  ///< PEM file, the gateway's own first, then its chain; may be empty.
  std::string private_key;  ///< PEM file without a passphrase.
  std::vector<PreSharedKey> psks;
};

struct AuthSettings {
  std::vector<HostKey> keys;
  bool required = false;  ///< Nothing unsealed is taken from any host.
  /// For so long after its last sealed message, nothing unsealed is taken from a host: at least as
  /// long as a lease can last.
  std::chrono::seconds memory{7200};
  std::size_t max_hosts =
      65536;  ///< Whose counters are kept; then the longest silent is forgotten.
};

/// Limits of what hosts can make the UDP side do or keep. Rates are datagrams a second, and as many
/// may come at once.
struct UdpSettings {
  std::uint32_t host_rate = 200;      ///< Of a host that was heard before.
  std::uint32_t stranger_rate = 500;  ///< Of all others together.
  std::size_t max_hosts = 16384;      ///< Whose last message is kept; more: the oldest is dropped.
  std::size_t max_kept_bytes = 16 << 20;  ///< Of all last messages together.
  /// A copy of the last request that comes later is a new one. Longer than any retransmission.
  std::chrono::milliseconds last_message_life{60000};
};

/// Limits of one TCP connection.
struct ConnectionLimits {
  /// Messages that may wait to be sent to one connection. When half as many wait, it is no longer
  /// read from; when a message comes on top, it is closed.
  std::size_t max_queue = 256;
  /// How long the rest of a message, or room for ours, may take to come.
  std::chrono::milliseconds patience{30000};
  std::chrono::milliseconds handshake_patience{10000};  ///< The same for the TLS handshake.
};

struct ServerSettings {
  Ipv4Address listen;
  std::uint16_t port = 0;  ///< TCP and UDP; 0: any free one, see ControlServer::port().
  std::size_t max_connections = 4096;
  std::size_t max_connections_per_host = 4;  ///< One more closes the longest silent one.
  ConnectionLimits connection;
  AuthSettings auth;
  UdpSettings udp;
  std::optional<TlsServerSettings> tls;  ///< None: no TLS.
};

}  // namespace rsip::gateway
