#pragma once

#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "agent/platform/network_monitor.h"

namespace rsip::agent {

/// Listens to what rtnetlink announces. It waits for the first announcement, lets 200 ms of others
/// follow, and calls once: however many routes change, they cost one wake-up.
///
/// thread   the event loop's; the network namespace is that of start()
class LinuxNetworkMonitor : public NetworkMonitor {
 public:
  explicit LinuxNetworkMonitor(boost::asio::io_context& io) : socket_(io), timer_(io) {}

  Result<void> start(std::function<void()> changed) override;
  void stop() override;

 private:
  void wait_for_news();
  void let_more_come();
  void discard_news();

  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer timer_;
  std::function<void()> changed_;
};

}  // namespace rsip::agent
