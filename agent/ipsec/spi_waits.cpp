#include "agent/ipsec/spi_waits.h"

#include <algorithm>
#include <utility>

namespace rsip::agent {

std::vector<std::uint32_t> SpiWaits::add(std::uint64_t hold, std::set<std::uint32_t> spis,
                                         TimePoint now) {
  forget(now);
  std::vector<std::uint32_t> unasked;
  std::ranges::copy_if(spis, std::back_inserter(unasked),
                       [this](std::uint32_t spi) { return !waits_for(spi); });
  holds_[hold] = {std::move(spis), now + kLongest};
  return unasked;
}

std::vector<std::uint64_t> SpiWaits::leased(
    const std::function<bool(std::uint32_t spi)>& is_leased) {
  std::vector<std::uint64_t> free;
  for (auto& [id, hold] : holds_) {
    std::erase_if(hold.spis, is_leased);
    if (hold.spis.empty()) free.push_back(id);
  }
  for (const std::uint64_t id : free) holds_.erase(id);
  return free;
}

std::vector<std::uint64_t> SpiWaits::refused(std::uint32_t spi) {
  std::vector<std::uint64_t> dropped;
  for (const auto& [id, hold] : holds_) {
    if (hold.spis.contains(spi)) dropped.push_back(id);
  }
  for (const std::uint64_t id : dropped) holds_.erase(id);
  return dropped;
}

void SpiWaits::forget(TimePoint now) {
  std::erase_if(holds_, [now](const auto& entry) { return entry.second.until <= now; });
}

bool SpiWaits::waits_for(std::uint32_t spi) const {
  return std::ranges::any_of(holds_,
                             [spi](const auto& entry) { return entry.second.spis.contains(spi); });
}

}  // namespace rsip::agent
