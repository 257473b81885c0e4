#include "agent/app/network_planner.h"

#include <algorithm>
#include <array>
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

// A route inside an excluded network would win by its longer prefix.
std::vector<Ipv4Prefix> routes_outside(const std::vector<Ipv4Prefix>& direct,
                                       std::vector<Ipv4Prefix> routes) {
  std::erase_if(routes, [&](const Ipv4Prefix& route) {
    return std::ranges::any_of(direct, [&](const Ipv4Prefix& d) { return lies_in(route, d); });
  });
  return routes;
}

}  // namespace

Result<std::uint32_t> tunnel_mtu(std::uint32_t underlay_mtu) {
  if (underlay_mtu >= kSmallestMtu + kIpIpOverheadBytes) return underlay_mtu - kIpIpOverheadBytes;
  return fail(ErrorKind::kUnreachable,
              "the path to the gateway is too narrow for a tunnel: its MTU is " +
                  std::to_string(underlay_mtu) + " bytes",
              "set the interface's MTU to at least 1280 bytes");
}

NetworkPlan plan_network(const Config& config, const std::vector<Lease>& leases,
                         std::uint32_t mtu) {
  if (leases.empty()) return {};
  NetworkPlan plan;
  plan.device = config.device;
  plan.mtu = mtu;
  for (const Lease& lease : leases) {
    if (std::ranges::find(plan.addresses, lease.local) == plan.addresses.end()) {
      plan.addresses.push_back(lease.local);
    }
  }
  plan.source = leases.front().local;
  plan.direct = config.gateway.exclude;
  plan.direct.push_back({config.gateway.address, 32});
  plan.direct.insert(plan.direct.end(), kNeverTunnelled.begin(), kNeverTunnelled.end());
  plan.routes = routes_outside(plan.direct, config.gateway.routes);
  return plan;
}

FlowTable plan_flows(const Config& config, const std::vector<Lease>& leases, bool may_grow,
                     std::uint64_t generation) {
  FlowTable table{generation, config.gateway.address, {}, may_grow};
  for (const Lease& lease : leases) {
    const bool all_ports = config.gateway.method == msg::Method::kRsaIp;
    table.bindings.push_back({lease.bind, lease.local, all_ports, lease.ports});
  }
  return table;
}

}  // namespace rsip::agent
