#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "agent/app/network_planner.h"
#include "agent/platform/host_network.h"

namespace rsip::agent {

/// Keeps the host's network in step with the plans of all gateways.
///
/// thread   the event loop's
class NetworkKeeper {
 public:
  explicit NetworkKeeper(HostNetwork& network) : network_(network) {}

  /// Makes the host match this gateway's plan together with the others', whatever somebody else did
  /// to it since. Equal plan on an untouched host: no change.
  ///
  /// position   of the gateway in the configuration: the first goes before the second
  /// errors     kNotFound if a device is gone, kPermission, kInUse, kOther; the host is as before
  Result<void> match(std::size_t position, GatewayPlan plan);
  /// Takes out what was there for this gateway. Nothing: no change.
  ///
  /// errors   what could not be removed
  Result<void> clear(std::size_t position);

  Result<NetworkPath> path_to(Ipv4Address destination) { return network_.path_to(destination); }
  Result<std::vector<Ipv4Address>> own_addresses() { return network_.own_addresses(); }

 private:
  Result<void> apply(const std::map<std::size_t, GatewayPlan>& plans);

  HostNetwork& network_;
  std::map<std::size_t, GatewayPlan> plans_;  ///< In force.
};

}  // namespace rsip::agent
