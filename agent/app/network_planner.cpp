#include "agent/app/network_planner.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace rsip::agent {

namespace {

constexpr std::uint32_t kSmallestMtu = 68;  // RFC 791

/// Multicast, link-local addresses (RFC 3927), broadcast.
constexpr std::array<Ipv4Prefix, 3> kNeverTunnelled = {
    {{{0xE0000000}, 4}, {{0xA9FE0000}, 16}, {{0xFFFFFFFF}, 32}}};

bool lies_in(const Ipv4Prefix& inner, const Ipv4Prefix& outer) {
  return inner.length >= outer.length && outer.contains(inner.address);
}

bool lies_in_any(const Ipv4Prefix& inner, const std::vector<Ipv4Prefix>& outers) {
  return std::ranges::any_of(outers, [&](const Ipv4Prefix& o) { return lies_in(inner, o); });
}

void add_once(std::vector<Ipv4Prefix>& prefixes, const Ipv4Prefix& prefix) {
  if (std::ranges::find(prefixes, prefix) == prefixes.end()) prefixes.push_back(prefix);
}

/// Length of the longest route that covers a prefix; nothing if none does, or it is excluded.
std::optional<std::uint8_t> cover(const GatewayPlan& plan, const Ipv4Prefix& prefix) {
  if (lies_in_any(prefix, plan.exclude)) return std::nullopt;
  std::optional<std::uint8_t> longest;
  for (const Ipv4Prefix& route : plan.tunnel.routes) {
    if (lies_in(prefix, route)) longest = std::max(longest.value_or(0), route.length);
  }
  return longest;
}

/// Merges by adding one plan after the other.
class Merger {
 public:
  explicit Merger(const std::vector<GatewayPlan>& plans) : plans_(plans) {
    merged_.direct.assign(kNeverTunnelled.begin(), kNeverTunnelled.end());
    for (const GatewayPlan& plan : plans) {
      for (const Ipv4Prefix& prefix : plan.direct) add_once(merged_.direct, prefix);
      merged_.tunnels.push_back(plan.tunnel);
      merged_.tunnels.back().routes.clear();
    }
  }

  NetworkPlan merge() {
    for (std::size_t i = 0; i < plans_.size(); ++i) add_routes(i);
    for (const GatewayPlan& plan : plans_) {
      for (const Ipv4Prefix& prefix : plan.exclude) detour(prefix);
    }
    return std::move(merged_);
  }

 private:
  // A route inside an excluded network would win by its longer prefix.
  void add_routes(std::size_t position) {
    const GatewayPlan& plan = plans_[position];
    for (const Ipv4Prefix& route : plan.tunnel.routes) {
      if (lies_in_any(route, plan.exclude) || lies_in_any(route, merged_.direct)) continue;
      if (!is_routed(route)) merged_.tunnels[position].routes.push_back(route);
    }
  }

  [[nodiscard]] bool is_routed(const Ipv4Prefix& prefix) const {
    return std::ranges::any_of(merged_.tunnels, [&](const TunnelPlan& tunnel) {
      return std::ranges::find(tunnel.routes, prefix) != tunnel.routes.end();
    });
  }

  // What one gateway excludes goes where it would go without it: through the gateway with the
  // longest other route, or direct.
  void detour(const Ipv4Prefix& prefix) {
    if (is_routed(prefix) || lies_in_any(prefix, merged_.direct)) return;
    std::optional<std::size_t> best;
    std::optional<std::uint8_t> length;
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      const auto covered = cover(plans_[i], prefix);
      if (!covered || (length && *covered <= *length)) continue;
      best = i;
      length = covered;
    }
    if (best) {
      merged_.tunnels[*best].routes.push_back(prefix);
    } else {
      add_once(merged_.direct, prefix);
    }
  }

  const std::vector<GatewayPlan>& plans_;
  NetworkPlan merged_;
};

constexpr SpiRange kEverySpi{kFirstSpi, 0xFFFFFFFF - kFirstSpi + 1};

/// The data path's view of a lease of SPIs. Its first two ports are IKE's, which peers may call by
/// themselves; the others are for transport mode, where nothing can see or replace them.
void add_ipsec(std::vector<Binding>& bindings, const Lease& lease) {
  Binding security{lease.bind, lease.local, false, {}, lease.remote};
  security.retiring = lease.retiring;
  security.spis = lease.spis;
  bindings.push_back(std::move(security));
  for (const std::uint16_t port : ike_ports(lease)) {
    Binding ike{lease.bind, lease.local, false, {{port, 1}}, lease.remote};
    ike.listening = true;
    ike.retiring = lease.retiring;
    bindings.push_back(std::move(ike));
  }
}

/// What goes through IPsec tunnels has an address of its own to come from: hosts that share the
/// leased one could not be told apart inside.
std::vector<InnerRoute> inner_routes(const std::vector<IkeConnection>& connections) {
  std::vector<InnerRoute> routes;
  for (const IkeConnection& connection : connections) {
    for (const Ipv4Prefix& network : connection.networks) {
      routes.push_back({network, connection.inner});
    }
  }
  return routes;
}

RemoteDetail detail_of(const std::optional<msg::FlowPolicy>& policy) {
  if (!policy) return RemoteDetail::kNone;
  switch (policy->remote) {
    case msg::RemoteFlowPolicy::kMacro:
      return RemoteDetail::kAddress;
    case msg::RemoteFlowPolicy::kMicro:
      return RemoteDetail::kAddressAndPort;
    case msg::RemoteFlowPolicy::kNone:
      break;
  }
  return RemoteDetail::kNone;
}

}  // namespace

Result<std::uint32_t> tunnel_mtu(std::uint32_t underlay_mtu, std::uint32_t overhead) {
  if (underlay_mtu >= kSmallestMtu + overhead) return underlay_mtu - overhead;
  return fail(ErrorKind::kUnreachable,
              "the path to the gateway is too narrow for a tunnel: its MTU is " +
                  std::to_string(underlay_mtu) + " bytes",
              "set the interface's MTU to at least 1280 bytes");
}

std::vector<std::uint16_t> ike_ports(const Lease& lease) {
  if (lease.ports.empty()) return {};
  const PortRange& ports = lease.ports.front();
  if (ports.count == 1) return {ports.first};
  return {ports.first, static_cast<std::uint16_t>(ports.first + 1)};
}

GatewayPlan plan_gateway(const GatewayConfig& config, Ipv4Address gateway,
                         const std::vector<Lease>& leases, const std::vector<Ipv4Prefix>& local,
                         std::uint32_t mtu) {
  GatewayPlan plan;
  plan.tunnel.device = config.device;
  plan.tunnel.mtu = mtu;
  auto& addresses = config.forward ? plan.tunnel.forwarded : plan.tunnel.addresses;
  for (const Lease& lease : leases) {
    if (std::ranges::find(addresses, lease.local) == addresses.end()) {
      addresses.push_back(lease.local);
    }
    add_once(plan.direct, {lease.endpoint, 32});
  }
  add_once(plan.direct, {gateway, 32});
  plan.tunnel.source = leases.front().local;
  if (!config.forward) plan.tunnel.routes = config.routes;
  if (config.ipsec.enabled) plan.tunnel.inner = inner_routes(config.ipsec.connections);
  plan.exclude = config.exclude;
  for (const Ipv4Prefix& network : local) add_once(plan.exclude, network);
  return plan;
}

NetworkPlan merge_plans(const std::vector<GatewayPlan>& plans) {
  return plans.empty() ? NetworkPlan{} : Merger(plans).merge();
}

std::vector<Binding> plan_bindings(const GatewayConfig& config, const std::vector<Lease>& leases,
                                   const std::vector<ListenWish>& listens) {
  std::vector<Binding> bindings;
  for (const Lease& lease : leases) {
    if (!lease.spis.empty()) {
      add_ipsec(bindings, lease);
      continue;
    }
    const bool all_ports = lease.ports.empty() && !lease.listening;
    bindings.push_back({lease.bind, lease.local, all_ports, lease.ports, lease.remote,
                        lease.listening, lease.server_port, lease.retiring});
    if (all_ports && config.ipsec.enabled) bindings.back().spis = {kEverySpi};
  }
  if (config.method != msg::Method::kRsaIp || leases.empty()) return bindings;
  const Lease& first = leases.front();
  for (const ListenWish& wish : listens) {
    bindings.push_back({first.bind,
                        first.local,
                        false,
                        {{wish.server_port, 1}},
                        wish.remote,
                        true,
                        wish.server_port,
                        false});
  }
  return bindings;
}

FlowTable plan_flows(const GatewayConfig& config, const Session& session) {
  FlowTable table;
  if (!session.leases().empty()) table.endpoint = session.leases().front().endpoint;
  table.bindings = plan_bindings(config, session.leases(), session.listens());
  table.may_grow = session.may_grow();
  table.detail = detail_of(session.policy());
  table.refused = session.refused();
  table.suspended = session.suspended();
  table.forward = config.forward;
  table.ike_on_500 = config.ipsec.enabled && config.ipsec.ike_on_500;
  table.hold_ike = config.leases_spis() && config.ipsec.observe;
  return table;
}

}  // namespace rsip::agent
