#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "agent/platform/network_monitor.h"

namespace rsip::fakes {

/// Reports a change when the test says so.
class FakeNetworkMonitor : public agent::NetworkMonitor {
 public:
  Result<void> start(std::function<void()> changed) override {
    if (failure) return tl::unexpected(*failure);
    changed_ = std::move(changed);
    return {};
  }
  void stop() override { changed_ = nullptr; }

  [[nodiscard]] bool running() const { return changed_ != nullptr; }
  void report() const {
    if (changed_) changed_();
  }

  std::optional<Error> failure;  ///< Of start().

 private:
  std::function<void()> changed_;
};

}  // namespace rsip::fakes
