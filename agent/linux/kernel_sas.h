#pragma once

#include <functional>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "agent/platform/kernel_sas.h"

namespace rsip::agent {

/// Reads associations and their news by XFRM netlink.
///
/// thread   the event loop's; the network namespace is that of the thread at each call
class LinuxKernelSas : public KernelSas {
 public:
  explicit LinuxKernelSas(boost::asio::io_context& io) : news_(io) {}

  Result<std::vector<KernelSa>> list() override;
  Result<void> start(std::function<void()> changed) override;
  void stop() override;

 private:
  void wait_for_news();
  void discard_news();

  boost::asio::posix::stream_descriptor news_;
  std::function<void()> changed_;
};

}  // namespace rsip::agent
