#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "agent/platform/kernel_sas.h"

namespace rsip::fakes {

/// Has the associations that the test gives it, and tells of a change when the test says so.
class FakeKernelSas : public agent::KernelSas {
 public:
  Result<std::vector<agent::KernelSa>> list() override {
    if (failure) return tl::unexpected(*failure);
    return sas;
  }
  Result<void> start(std::function<void()> changed) override {
    changed_ = std::move(changed);
    return {};
  }
  void stop() override { changed_ = nullptr; }

  [[nodiscard]] bool running() const { return changed_ != nullptr; }
  void report() const {
    if (changed_) changed_();
  }
  void add(const agent::KernelSa& sa) { sas.push_back(sa); }
  void remove(std::uint32_t spi) {
    std::erase_if(sas, [spi](const agent::KernelSa& sa) { return sa.spi == spi; });
  }

  std::vector<agent::KernelSa> sas;
  std::optional<Error> failure;  ///< Of list().

 private:
  std::function<void()> changed_;
};

}  // namespace rsip::fakes
