#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/app/config.h"
#include "agent/app/gateway_client.h"
#include "agent/app/lease_notes.h"
#include "agent/control/session.h"
#include "agent/datapath/datapath.h"
#include "common/ipc/status.h"

namespace rsip::agent {

/// Entries of the histories of all leases of a gateway: with very many leases each tells fewer, for
/// the snapshot has to fit a line (ipc::kMaxLineBytes).
inline constexpr std::size_t kMostHistoryTold = 2048;

/// What there is to say about a gateway.
struct GatewayReport {
  const GatewayConfig& config;
  const std::optional<LinkTarget>& target;  ///< Nothing: not found yet.
  const std::string& found_by;
  bool searching = false;
  bool up = true;                    ///< Whether people want it.
  bool authenticated = false;        ///< It has proven who it is.
  const Session* session = nullptr;  ///< Null: there is none.
  std::optional<Error> problem{};
  std::optional<DatapathStats> stats{};  ///< Nothing while there is no tunnel.
  std::optional<TunnelEnd> end{};        ///< Same.
  std::uint32_t mtu = 0;                 ///< Same: 0.
  std::vector<Ipv4Prefix> local_networks{};
  const LeaseNotes* notes = nullptr;  ///< Null: none.
  std::vector<BindingUse> use{};      ///< Of each lease, while there is a tunnel.
};

/// A gateway's part of the snapshot for the front ends.
ipc::GatewayStatus report_gateway(const GatewayReport& report, TimePoint now);

/// The state of the gateway that has got furthest.
std::string furthest_state(const std::vector<ipc::GatewayStatus>& gateways);

/// "198.51.100.7:443", "198.51.100.7"; empty: any.
std::string to_string(const RemoteScope& scope);

}  // namespace rsip::agent
