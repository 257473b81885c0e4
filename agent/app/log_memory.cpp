#include "agent/app/log_memory.h"

#include <algorithm>
#include <array>
#include <utility>

#include <spdlog/spdlog.h>

#include "agent/app/wall_clock.h"

namespace rsip::agent {
namespace {

/// In the order of spdlog's levels; there are no others in use.
constexpr std::array<const char*, 5> kLevels = {"trace", "debug", "info", "warn", "error"};

std::string name_of(spdlog::level::level_enum level) {
  return kLevels.at(std::min<std::size_t>(static_cast<std::size_t>(level), kLevels.size() - 1));
}

}  // namespace

std::vector<ipc::LogLine> LogMemory::last(std::size_t count) const {
  const auto taken = static_cast<std::ptrdiff_t>(std::min(count, lines_.size()));
  return {lines_.end() - taken, lines_.end()};
}

void LogMemory::sink_it_(const spdlog::details::log_msg& message) {
  lines_.push_back({to_iso(message.time), name_of(message.level),
                    std::string(message.payload.data(), message.payload.size())});
  if (lines_.size() > kMostLines) lines_.pop_front();
  if (!told_ || std::exchange(telling_, true)) return;
  const ipc::LogLine line = lines_.back();
  told_(line);
  telling_ = false;
}

std::string log_level() {
  return name_of(spdlog::get_level());
}

void set_log_level(const std::string& level) {
  const auto at = std::ranges::find(kLevels, level);
  if (at != kLevels.end()) {
    spdlog::set_level(static_cast<spdlog::level::level_enum>(at - kLevels.begin()));
  }
}

Result<void> check_log_level(const std::string& level) {
  if (std::ranges::find(kLevels, level) != kLevels.end()) return {};
  return fail(ErrorKind::kUsage, "there is no log level \"" + level + "\"",
              "one of trace, debug, info, warn, error");
}

}  // namespace rsip::agent
