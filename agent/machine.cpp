#include "agent/machine.h"

#include <random>

#include <spdlog/spdlog.h>

#include "agent/ipsec/ike_fragment.h"
#include "agent/transport/make_link.h"
#include "common/config/table_reader.h"

namespace rsip::agent {
namespace {

/// Some address of the internet (TEST-NET-1): the way to it is the default route.
constexpr Ipv4Address kAnywhere{0xC0000201};
constexpr Duration kSpisKeptIdle = std::chrono::minutes(10);

std::string first_line(const std::string& text) {
  return text.substr(0, text.find_first_of("\r\n"));
}

GatewayWishes wishes_of(const GatewayConfig& gateway) {
  GatewayWishes wishes;
  wishes.tunnels.clear();
  for (const msg::TunnelType type : gateway.tunnels) {
    wishes.tunnels.push_back(type == msg::TunnelType::kGre    ? OfferedTunnel::kGre
                             : type == msg::TunnelType::kL2tp ? OfferedTunnel::kL2tp
                                                              : OfferedTunnel::kIpIp);
  }
  return wishes;
}

}  // namespace

Result<void> Machine::prepare(const Config& config) {
  if (auto possible = try_tunnel(config); !possible) return possible;
  if (auto locked = take_lock(); !locked) return locked;
  if (auto cleaned = network_.remove_leftovers(); !cleaned) return cleaned;
  for (const GatewayConfig& gateway : config.gateways) {
    if (auto read = read_secrets(gateway); !read) return read;
  }
  return timer_.open();
}

AgentPlatform Machine::platform(const Config& config) {
  AgentPlatform platform{
      [this] { return clock_.now(); },
      [this](TimePoint when, std::function<void()> due) { timer_.wake_at(when, std::move(due)); },
      [this](const GatewayConfig& gateway, const LinkTarget& target, LinkEvents events) {
        return make_link(gateway, target, std::move(events));
      },
      [this, &config](const GatewayConfig& gateway, auto found) {
        find(config.discovery, gateway, std::move(found));
      },
      [this, &config](const GatewayIpsec& gateway, CoordinatorEvents events) {
        return make_coordinator(config.ipsec, gateway, std::move(events));
      },
      [&config] { return fragment_ike_port(config.ipsec.fragment); },
      network_,
      monitor_,
      tunnels_};
  platform.discover = [this, &config](auto found) { discover(config.discovery, std::move(found)); };
  return platform;
}

void Machine::close() {
  searches_.clear();
  timer_.close();
}

Result<void> Machine::try_tunnel(const Config& config) {
  for (const GatewayConfig& gateway : config.gateways) {
    TunnelEnd end;
    end.endpoint = gateway.address.value_or(kAnywhere);
    const auto tunnel = tunnels_.open(gateway.device, end, {});
    if (!tunnel) return tl::unexpected(tunnel.error());
  }
  return {};
}

Result<void> Machine::take_lock() {
  auto locked = NamespaceLock::acquire();
  if (!locked) return tl::unexpected(locked.error());
  lock_.emplace(std::move(*locked));
  return {};
}

Result<void> Machine::read_secrets(const GatewayConfig& gateway) {
  for (const IkeConnection& connection : gateway.ipsec.connections) {
    const auto text = read_text_file(connection.secret_file);
    if (!text) {
      return fail(ErrorKind::kConfigInvalid,
                  "connection " + connection.name + ": " + text.error().message,
                  "secret_file names the file with the pre-shared key in its first line");
    }
    pre_shared_[connection.secret_file] = first_line(*text);
    if (!pre_shared_[connection.secret_file].empty()) continue;
    return fail(ErrorKind::kConfigInvalid, connection.secret_file + " begins with an empty line",
                "write the pre-shared key into its first line");
  }
  for (const std::string& file : {gateway.trust.secret_file, gateway.trust.psk_file}) {
    if (file.empty() || secrets_.contains(file)) continue;
    const auto text = read_text_file(file);
    if (!text) return tl::unexpected(text.error());
    auto secret = auth::Secret::parse(*text);
    if (!secret) {
      return fail(secret.error().kind, file + ": " + secret.error().message, secret.error().hint);
    }
    secrets_[file] = std::move(*secret);
  }
  return {};
}

std::unique_ptr<GatewayLink> Machine::make_link(const GatewayConfig& gateway,
                                                const LinkTarget& target, LinkEvents events) {
  const GatewayTrust& trust = gateway.trust;
  LinkSettings link;
  link.address = target.address;
  link.port = target.port;
  link.mark = kTunnelMark;
  link.transport = target.transport;
  if (!trust.secret_file.empty()) {
    link.key = auth::Key{trust.key_id, secrets_.at(trust.secret_file)};
  }
  link.authentication_required = trust.authenticated;
  link.tls.ca_file = trust.ca_file;
  link.tls.server_name = trust.server_name;
  link.tls.psk_identity = trust.psk_identity;
  if (!trust.psk_file.empty()) link.tls.psk = secrets_.at(trust.psk_file);
  return agent::make_link(io_, link, std::move(events));
}

std::unique_ptr<Coordinator> Machine::make_coordinator(const IpsecConfig& ipsec,
                                                       const GatewayIpsec& gateway,
                                                       CoordinatorEvents events) {
  CoordinatorSettings settings;
  settings.vici_socket = ipsec.vici_socket;
  settings.fragment = ipsec.fragment;
  settings.ike_on_500 = gateway.ike_on_500;
  settings.idle = kSpisKeptIdle;
  settings.connections = gateway.connections;
  for (IkeConnection& connection : settings.connections) {
    connection.secret = pre_shared_.at(connection.secret_file);
  }
  return agent::make_coordinator(
      io_, std::move(settings), associations_, [this] { return clock_.now(); }, std::move(events));
}

void Machine::find(const DiscoveryConfig& how, const GatewayConfig& gateway,
                   std::function<void(std::vector<FoundGateway>)> found) {
  DiscoverySettings settings = search_settings(how);
  settings.port = gateway.port;
  settings.slp.wishes = wishes_of(gateway);
  search(gateway.name, settings, std::move(found));
}

void Machine::discover(const DiscoveryConfig& how,
                       std::function<void(std::vector<FoundGateway>)> found) {
  DiscoverySettings settings = search_settings(how);
  settings.slp.wishes.tunnels.clear();
  settings.ask_all = true;
  search("", settings, std::move(found));
}

/// How the network at hand is searched.
DiscoverySettings Machine::search_settings(const DiscoveryConfig& how) {
  DiscoverySettings settings;
  settings.dhcp_option = how.dhcp_option;
  settings.use_slp = how.slp;
  settings.use_router = how.default_router;
  settings.slp.scopes = how.slp_scopes;
  settings.slp.seed = std::random_device{}();
  settings.slp.network.mark = kTunnelMark;
  if (how.slp_agent) settings.slp.directory_agents = {*how.slp_agent};
  if (const auto path = network_.path_to(kAnywhere)) {
    settings.interface = path->link_name;
    settings.interface_index = path->link;
    settings.slp.network.local = path->source;
    if (!path->router.is_unspecified()) settings.router = path->router;
  }
  return settings;
}

void Machine::search(const std::string& name, const DiscoverySettings& settings,
                     std::function<void(std::vector<FoundGateway>)> found) {
  auto& search = searches_[name];
  if (search == nullptr) search = std::make_unique<Discovery>(io_);
  search->search(settings, [found = std::move(found)](std::vector<FoundGateway> gateways,
                                                      const std::string& trouble) {
    if (!trouble.empty()) spdlog::warn("gateway.search {}", trouble);
    found(std::move(gateways));
  });
}

}  // namespace rsip::agent
