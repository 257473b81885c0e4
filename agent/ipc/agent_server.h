#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "agent/ipc/peer.h"
#include "common/base/result.h"
#include "common/ipc/permissions.h"
#include "common/ipc/requests.h"

namespace rsip::agent {

/// Told what came of a call: once, now or later, from the event loop.
using Answered = std::function<void(Result<ipc::Answer>)>;
/// Does what a client asks for.
using CallHandler =
    std::function<void(const ipc::Call& call, const ipc::Caller& caller, Answered answered)>;

/// What all subscribers together want to be told.
struct SubscriberWishes {
  std::size_t subscribers = 0;
  bool log = false;
  std::uint32_t shortest_traffic_seconds = 0;  ///< 0: nobody wants counters.
  std::uint32_t longest_traffic_seconds = 0;
  bool operator==(const SubscriberWishes&) const = default;
};

/// Answers on the agent's Unix socket (contract: common/ipc), and tells subscribers what happens.
/// Every local user may read; what changes something is for those whom common/ipc/permissions.h
/// names.
///
/// A connection whose call is answered with a Snapshot is a subscription from then on: it gets
/// every event that is published after that answer and that it asked for, in order.
///
/// thread   the event loop's
class AgentServer {
 public:
  /// who   tells callers apart; asked for each call
  AgentServer(boost::asio::io_context& io, std::string path, CallHandler handler,
              WhoIs who = who_is_here);
  ~AgentServer();
  AgentServer(const AgentServer&) = delete;
  AgentServer& operator=(const AgentServer&) = delete;

  /// Makes the socket's folder if need be and listens.
  /// errors   kInUse if another agent listens there; kPermission or kOther naming the path
  Result<void> start();
  /// Tells those who subscribed and want that kind of event.
  void publish(const ipc::Event& event);
  /// Called when subscribers come or go, if that changes what they want together.
  void on_wishes(std::function<void(const SubscriberWishes&)> changed);
  /// Ends all connections and removes the socket. Subscribers get what was published before, if
  /// they read it within a second.
  void stop();

 private:
  class Listener;
  std::shared_ptr<Listener> listener_;
};

}  // namespace rsip::agent
