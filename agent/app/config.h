#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/ipsec/ike_connection.h"
#include "agent/platform/underlay_socket.h"
#include "agent/transport/link_settings.h"
#include "common/base/ipv4.h"
#include "common/base/result.h"
#include "common/rsip/registry.h"

namespace rsip::agent {

const char* to_string(Transport transport);

/// What makes sure that it is the gateway who speaks.
struct GatewayTrust {
  std::string secret_file;     ///< Shared key for message authentication; empty: none.
  std::uint32_t key_id = 1;    ///< By which the gateway knows the key.
  bool authenticated = false;  ///< Refuse a gateway that does not authenticate its messages.
  std::string ca_file;         ///< Who may sign its certificate; empty: the system's authorities.
  std::string server_name;     ///< In its certificate; empty: its address.
  std::string psk_file;        ///< Pre-shared key for TLS instead of certificates; empty: none.
  std::string psk_identity;    ///< By which the gateway knows that key.
  bool operator==(const GatewayTrust&) const = default;
};

/// [gateway.ipsec]: end-to-end IPsec through this gateway (RFC 3104).
struct GatewayIpsec {
  bool enabled = false;
  std::uint16_t spis = 8;       ///< Leased from the start.
  std::uint16_t max_spis = 64;  ///< Growth stops here.
  std::uint8_t ports = 16;      ///< Leased with them: a power of two, or 0.
  bool ike_on_500 = false;      ///< IKE keeps to ports 500 and 4500; else it uses leased ones.
  bool observe = true;          ///< Lease what any IKE daemon announces, while its message waits.
  std::vector<Ipv4Address> peers;          ///< Named to gateways that want to know.
  std::vector<IkeConnection> connections;  ///< For charon to load.
  bool operator==(const GatewayIpsec&) const = default;
};

/// One [[gateway]] of the configuration file.
struct GatewayConfig {
  std::string name;
  std::optional<Ipv4Address> address;  ///< Nothing ("auto"): it has to be found.
  std::uint16_t port = msg::kDefaultControlPort;
  Transport transport = Transport::kTcp;
  /// First wait for an answer over UDP (RFC 3103 section 5).
  std::chrono::microseconds first_wait{12500};
  msg::Method method = msg::Method::kRsapIp;
  std::uint32_t addresses = 1;     ///< How many of them (RSA-IP).
  std::uint8_t ports = 32;         ///< Size of one leased block, 1..255.
  std::uint32_t max_ports = 1024;  ///< Growth stops here.
  std::vector<msg::TunnelType> tunnels{msg::TunnelType::kIpIp, msg::TunnelType::kGre,
                                       msg::TunnelType::kL2tp};  ///< Best first.
  std::chrono::seconds lease = std::chrono::minutes(30);
  std::chrono::seconds idle = std::chrono::minutes(10);  ///< Unused leases are kept that long.
  std::vector<Ipv4Prefix> routes = {Ipv4Prefix{}};       ///< What goes through the tunnel.
  std::vector<Ipv4Prefix> exclude;                       ///< What never does.
  std::vector<std::uint16_t> listen;  ///< Servers that the public side can reach from the start.
  bool forward = false;  ///< Lease for the hosts of a gateway on this machine, not for itself.
  std::string device;    ///< "rsip0"
  OuterDscp dscp = OuterDscp::kCopy;  ///< What the network on the way learns of packets inside.
  GatewayTrust trust;
  GatewayIpsec ipsec;

  /// IPsec is wanted, and SPIs have to be leased for it: with a whole address every SPI is our own.
  [[nodiscard]] bool leases_spis() const { return ipsec.enabled && method == msg::Method::kRsapIp; }
  bool operator==(const GatewayConfig&) const = default;
};

/// [discovery]: how gateways with address = "auto" are found.
struct DiscoveryConfig {
  std::uint8_t dhcp_option = 0;  ///< Number of the option that names gateways; 0: do not look.
  bool slp = true;               ///< Ask by SLP (RFC 3105).
  std::vector<std::string> slp_scopes;   ///< Empty: those that DHCP names, else "DEFAULT".
  std::optional<Ipv4Address> slp_agent;  ///< Directory agent; nothing: found by multicast.
  bool default_router = true;            ///< Try the default router last.
  bool operator==(const DiscoveryConfig&) const = default;
};

/// [ipsec]: strongSwan on this host.
struct IpsecConfig {
  std::string vici_socket = "/run/charon.vici";
  /// What the agent writes for it; empty: nothing.
  std::string fragment = "/etc/strongswan.d/rsip.conf";
  bool operator==(const IpsecConfig&) const = default;
};

/// [[profile]]: a named choice of gateways.
struct ProfileConfig {
  std::string name;
  std::vector<std::string> gateways;  ///< At least one; others are put down.
  bool operator==(const ProfileConfig&) const = default;
};

/// Where a configuration was read from, and as what. It makes no two configurations different.
struct ConfigSource {
  std::string file;
  std::string text;  ///< It names files with secrets, never a secret itself.
  bool operator==(const ConfigSource&) const { return true; }
};

/// The agent's configuration (agent.toml).
struct Config {
  std::string socket = "/run/rsip/agent.sock";
  std::string log_level = "info";  ///< trace debug info warn error
  DiscoveryConfig discovery;
  IpsecConfig ipsec;
  std::vector<GatewayConfig> gateways;    ///< At least one; names and devices differ.
  std::vector<ProfileConfig> profiles{};  ///< Names differ.
  ConfigSource source{};
  bool operator==(const Config&) const = default;
};

/// Reads a configuration file.
///
/// errors   kConfigInvalid "file:line:column: what is wrong", hint: what is allowed;
///          kPermission if the file may not be read
Result<Config> load_config(const std::string& path);

/// Same, from text; file stands for it in messages.
Result<Config> parse_config(std::string_view text, const std::string& file);

}  // namespace rsip::agent
