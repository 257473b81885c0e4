#pragma once

#include <cstdint>
#include <vector>

#include "agent/app/config.h"
#include "agent/control/lease_book.h"
#include "agent/datapath/flow_table.h"
#include "agent/platform/host_network.h"

namespace rsip::agent {

inline constexpr std::uint32_t kIpIpOverheadBytes = 20;  // RFC 2003: one IPv4 header

/// What the host's network has to look like for these leases; the empty plan without any.
///
/// underlay_mtu   of the path to the gateway, in bytes
NetworkPlan plan_network(const Config& config, const std::vector<Lease>& leases,
                         std::uint32_t underlay_mtu);

/// What the data path may send and receive by these leases.
FlowTable plan_flows(const Config& config, const std::vector<Lease>& leases, bool may_grow,
                     std::uint64_t generation);

}  // namespace rsip::agent
