#pragma once

#include <cstdint>
#include <vector>

#include "agent/app/config.h"
#include "agent/control/lease_book.h"
#include "agent/control/session.h"
#include "agent/datapath/flow_table.h"
#include "agent/platform/host_network.h"
#include "common/base/result.h"

namespace rsip::agent {

/// MTU of a tunnel over a path to its far end, in bytes.
///
/// overhead   of the encapsulation, in bytes
/// errors     kUnreachable if not even the smallest IPv4 MTU fits (68 bytes, RFC 791)
Result<std::uint32_t> tunnel_mtu(std::uint32_t underlay_mtu, std::uint32_t overhead);

/// What one gateway's leases ask of the host's network.
struct GatewayPlan {
  TunnelPlan tunnel;
  std::vector<Ipv4Prefix> exclude;  ///< Never through this gateway; another's tunnel may carry it.
  std::vector<Ipv4Prefix> direct;   ///< Through no tunnel at all: gateway, endpoint.
  bool operator==(const GatewayPlan&) const = default;
};

/// leases   at least one
/// local    networks that the gateway calls local: they go direct (RFC 3102 section 6.5)
/// mtu      of the tunnel, in bytes
GatewayPlan plan_gateway(const GatewayConfig& config, Ipv4Address gateway,
                         const std::vector<Lease>& leases, const std::vector<Ipv4Prefix>& local,
                         std::uint32_t mtu);

/// The plans of several gateways as one. Between gateways the longest prefix decides; a prefix that
/// two of them route belongs to the first. What is excluded never goes through the gateway that
/// excludes it, however long the prefix of a route; nor do multicast, broadcast and link-local
/// addresses go through any, which mean something on the connected networks alone.
NetworkPlan merge_plans(const std::vector<GatewayPlan>& plans);

/// Ports of a lease of SPIs that IKE uses: without and with encapsulation of ESP (RFC 3948). As
/// many as it has.
std::vector<std::uint16_t> ike_ports(const Lease& lease);

/// What the data path may do with these leases.
///
/// listens   servers that the public side may reach; with RSA-IP they need no lease of their own
std::vector<Binding> plan_bindings(const GatewayConfig& config, const std::vector<Lease>& leases,
                                   const std::vector<ListenWish>& listens);

/// Everything that the data path has to know of a session.
FlowTable plan_flows(const GatewayConfig& config, const Session& session);

}  // namespace rsip::agent
