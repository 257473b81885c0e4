#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/ipv4.h"
#include "common/base/result.h"
#include "common/rsip/registry.h"
#include "tests/gateway/config/access.h"
#include "tests/gateway/engine/settings.h"

namespace rsip::gateway {

/// The agent on this machine that leases from a gateway higher up.
struct ParentConfig {
  std::string agent_socket;  ///< Empty: there is none.
  std::string gateway;       ///< As the agent calls it; empty: all of its gateways.
  std::string pool = "parent";
  std::chrono::seconds poll_every{2};
};

/// [slp]: lets hosts find the gateway (RFC 3105).
struct SlpConfig {
  bool enabled = false;
  std::vector<std::string> scopes{"DEFAULT"};
  std::optional<Ipv4Address> directory_agent;  ///< To register with; nothing: none.
};

/// [ipsec]: IKE of hosts that share addresses and use ports 500 and 4500 (RFC 3104 section 6.1).
struct IpsecConfig {
  bool learn_responder_cookies = true;     ///< Also for IKE SAs that peers begin, beyond the RFC.
  std::chrono::seconds cookie_idle{3600};  ///< A cookie that nobody uses is forgotten then.
  std::uint32_t max_cookies = 64;          ///< Of one host.
};

/// Everything that the configuration file says. README.md explains each key.
struct Config {
  Ipv4Address listen;
  std::uint16_t port = msg::kDefaultControlPort;
  std::string device = "rsip0";
  std::optional<std::uint16_t> mtu;  ///< Of the tunnel; else that of the private network less 20.
  std::string proxy_arp;             ///< Device to answer ARP on for the pools; empty: none.
  std::string log_level = "info";
  std::chrono::seconds stats_every{0};         ///< 0: only at the end.
  std::uint32_t max_connections = 4;           ///< Of one host.
  std::string accounting;                      ///< File to which binds are accounted; empty: none.
  std::chrono::seconds accounting_every{300};  ///< Between interim accounts; 0: none.
  std::string script_file;                     ///< Makes the gateway lie; empty: none.
  std::string script_socket;                   ///< Unix socket that takes more of it; empty: none.
  SlpConfig slp;
  IpsecConfig ipsec;
  ParentConfig parent;
  EngineSettings engine;
  AccessSettings access;
};

/// errors   kConfigInvalid "file:line:column: ..." naming the key and what is allowed
Result<Config> parse_config(std::string_view text, const std::string& file);
/// errors   the same, or kPermission
Result<Config> load_config(const std::string& path);

}  // namespace rsip::gateway
