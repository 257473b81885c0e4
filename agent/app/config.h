#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/ipv4.h"
#include "common/base/result.h"
#include "common/rsip/registry.h"

namespace rsip::agent {

/// One [[gateway]] of the configuration file.
struct GatewayConfig {
  std::string name;
  Ipv4Address address;
  std::uint16_t port = msg::kDefaultControlPort;
  msg::Method method = msg::Method::kRsapIp;
  std::uint8_t ports = 32;         ///< Size of one leased block, 1..255.
  std::uint32_t max_ports = 1024;  ///< Growth stops here.
  std::chrono::seconds lease = std::chrono::minutes(30);
  std::vector<Ipv4Prefix> routes = {Ipv4Prefix{}};  ///< What goes through the tunnel.
  std::vector<Ipv4Prefix> exclude;                  ///< What never does.
  bool operator==(const GatewayConfig&) const = default;
};

/// The agent's configuration (agent.toml).
struct Config {
  std::string socket = "/run/rsip/agent.sock";
  std::string log_level = "info";  ///< trace debug info warn error
  std::string device = "rsip0";
  GatewayConfig gateway;
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
