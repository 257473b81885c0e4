#include "agent/ipsec/charon_coordinator.h"

namespace rsip::agent {
namespace {

SpiReport::Use to_use(const SpiPool& pool, std::uint32_t spi, SpiPool::Use use) {
  if (use == SpiPool::Use::kInUse) return SpiReport::Use::kInUse;
  if (pool.offer() && pool.offer()->contains(spi)) return SpiReport::Use::kOffered;
  return use == SpiPool::Use::kResting ? SpiReport::Use::kResting : SpiReport::Use::kFree;
}

}  // namespace

const char* to_string(CharonState state) {
  switch (state) {
    case CharonState::kAbsent:
      return "absent";
    case CharonState::kRefused:
      return "refused";
    case CharonState::kTroubled:
      return "troubled";
    case CharonState::kInStep:
      return "in_step";
    case CharonState::kNoSpi:
      return "no_spi";
  }
  return "?";
}

IpsecReport CharonCoordinator::report() const {
  IpsecReport report{charon_state(), charon_.version(), problem(), {}, report_sas(facts())};
  for (const auto& [number, spi] : pool_.spis()) {
    report.spis.push_back({number, spi.bind, to_use(pool_, number, spi.use)});
  }
  return report;
}

std::set<Ipv4Address> CharonCoordinator::addresses() const {
  std::set<Ipv4Address> all;
  for (const SpiLease& lease : leases_) all.insert(lease.local);
  return all;
}

SaFacts CharonCoordinator::facts() const {
  return {sas_, charon_.sas(), pool_, addresses(), lost_, refused_, older_, settings_.fragment};
}

CharonState CharonCoordinator::charon_state() const {
  if (charon_.up()) {
    return pool_.offer() && steering_.follows() ? CharonState::kInStep : CharonState::kNoSpi;
  }
  if (!charon_.end()) return CharonState::kAbsent;
  switch (charon_.end()->why) {
    case ViciEnd::Why::kRefused:
      return CharonState::kRefused;
    case ViciEnd::Why::kTroubled:
      return CharonState::kTroubled;
    default:
      return CharonState::kAbsent;
  }
}

std::optional<Error> CharonCoordinator::problem() const {
  if (kernel_problem_) return kernel_problem_;
  if (watch_problem_) return watch_problem_;
  const CharonState state = charon_state();
  if (state == CharonState::kRefused || state == CharonState::kTroubled) {
    return charon_.end()->error;
  }
  if (!settings_.fragment.empty() && charon_ignores_range(facts(), exact_)) {
    return Error{ErrorKind::kState, "charon takes SPIs that it was not told",
                 how_to_include(settings_.fragment)};
  }
  if (auto steering = steering_.problem()) return steering;
  if (connections_.problem()) return connections_.problem();
  return refusal_;
}

}  // namespace rsip::agent
