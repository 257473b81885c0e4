#include "tests/gateway/app/gateway_settings.h"

#include <algorithm>

#include "tests/gateway/tunnel/tunnel_type.h"

namespace rsip::gateway {
namespace {

/// As RFC 3105 section 7 names it.
const char* slp_name(msg::TunnelType type) {
  switch (type) {
    case msg::TunnelType::kGre:
      return "GRE";
    case msg::TunnelType::kL2tp:
      return "L2TP";
    case msg::TunnelType::kIpIp:
      break;
  }
  return "IP-IP";
}

/// Some host may lease SPIs.
bool offers_ipsec(const EngineSettings& engine) {
  const bool pools = std::ranges::any_of(engine.pools, [](const PoolSettings& pool) {
    return pool.method == msg::Method::kRsapIp && pool.spis.count != 0;
  });
  const bool classes =
      std::ranges::any_of(engine.classes, [](const ClassSettings& one) { return one.quota.ipsec; });
  return pools && (classes || engine.hosts.quota.ipsec);
}

}  // namespace

std::vector<packet::Encapsulation> encapsulations(const Config& config) {
  std::vector<packet::Encapsulation> offered;
  for (const msg::TunnelType type : config.engine.tunnels)
    offered.push_back(encapsulation_of(type));
  return offered;
}

std::string names_of(const std::vector<packet::Encapsulation>& tunnels) {
  std::string names;
  for (const packet::Encapsulation tunnel : tunnels) {
    names += (names.empty() ? "" : ",") + std::string(packet::to_string(tunnel));
  }
  return names;
}

Ipv4Address tunnel_end(const Config& config) {
  return config.engine.endpoint.value_or(config.listen);
}

ServerSettings server_settings(const Config& config) {
  ServerSettings settings;
  settings.listen = config.listen;
  settings.port = config.port;
  settings.max_connections_per_host = config.max_connections;
  settings.auth.keys = config.access.keys;
  settings.auth.required = config.access.authentication_required;
  settings.auth.memory = config.engine.lease.maximum;
  settings.tls = config.access.tls;
  return settings;
}

IkeSettings ike_settings(const Config& config) {
  IkeSettings settings;
  settings.learn_responder_cookies = config.ipsec.learn_responder_cookies;
  settings.idle = config.ipsec.cookie_idle;
  settings.per_host = config.ipsec.max_cookies;
  return settings;
}

SlpAgentSettings slp_settings(const Config& config) {
  SlpAgentSettings settings;
  settings.address = settings.service_address = config.listen;
  settings.service_port = config.port;
  settings.scopes = config.slp.scopes;
  settings.directory_agent = config.slp.directory_agent;
  settings.tunnel_types.clear();
  for (const msg::TunnelType type : config.engine.tunnels) {
    settings.tunnel_types.emplace_back(slp_name(type));
  }
  if (config.engine.udp) settings.transports.emplace_back("UDP");
  settings.ipsec_support = settings.ike_support = offers_ipsec(config.engine);
  return settings;
}

}  // namespace rsip::gateway
