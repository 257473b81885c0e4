#pragma once

#include <cstdint>
#include <vector>

#include "agent/app/config.h"
#include "agent/control/lease_book.h"
#include "agent/datapath/flow_table.h"
#include "agent/platform/host_network.h"
#include "common/base/result.h"

namespace rsip::agent {

inline constexpr std::uint32_t kIpIpOverheadBytes = 20;  // RFC 2003: one IPv4 header

/// MTU of the tunnel over a path to the gateway, both in bytes.
///
/// errors   kUnreachable if not even the smallest IPv4 MTU fits (68 bytes, RFC 791)
Result<std::uint32_t> tunnel_mtu(std::uint32_t underlay_mtu);

/// What the host's network has to look like for these leases; the empty plan without any. What is
/// excluded never goes through the tunnel, however long the prefix of a route; nor do multicast,
/// broadcast and link-local addresses, which mean something on the connected networks alone.
///
/// mtu   of the tunnel, in bytes
NetworkPlan plan_network(const Config& config, const std::vector<Lease>& leases, std::uint32_t mtu);

/// What the data path may send and receive by these leases.
FlowTable plan_flows(const Config& config, const std::vector<Lease>& leases, bool may_grow,
                     std::uint64_t generation);

}  // namespace rsip::agent
