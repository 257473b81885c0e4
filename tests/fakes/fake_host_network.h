#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/platform/host_network.h"

namespace rsip::fakes {

/// A host in memory that prints itself as `ip`-like text.
class FakeHostNetwork : public agent::HostNetwork {
 public:
  Result<void> apply(const agent::NetworkPlan& plan) override;
  Result<void> remove_leftovers() override;
  Result<std::uint32_t> path_mtu(Ipv4Address destination) override;

  /// What is installed, one line per object; empty on a clean host.
  [[nodiscard]] std::string text() const { return agent::to_string(installed_); }
  /// "+line" and "-line" for each difference the last apply() made.
  [[nodiscard]] const std::vector<std::string>& last_changes() const { return last_changes_; }
  [[nodiscard]] std::size_t applied() const { return applied_; }
  [[nodiscard]] bool leftovers_removed() const { return leftovers_removed_; }

  /// The next apply() fails with this and changes nothing.
  void fail_next(Error error) { failure_ = std::move(error); }
  /// Nothing: there is no route.
  void set_path_mtu(std::optional<std::uint32_t> mtu) { path_mtu_ = mtu; }

 private:
  agent::NetworkPlan installed_;
  std::vector<std::string> last_changes_;
  std::size_t applied_ = 0;
  bool leftovers_removed_ = false;
  std::optional<Error> failure_;
  std::optional<std::uint32_t> path_mtu_ = 1500;
};

}  // namespace rsip::fakes
