#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/datapath/flow_list.h"
#include "agent/datapath/flow_table.h"
#include "agent/platform/socket_owners.h"
#include "common/ipc/permissions.h"
#include "common/ipc/requests.h"

/// What goes through the tunnels, as the front ends see it.
namespace rsip::agent {

/// A flow and whose tunnel it goes through.
struct GatewayFlow {
  std::string gateway;
  ListedFlow flow;
};

/// More flows or ports are not told: the answer has to fit a line (ipc::kMaxLineBytes).
inline constexpr std::size_t kMostFlowsTold = 2048;
inline constexpr std::size_t kMostPortsTold = 12'000;

/// The socket here that a flow belongs to.
HostSocket socket_of(const ListedFlow& flow);

/// Flows that the caller may see, the latest packet first: who may not change anything sees those
/// of their own sockets alone.
///
/// owners     of the flows, in their order
/// left_out   flows that are not even listed
ipc::Flows report_flows(std::span<const GatewayFlow> flows,
                        std::span<const std::optional<SocketOwner>> owners, std::size_t left_out,
                        const ipc::Caller& caller);

/// Leased ports and what they do.
///
/// status   of the gateway, with its leases
/// table    what its tunnel goes by
ipc::Ports report_ports(const ipc::GatewayStatus& status, const FlowTable& table,
                        const FlowList& list, std::uint32_t high_water);

}  // namespace rsip::agent
