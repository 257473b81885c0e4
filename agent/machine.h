#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>

#include "agent/app/agent.h"
#include "agent/app/config.h"
#include "agent/discovery/discovery.h"
#include "agent/linux/boot_clock.h"
#include "agent/linux/boottime_timer.h"
#include "agent/linux/host_network.h"
#include "agent/linux/kernel_sas.h"
#include "agent/linux/namespace_lock.h"
#include "agent/linux/network_monitor.h"
#include "agent/linux_tunnels.h"

namespace rsip::agent {

/// The real machine under the agent.
class Machine {
 public:
  explicit Machine(boost::asio::io_context& io)
      : io_(io), timer_(io), monitor_(io), associations_(io) {}

  /// Finds out before anything is leased whether a tunnel could be made at all, makes sure that no
  /// other agent is at work here, removes what a killed one left behind, and reads the secrets that
  /// the configuration names. The network may be down.
  ///
  /// errors   kPermission, kInUse, kNotFound without TUN support, kConfigInvalid, kOther
  Result<void> prepare(const Config& config);
  /// What the agent needs of it. The machine must outlive the agent, config both.
  AgentPlatform platform(const Config& config);
  /// Nothing keeps the event loop any more.
  void close();

 private:
  Result<void> try_tunnel(const Config& config);
  Result<void> take_lock();
  Result<void> read_secrets(const GatewayConfig& gateway);
  std::unique_ptr<GatewayLink> make_link(const GatewayConfig& gateway, const LinkTarget& target,
                                         LinkEvents events);
  std::unique_ptr<Coordinator> make_coordinator(const IpsecConfig& ipsec,
                                                const GatewayIpsec& gateway,
                                                CoordinatorEvents events);
  void find(const DiscoveryConfig& how, const GatewayConfig& gateway,
            std::function<void(std::vector<FoundGateway>)> found);
  void discover(const DiscoveryConfig& how, std::function<void(std::vector<FoundGateway>)> found);
  DiscoverySettings search_settings(const DiscoveryConfig& how);
  void search(const std::string& name, const DiscoverySettings& settings,
              std::function<void(std::vector<FoundGateway>)> found);

  boost::asio::io_context& io_;
  BootClock clock_;
  LinuxTunnels tunnels_;
  LinuxHostNetwork network_;
  BoottimeTimer timer_;
  LinuxNetworkMonitor monitor_;
  LinuxKernelSas associations_;
  std::optional<NamespaceLock> lock_;
  std::map<std::string, auth::Secret> secrets_;    ///< By their files.
  std::map<std::string, std::string> pre_shared_;  ///< Keys of IKE, same.
  std::map<std::string, std::unique_ptr<Discovery>>
      searches_;  ///< By the gateway's name; "": of all.
};

}  // namespace rsip::agent
