#include "agent/datapath/expiry_wheel.h"

#include <algorithm>

namespace rsip::agent {
namespace {

std::int64_t seconds_rounded_down(TimePoint time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::int64_t seconds_rounded_up(TimePoint time) {
  return std::chrono::ceil<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

ExpiryWheel::ExpiryWheel() {
  for (Entry& head : slots_) head.previous = head.next = &head;
}

void ExpiryWheel::schedule(Entry& entry, TimePoint due) {
  remove(entry);
  const std::int64_t slot = std::clamp(seconds_rounded_up(due), second_, second_ + kSlots - 1);
  Entry& head = slots_[static_cast<std::size_t>(slot % kSlots)];
  entry.due = due;
  entry.next = &head;
  entry.previous = head.previous;
  head.previous->next = &entry;
  head.previous = &entry;
}

void ExpiryWheel::remove(Entry& entry) {
  if (entry.next == nullptr) return;
  entry.previous->next = entry.next;
  entry.next->previous = entry.previous;
  entry.previous = entry.next = nullptr;
}

ExpiryWheel::Entry* ExpiryWheel::next_due(TimePoint now) {
  const std::int64_t today = seconds_rounded_down(now);
  // After a suspend, or at the start, one turn passes every slot.
  if (today - second_ > kSlots) {
    second_ = today - kSlots;
  }
  for (;; ++second_) {
    Entry& head = slots_[static_cast<std::size_t>(second_ % kSlots)];
    if (head.next != &head) {
      Entry& entry = *head.next;
      remove(entry);
      return &entry;
    }
    if (second_ >= today) return nullptr;
  }
}

}  // namespace rsip::agent
