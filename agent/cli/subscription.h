#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "agent/cli/line_socket.h"
#include "common/ipc/protocol.h"

namespace rsip::cli {

/// The agent's snapshot, kept up to date by its events.
class Subscription {
 public:
  /// errors   as exchange(), and what the agent says
  static Result<Subscription> begin(const std::string& socket_path,
                                    std::chrono::milliseconds patience,
                                    const ipc::SubscribeRequest& request);

  /// With all events so far.
  [[nodiscard]] const ipc::Snapshot& snapshot() const { return snapshot_; }
  [[nodiscard]] const ipc::Status& status() const { return snapshot_.status; }

  /// Waits for the next event that this program knows.
  ///
  /// limit    absent: for ever
  /// errors   kTimeout, kAgentNotRunning once the agent has ended
  Result<ipc::Event> next(std::optional<std::chrono::milliseconds> limit);

 private:
  Subscription(LineSocket socket, ipc::Snapshot snapshot)
      : socket_(std::move(socket)), snapshot_(std::move(snapshot)) {}

  LineSocket socket_;
  ipc::Snapshot snapshot_;
};

/// Looks at the snapshot, and at what happened since the last look if something did.
/// returns   whether to wait no longer
/// errors    why waiting is of no use any more
using Awaited = std::function<Result<bool>(const ipc::Status& status, const ipc::Event* event)>;

/// Waits until it is so.
///
/// limit    absent: for ever
/// errors   kTimeout; what `awaited` says; kAgentNotRunning
Result<void> wait_until(Subscription& subscription, std::optional<std::chrono::milliseconds> limit,
                        const Awaited& awaited);

}  // namespace rsip::cli
