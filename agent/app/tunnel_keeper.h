#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "agent/app/config.h"
#include "agent/app/network_keeper.h"
#include "agent/app/tunnel.h"
#include "agent/control/session.h"
#include "agent/datapath/flow_table.h"

namespace rsip::agent {

/// Keeps the tunnel to one gateway - device, addresses, routes, data path - in step with its
/// leases.
///
/// thread   the event loop's
class TunnelKeeper {
 public:
  /// position   of the gateway in the configuration
  /// events     called from the pump's thread
  TunnelKeeper(const GatewayConfig& config, std::size_t position, NetworkKeeper& network,
               TunnelFactory& tunnels, std::function<DatapathEvents()> events);
  ~TunnelKeeper();
  TunnelKeeper(const TunnelKeeper&) = delete;
  TunnelKeeper& operator=(const TunnelKeeper&) = delete;

  /// Makes the host match the session, whatever others did to it since. Equal leases on an
  /// untouched host: no change. What is no longer leased is no longer used, even if this fails.
  /// Leases that are being asked for again keep their tunnel.
  ///
  /// local    networks that the gateway calls local
  /// errors   kUnreachable without a route to the tunnel's end (host and tunnel match all the same
  ///          if the tunnel's MTU is known from before), kPermission, kInUse, kNotFound or
  ///          kConfigInvalid if this host cannot carry a tunnel, others that may pass
  Result<void> match(const Session& session, Ipv4Address gateway,
                     const std::vector<Ipv4Prefix>& local);
  /// The device was deleted: the next match() makes another.
  void device_gone();
  /// Stops using the leases and cleans the host. Nothing to do: no change.
  ///
  /// errors   what could not be removed
  Result<void> clear();

  /// Lets a held IKE message go, or drops it.
  void release(std::uint64_t hold, bool send) {
    if (tunnel_ != nullptr) tunnel_->release(hold, send);
  }

  /// Nothing while there is no tunnel.
  [[nodiscard]] std::optional<DatapathStats> stats() const;
  [[nodiscard]] std::vector<BindingUse> use() const;
  /// What goes through it, as Datapath::list_flows(); at once and nothing while there is no tunnel.
  void list_flows(std::function<void(FlowList)> listed) const;
  /// The most leased ports that were in use at a time, of all tunnels so far.
  [[nodiscard]] std::uint32_t ports_high_water() const;
  /// What the tunnel goes by; empty while there is none.
  [[nodiscard]] const FlowTable& table() const { return published_; }
  /// Of the tunnel in bytes; 0 while there is none.
  [[nodiscard]] std::uint32_t mtu() const { return tunnel_ ? mtu_ : 0; }
  /// Where it leads; nothing while there is none.
  [[nodiscard]] std::optional<TunnelEnd> end() const;

 private:
  Result<void> try_to_match(const Session& session, Ipv4Address gateway,
                            const std::vector<Ipv4Prefix>& local);
  Result<void> open_tunnel(const TunnelEnd& end);
  void close_tunnel();
  [[nodiscard]] Result<std::uint32_t> mtu_now() const;
  void drop_lost_bindings(const FlowTable& wanted);
  void publish_if_new(FlowTable wanted);
  void publish(FlowTable table);

  const GatewayConfig& config_;
  std::size_t position_;
  NetworkKeeper& network_;
  TunnelFactory& tunnels_;
  std::function<DatapathEvents()> events_;
  std::unique_ptr<Datapath> tunnel_;
  TunnelEnd end_;                    ///< Of the tunnel.
  std::uint32_t mtu_ = 0;            ///< Last known; it outlives the tunnel.
  FlowTable published_;              ///< What the tunnel goes by.
  std::uint32_t published_mtu_ = 0;  ///< Of the device at that time.
  std::uint32_t high_water_ = 0;     ///< Of ports in use, of tunnels that are closed.
};

}  // namespace rsip::agent
