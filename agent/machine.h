#pragma once

#include <optional>

#include <boost/asio/io_context.hpp>

#include "agent/app/agent.h"
#include "agent/app/config.h"
#include "agent/linux/boot_clock.h"
#include "agent/linux/boottime_timer.h"
#include "agent/linux/host_network.h"
#include "agent/linux/namespace_lock.h"
#include "agent/linux/network_monitor.h"
#include "agent/linux_tunnels.h"

namespace rsip::agent {

/// The real machine under the agent.
class Machine {
 public:
  explicit Machine(boost::asio::io_context& io) : io_(io), timer_(io), monitor_(io) {}

  /// Finds out before anything is leased whether a tunnel could be made at all, makes sure that no
  /// other agent is at work here, and removes what a killed one left behind. The network may be
  /// down.
  ///
  /// errors   kPermission, kInUse, kNotFound without TUN support, kOther
  Result<void> prepare(const Config& config);
  /// What the agent needs of it. The machine must outlive the agent.
  AgentPlatform platform(const Config& config);
  /// Nothing keeps the event loop any more.
  void close() { timer_.close(); }

 private:
  Result<void> try_tunnel(const Config& config);
  Result<void> take_lock();

  boost::asio::io_context& io_;
  BootClock clock_;
  LinuxTunnels tunnels_;
  LinuxHostNetwork network_;
  BoottimeTimer timer_;
  LinuxNetworkMonitor monitor_;
  std::optional<NamespaceLock> lock_;
};

}  // namespace rsip::agent
