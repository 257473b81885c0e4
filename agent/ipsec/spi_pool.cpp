#include "agent/ipsec/spi_pool.h"

#include <algorithm>

namespace rsip::agent {
namespace {

using Use = SpiPool::Use;

void observe_one(SpiPool::LeasedSpi& spi, bool in_use, TimePoint now) {
  if (in_use && spi.use != Use::kInUse) {
    spi.use = Use::kInUse;
    spi.since = now;
  } else if (!in_use && spi.use == Use::kInUse) {
    spi.use = Use::kResting;
    spi.since = now;
  } else if (spi.use == Use::kResting && now - spi.since >= SpiPool::kRest) {
    spi.use = Use::kFree;
  }
}

}  // namespace

void SpiPool::use(std::span<const Lease> leases, TimePoint now) {
  std::map<std::uint32_t, LeasedSpi> spis;
  for (const Lease& lease : leases) {
    for (const SpiRange& range : lease.spis) {
      for (std::uint32_t i = 0; i < range.count; ++i) {
        const auto known = spis_.find(range.first + i);
        LeasedSpi spi = known == spis_.end() ? LeasedSpi{{}, Use::kFree, now} : known->second;
        spi.bind = lease.bind;
        spi.offered = lease.offered;
        spis.emplace(range.first + i, spi);
      }
    }
  }
  spis_ = std::move(spis);
  leases_.assign(leases.begin(), leases.end());
  std::erase_if(retired_, [&](BindId bind) {
    return std::ranges::find(leases_, bind, &Lease::bind) == leases_.end();
  });
  choose();
}

void SpiPool::observe(const std::set<std::uint32_t>& in_use, TimePoint now) {
  for (auto& [number, spi] : spis_) {
    observe_one(spi, in_use.contains(number), now);
    if (spi.use == Use::kInUse) retired_.erase(spi.bind);
  }
  choose();
}

std::uint16_t SpiPool::missing() const {
  const std::size_t wanted = spare_ + std::size_t{1};
  const std::size_t there = offered_without(retired_);
  return static_cast<std::uint16_t>(spis_.empty() || there >= wanted ? 0 : wanted - there);
}

std::vector<BindId> SpiPool::retire_idle(TimePoint now) {
  std::vector<BindId> idle;
  for (std::size_t i = 1; i < leases_.size() && idle_ > Duration::zero(); ++i) {
    const BindId bind = leases_[i].bind;
    if (retired_.contains(bind) || !idle_since(bind, now)) continue;
    std::set<BindId> without = retired_;
    without.insert(bind);
    if (leases_[i].offered && offered_without(without) < spare_ + std::size_t{1}) continue;
    retired_ = std::move(without);
    idle.push_back(bind);
  }
  choose();
  return idle;
}

bool SpiPool::unused(BindId bind) const {
  return std::ranges::all_of(spis_, [bind](const auto& entry) {
    return entry.second.bind != bind || entry.second.use == Use::kFree;
  });
}

bool SpiPool::idle_since(BindId bind, TimePoint now) const {
  return std::ranges::all_of(spis_, [&](const auto& entry) {
    const LeasedSpi& spi = entry.second;
    return spi.bind != bind || (spi.use == Use::kFree && now - spi.since >= idle_);
  });
}

/// Free or resting ones that may be offered, if those leases were not there.
std::size_t SpiPool::offered_without(const std::set<BindId>& binds) const {
  return static_cast<std::size_t>(std::ranges::count_if(spis_, [&](const auto& entry) {
    const LeasedSpi& spi = entry.second;
    return spi.offered && spi.use != Use::kInUse && !binds.contains(spi.bind);
  }));
}

std::vector<std::uint32_t> SpiPool::free() const {
  std::vector<std::uint32_t> found;
  for (const auto& [number, spi] : spis_) {
    if (spi.offered && spi.use == Use::kFree && !retired_.contains(spi.bind)) {
      found.push_back(number);
    }
  }
  return found;
}

std::optional<std::uint32_t> SpiPool::longest_resting() const {
  std::optional<std::uint32_t> best;
  for (const auto& [number, spi] : spis_) {
    if (!spi.offered || spi.use != Use::kResting) continue;
    if (!best || spi.since < spis_.at(*best).since) best = number;
  }
  return best;
}

/// Stays where it is as long as something of it is free.
void SpiPool::choose() {
  const std::vector<SpiRange> runs = to_spi_ranges(free());
  if (runs.empty()) {
    const auto rested = longest_resting();
    offer_ = rested ? std::optional(SpiRange{*rested, 1}) : std::nullopt;
    return;
  }
  const auto same = std::ranges::find_if(
      runs, [this](const SpiRange& run) { return offer_ && offer_->overlaps(run); });
  if (same != runs.end()) {
    offer_ = *same;
    return;
  }
  std::vector<double> lengths;
  for (const SpiRange& run : runs) lengths.push_back(run.count);
  std::discrete_distribution<std::size_t> by_length(lengths.begin(), lengths.end());
  offer_ = runs[by_length(random_)];
}

}  // namespace rsip::agent
