#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "agent/app/config.h"
#include "agent/app/tunnel.h"
#include "agent/control/lease_book.h"
#include "agent/datapath/flow_table.h"
#include "agent/platform/host_network.h"

namespace rsip::agent {

/// Keeps device, addresses, routes and data path of the host in step with the leases.
///
/// thread   the event loop's
class HostKeeper {
 public:
  /// events   called from the pump's thread
  HostKeeper(const Config& config, HostNetwork& network, TunnelFactory& tunnels,
             std::function<DatapathEvents()> events);
  ~HostKeeper();
  HostKeeper(const HostKeeper&) = delete;
  HostKeeper& operator=(const HostKeeper&) = delete;

  /// Makes the host match the leases, whatever others did to it since. Equal leases on an untouched
  /// host: no change. What is no longer leased is no longer used, even if this fails.
  ///
  /// errors   kUnreachable without a route to the gateway (host and tunnel match all the same if
  ///          the tunnel's MTU is known from before), kPermission, kInUse, kNotFound or
  ///          kConfigInvalid if this host cannot carry a tunnel, others that may pass
  Result<void> match(const std::vector<Lease>& leases, bool may_grow);
  /// The device was deleted: the next match() makes another.
  void device_gone();
  /// Stops using the leases and cleans the host. Nothing to do: no change.
  ///
  /// errors   what could not be removed
  Result<void> clear();

  /// Nothing while there is no tunnel.
  [[nodiscard]] std::optional<DatapathStats> stats() const;
  /// Of the tunnel in bytes; 0 while there is none.
  [[nodiscard]] std::uint32_t mtu() const { return tunnel_ ? mtu_ : 0; }

 private:
  Result<void> try_to_match(const std::vector<Lease>& leases, bool may_grow);
  Result<void> make_network_match(const std::vector<Lease>& leases);
  Result<void> open_tunnel();
  void close_tunnel();
  [[nodiscard]] Result<std::uint32_t> mtu_now() const;
  void drop_lost_bindings(const FlowTable& wanted);
  void publish_if_new(FlowTable wanted);
  void publish(FlowTable table);

  const Config& config_;
  HostNetwork& network_;
  TunnelFactory& tunnels_;
  std::function<DatapathEvents()> events_;
  std::unique_ptr<Datapath> tunnel_;
  std::uint32_t mtu_ = 0;            ///< Last known; it outlives the tunnel.
  FlowTable published_;              ///< What the tunnel goes by.
  std::uint32_t published_mtu_ = 0;  ///< Of the device at that time.
};

}  // namespace rsip::agent
