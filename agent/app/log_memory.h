#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include "common/ipc/events.h"

namespace rsip::agent {

/// Remembers the last lines of the log, for those who look at it through the agent's socket.
///
/// thread   the event loop's, like all of the log
class LogMemory : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  static constexpr std::size_t kMostLines = 500;

  /// The last ones, oldest first.
  [[nodiscard]] std::vector<ipc::LogLine> last(std::size_t count) const;
  /// Called with each line. What it logs itself is remembered and not told.
  void on_line(std::function<void(const ipc::LogLine&)> told) { told_ = std::move(told); }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}

 private:
  std::deque<ipc::LogLine> lines_;
  std::function<void(const ipc::LogLine&)> told_;
  bool telling_ = false;
};

/// From which on it is logged now: "trace", "debug", "info", "warn", "error".
std::string log_level();
/// level   one of these
void set_log_level(const std::string& level);
/// errors   kUsage naming the ones there are
Result<void> check_log_level(const std::string& level);

}  // namespace rsip::agent
