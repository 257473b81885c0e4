#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/linux/network_installer.h"
#include "agent/platform/host_network.h"

namespace rsip::agent {

/// The host's network by rtnetlink and nftables (design decisions D6, D7), in the network namespace
/// of its first call. Whatever it installed goes away with the device and the process, except the
/// two rules and the routes past the tunnel: remove_leftovers() is for these.
///
/// thread   one at a time
class LinuxHostNetwork : public HostNetwork {
 public:
  Result<void> apply(const NetworkPlan& plan) override;
  Result<std::size_t> repair() override;
  Result<void> remove_leftovers() override;
  Result<NetworkPath> path_to(Ipv4Address destination) override;
  Result<std::vector<Ipv4Address>> own_addresses() override;

 private:
  /// One thing done, to be taken back if the next fails.
  struct Step {
    NetworkObject made;
    std::optional<NetworkObject> replaced;
  };

  Result<void> bring_in(const std::vector<NetworkObject>& wanted);
  Result<void> bring_in(const NetworkObject& object, std::vector<Step>& done);
  void take_back(const std::vector<Step>& done);
  Result<void> take_out_all_but(const std::vector<NetworkObject>& wanted);

  NetworkInstaller installer_;
  std::vector<std::string> devices_;      ///< Of the plan's tunnels.
  std::vector<NetworkObject> installed_;  ///< In order of installation.
};

}  // namespace rsip::agent
