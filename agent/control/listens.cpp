#include "agent/control/listens.h"

#include <algorithm>

namespace rsip::agent {

Listens::Item* Listens::find(std::uint16_t server_port) {
  const auto at = std::ranges::find_if(
      items_, [server_port](const Item& item) { return item.wish.server_port == server_port; });
  return at == items_.end() ? nullptr : &*at;
}

bool Listens::add(const ListenWish& wish) {
  if (items_.size() >= kMost) return false;
  items_.emplace_back().wish = wish;
  return true;
}

void Listens::remove(std::uint16_t server_port) {
  std::erase_if(items_,
                [server_port](const Item& item) { return item.wish.server_port == server_port; });
}

const Listens::Item* Listens::next(TimePoint now) const {
  const auto at = std::ranges::find_if(items_, [this, now](const Item& item) {
    return !item.bind && (!item.patient || pace_.over(now));
  });
  return at == items_.end() ? nullptr : &*at;
}

TimePoint Listens::next_at() const {
  TimePoint next = TimePoint::max();
  for (const Item& item : items_) {
    if (!item.bind) next = std::min(next, item.patient ? pace_.until() : TimePoint::min());
  }
  return next;
}

void Listens::granted(Item& item, const Lease& lease) {
  item.bind = lease.bind;
  item.local = lease.local;
  item.port = lease.ports.front().first;
  item.granted_once = true;
  item.again = item.patient = item.reported = false;
}

void Listens::refused(Item& item, TimePoint now) {
  item.local.reset();
  item.port.reset();
  item.again = false;
  item.patient = item.reported = true;
  pace_.fail(now);
}

void Listens::lost(const Lease& lease, bool forgotten, bool on_purpose) {
  const auto at = std::ranges::find(items_, std::optional(lease.bind), &Item::bind);
  if (at == items_.end()) return;
  at->bind.reset();
  at->again = forgotten;
  at->patient = on_purpose;
}

bool Listens::has_lost() const {
  return std::ranges::any_of(items_, &Item::again);
}

void Listens::forget_losses() {
  for (Item& item : items_) item.again = false;
}

}  // namespace rsip::agent
