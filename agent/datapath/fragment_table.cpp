#include "agent/datapath/fragment_table.h"

#include <algorithm>

namespace rsip::agent {

const FragmentTable::Entry* FragmentTable::Ring::find(const Key& key) const {
  const auto known = std::ranges::find(entries, key, &Entry::key);
  return known == entries.end() ? nullptr : &*known;
}

void FragmentTable::Ring::put(const Entry& entry) {
  const auto known = std::ranges::find(entries, entry.key, &Entry::key);
  if (known != entries.end()) {
    *known = entry;
    return;
  }
  entries[oldest] = entry;
  oldest = (oldest + 1) % kEntries;
}

void FragmentTable::Ring::erase(const Key& key) {
  const auto known = std::ranges::find(entries, key, &Entry::key);
  if (known != entries.end()) *known = {};
}

void FragmentTable::remember(const packet::Ipv4Packet& first, const Translated& outcome,
                             TimePoint now) {
  const Entry entry{key_of(first), outcome, now + kLife};
  (outcome.refused ? accepted_ : refused_).erase(entry.key);
  (outcome.refused ? refused_ : accepted_).put(entry);
}

Translated FragmentTable::find(const packet::Ipv4Packet& later, TimePoint now) const {
  const Key key = key_of(later);
  const Entry* known = accepted_.find(key);
  if (known == nullptr) known = refused_.find(key);
  if (known == nullptr || known->expires <= now) return {DropReason::kOrphanFragment, {}, {}};
  return known->outcome;
}

FragmentTable::Key FragmentTable::key_of(const packet::Ipv4Packet& packet) {
  return {packet.source(), packet.destination(), packet.id(), packet.protocol()};
}

}  // namespace rsip::agent
