#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "agent/ipsec/coordinator.h"
#include "tests/fakes/journal.h"

namespace rsip::fakes {

/// What a coordinator was told, and the way back to its owner.
struct CoordinatorRecord {
  agent::CoordinatorEvents events;
  std::vector<agent::SpiLease> leases;  ///< Told last.
  std::vector<std::pair<std::optional<std::uint32_t>, Error>> refused;
  std::vector<std::uint64_t> held;
  std::function<void()> stopped;  ///< To be called when it has ended what it has to.
  agent::IpsecReport report;
};

/// A coordinator without an IKE daemon.
class FakeCoordinator : public agent::Coordinator {
 public:
  FakeCoordinator(CoordinatorRecord& record, Journal* journal)
      : record_(record), journal_(journal) {}

  void start() override { note("ipsec started"); }
  void use(std::vector<agent::SpiLease> leases) override {
    if (leases != record_.leases) note("ipsec uses " + std::to_string(leases.size()));
    record_.leases = std::move(leases);
  }
  void refused(std::optional<std::uint32_t> exactly, const Error& error) override {
    record_.refused.emplace_back(exactly, error);
  }
  void ike_held(std::uint64_t hold, Ipv4Address, Ipv4Address) override {
    record_.held.push_back(hold);
  }
  void stop(std::function<void()> stopped) override {
    note("ipsec stopping");
    record_.stopped = std::move(stopped);
  }
  [[nodiscard]] agent::IpsecReport report() const override { return record_.report; }

 private:
  void note(std::string line) {
    if (journal_ != nullptr) journal_->add(std::move(line));
  }

  CoordinatorRecord& record_;
  Journal* journal_;
};

}  // namespace rsip::fakes
