#pragma once

#include <memory>

#include <boost/asio/io_context.hpp>

#include "common/base/result.h"
#include "tests/gateway/slp/settings.h"

namespace rsip::gateway {

/// The gateway as an SLP service agent (RFC 2608, RFC 3105 section 4): answers requests that come
/// by multicast, by unicast and over TCP, and registers with directory agents. Thread: the event
/// loop's.
class SlpAgent {
 public:
  SlpAgent(boost::asio::io_context& io, SlpAgentSettings settings);
  ~SlpAgent();
  SlpAgent(const SlpAgent&) = delete;
  SlpAgent& operator=(const SlpAgent&) = delete;

  /// Starts to answer.
  ///
  /// errors   kConfigInvalid if the address is none of this machine's; kInUse if another service
  ///          agent has the port; kPermission: port 427 needs CAP_NET_BIND_SERVICE
  Result<void> start();
  /// Stops to answer and de-registers; the event loop is free of it within a second.
  void stop();
  /// 0 (idle) to 100 (RFC 3105 section 7). Answers have it at once, directory agents within
  /// load_interval.
  void set_load(int load);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace rsip::gateway
