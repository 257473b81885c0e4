#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "common/base/result.h"

namespace rsip::cli {

/// A blocking connection to the agent that reads and writes whole lines.
class LineSocket {
 public:
  LineSocket() = default;
  ~LineSocket();
  LineSocket(LineSocket&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), received_(std::move(other.received_)) {}
  LineSocket& operator=(LineSocket&&) = delete;

  /// patience   how long to wait for the other end when writing
  /// errors     kAgentNotRunning, kPermission, kUsage
  Result<void> connect(const std::string& path, std::chrono::milliseconds patience);
  Result<void> write_line(std::string line);
  /// patience   how long to wait for a line; absent: for ever
  /// errors     kTimeout, kAgentNotRunning if it ended, kProtocol if the line has no end
  Result<std::string> read_line(std::optional<std::chrono::milliseconds> patience);

 private:
  int descriptor_ = -1;
  std::string received_;
};

}  // namespace rsip::cli
