#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "common/base/result.h"
#include "common/ipc/status.h"

namespace rsip::agent {

/// Answers `status` on the agent's Unix socket, for every local user (contract: common/ipc).
///
/// thread   the event loop's
class StatusServer {
 public:
  /// status   makes the snapshot; called once per request
  StatusServer(boost::asio::io_context& io, std::string path, std::function<ipc::Status()> status);
  ~StatusServer();
  StatusServer(const StatusServer&) = delete;
  StatusServer& operator=(const StatusServer&) = delete;

  /// Makes the socket's folder if need be and listens.
  /// errors   kInUse if another agent listens there; kPermission or kOther naming the path
  Result<void> start();
  /// Ends all connections and removes the socket.
  void stop();

 private:
  class Listener;
  std::shared_ptr<Listener> listener_;
};

}  // namespace rsip::agent
