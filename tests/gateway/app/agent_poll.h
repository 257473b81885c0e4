#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "common/base/result.h"

namespace rsip::gateway {

/// Asks the agent on this machine for its status again and again, over its Unix socket
/// (common/ipc/protocol.h). On the event loop.
class AgentPoll {
 public:
  /// One reply, a line without its newline, or why there is none. After a failure it goes on.
  using Got = std::function<void(const Result<std::string>& reply)>;

  AgentPoll(boost::asio::io_context& io, std::string socket, std::chrono::milliseconds every,
            Got got);
  ~AgentPoll();
  AgentPoll(const AgentPoll&) = delete;
  AgentPoll& operator=(const AgentPoll&) = delete;

  void start();
  void stop();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace rsip::gateway
