#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/platform/host_network.h"
#include "tests/fakes/journal.h"

namespace rsip::fakes {

/// A host in memory that prints itself as `ip`-like text.
class FakeHostNetwork : public agent::HostNetwork {
 public:
  explicit FakeHostNetwork(Journal* journal = nullptr) : journal_(journal) {}

  Result<void> apply(const agent::NetworkPlan& plan) override;
  Result<std::size_t> repair() override;
  Result<void> remove_leftovers() override;
  Result<agent::NetworkPath> path_to(Ipv4Address destination) override;
  Result<std::vector<Ipv4Address>> own_addresses() override {
    return std::vector<Ipv4Address>{path_ ? path_->source : Ipv4Address{}};
  }

  /// What is there, one line per object; empty on a clean host.
  [[nodiscard]] std::string text() const;
  /// "+line" and "-line" for each difference the last apply() made.
  [[nodiscard]] const std::vector<std::string>& last_changes() const { return last_changes_; }
  [[nodiscard]] std::size_t applied() const { return applied_; }
  [[nodiscard]] bool leftovers_removed() const { return leftovers_removed_; }

  /// The next apply() fails with this and changes nothing.
  void fail_next(Error error) { failures_ = {std::move(error)}; }
  /// Same, of the next so many.
  void fail_next(std::size_t times, const Error& error) { failures_.assign(times, error); }
  /// Nothing: there is no route.
  void set_path(std::optional<agent::NetworkPath> path) { path_ = path; }
  /// Somebody removes every object with this word in its line.
  void take_away(const std::string& word);
  /// Somebody deletes the device; the next one comes with the next plan after an empty one.
  void delete_device() { device_gone_ = true; }

 private:
  agent::NetworkPlan installed_;
  std::vector<std::string> taken_away_;
  bool device_gone_ = false;
  std::vector<std::string> last_changes_;
  std::size_t applied_ = 0;
  bool leftovers_removed_ = false;
  std::vector<Error> failures_;
  std::optional<agent::NetworkPath> path_ = agent::NetworkPath{{0x0A000002}, 1500};
  Journal* journal_;
};

}  // namespace rsip::fakes
