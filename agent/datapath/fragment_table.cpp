#include "agent/datapath/fragment_table.h"

#include <algorithm>

namespace rsip::agent {

void FragmentTable::remember(const packet::Ipv4Packet& first, const Translated& outcome,
                             TimePoint now) {
  const Key key = key_of(first);
  const Entry entry{key, outcome, now + kLife};
  const auto known = std::ranges::find(entries_, key, &Entry::key);
  if (known != entries_.end()) {
    *known = entry;
    return;
  }
  entries_[oldest_] = entry;
  oldest_ = (oldest_ + 1) % kEntries;
}

Translated FragmentTable::find(const packet::Ipv4Packet& later, TimePoint now) const {
  const auto known = std::ranges::find(entries_, key_of(later), &Entry::key);
  if (known == entries_.end() || known->expires <= now) return {DropReason::kOrphanFragment, {}};
  return known->outcome;
}

FragmentTable::Key FragmentTable::key_of(const packet::Ipv4Packet& packet) {
  return {packet.source(), packet.destination(), packet.id(), packet.protocol()};
}

}  // namespace rsip::agent
