#include "agent/control/spi_needs.h"

#include <algorithm>

namespace rsip::agent {
namespace {

bool is_growth(const SpiNeed& need) {
  return need.kind == SpiNeed::Kind::kGrowth;
}

}  // namespace

bool SpiNeeds::add(SpiNeed need) {
  if (list_.size() >= kMost) return false;
  need.id = ++last_id_;
  list_.push_back(std::move(need));
  return true;
}

SpiNeed* SpiNeeds::find(std::uint64_t id) {
  const auto at = std::ranges::find(list_, id, &SpiNeed::id);
  return at == list_.end() ? nullptr : &*at;
}

void SpiNeeds::remove(std::uint64_t id) {
  std::erase_if(list_, [id](const SpiNeed& need) { return need.id == id; });
}

std::vector<SpiNeed> SpiNeeds::take_growth() {
  std::vector<SpiNeed> taken;
  std::ranges::copy_if(list_, std::back_inserter(taken), is_growth);
  std::erase_if(list_, is_growth);
  return taken;
}

void SpiNeeds::keep_named() {
  std::erase_if(list_, [](const SpiNeed& need) { return !need.peer; });
}

const SpiNeed* SpiNeeds::next(TimePoint now) const {
  const auto at = std::ranges::find_if(
      list_, [&](const SpiNeed& need) { return !need.patient || pace_.over(now); });
  return at == list_.end() ? nullptr : &*at;
}

TimePoint SpiNeeds::next_at() const {
  TimePoint next = TimePoint::max();
  for (const SpiNeed& need : list_) {
    next = std::min(next, need.patient ? pace_.until() : TimePoint::min());
  }
  return next;
}

void SpiNeeds::pause(SpiNeed& need, TimePoint now) {
  need.patient = true;
  pace_.fail(now);
}

void SpiNeeds::pause_all(TimePoint now) {
  for (SpiNeed& need : list_) need.patient = need.patient || !is_growth(need);
  pace_.fail(now);
}

std::size_t SpiNeeds::spis() const {
  std::size_t spis = 0;
  for (const SpiNeed& need : list_) spis += need.count;
  return spis;
}

bool SpiNeeds::has_lost() const {
  return std::ranges::any_of(list_, &SpiNeed::again);
}

void SpiNeeds::forget_losses() {
  for (SpiNeed& need : list_) need.again = false;
}

}  // namespace rsip::agent
