#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "common/base/result.h"
#include "common/ipc/permissions.h"
#include "common/ipc/requests.h"

namespace rsip::agent {

/// Told what came of a call: once, now or later, from the event loop.
using Answered = std::function<void(Result<ipc::Answer>)>;
/// Does what a client asks for.
using CallHandler =
    std::function<void(const ipc::Call& call, const ipc::Caller& caller, Answered answered)>;

/// Answers on the agent's Unix socket (contract: common/ipc). Every local user may read; what
/// changes something is for root, the user the agent runs as, and the group `rsip`.
///
/// thread   the event loop's
class AgentServer {
 public:
  AgentServer(boost::asio::io_context& io, std::string path, CallHandler handler);
  ~AgentServer();
  AgentServer(const AgentServer&) = delete;
  AgentServer& operator=(const AgentServer&) = delete;

  /// Makes the socket's folder if need be and listens.
  /// errors   kInUse if another agent listens there; kPermission or kOther naming the path
  Result<void> start();
  /// Tells those who subscribed and want that kind of event.
  void publish(const ipc::Event& event);
  /// Ends all connections and removes the socket.
  void stop();

 private:
  class Listener;
  std::shared_ptr<Listener> listener_;
};

}  // namespace rsip::agent
