#include "agent/control/lease_book.h"

#include <algorithm>

namespace rsip::agent {

const Lease* LeaseBook::find(BindId bind) const {
  const auto at = std::ranges::find(leases_, bind, &Lease::bind);
  return at == leases_.end() ? nullptr : &*at;
}

Lease* LeaseBook::find_mutable(BindId bind) {
  return const_cast<Lease*>(find(bind));
}

std::size_t LeaseBook::ports_leased() const {
  std::size_t total = 0;
  for (const Lease& lease : leases_) {
    if (lease.spis.empty()) total += port_count(lease.ports);
  }
  return total;
}

std::size_t LeaseBook::outgoing_count() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      leases_, [](const Lease& lease) { return !lease.listening && lease.spis.empty(); }));
}

void LeaseBook::add(Lease lease, Duration life, TimePoint requested_at) {
  set_life(lease, life, requested_at);
  leases_.push_back(std::move(lease));
}

bool LeaseBook::extend(BindId bind, Duration life, TimePoint requested_at) {
  Lease* const lease = find_mutable(bind);
  if (lease == nullptr) return false;
  set_life(*lease, life, requested_at);
  return true;
}

// Jitter of 5 % of life either side of one half, so that hosts that registered together (after a
// power cut, say) do not renew together.
void LeaseBook::set_life(Lease& lease, Duration life, TimePoint requested_at) {
  const double part = std::uniform_real_distribution(0.45, 0.55)(random_);
  lease.granted = life;
  lease.expires_at = requested_at + life;
  lease.renew_at = requested_at + std::chrono::duration_cast<Duration>(life * part);
}

void LeaseBook::renewal_tried(BindId bind, TimePoint now) {
  Lease* const lease = find_mutable(bind);
  if (lease == nullptr) return;
  const Duration left = lease->expires_at - now;
  lease->renew_at = now + std::max(left / 2, kRenewalSpacing);
}

void LeaseBook::verify_all(TimePoint now) {
  for (Lease& lease : leases_) lease.renew_at = now;
}

bool LeaseBook::postpone(BindId bind, TimePoint until) {
  Lease* const lease = find_mutable(bind);
  if (lease != nullptr) lease->renew_at = until;
  return lease != nullptr;
}

bool LeaseBook::set_retiring(BindId bind, bool retiring) {
  Lease* const lease = find_mutable(bind);
  if (lease != nullptr) lease->retiring = retiring;
  return lease != nullptr;
}

std::optional<Lease> LeaseBook::remove(BindId bind) {
  const auto at = std::ranges::find(leases_, bind, &Lease::bind);
  if (at == leases_.end()) return std::nullopt;
  Lease removed = std::move(*at);
  leases_.erase(at);
  return removed;
}

std::vector<Lease> LeaseBook::expire(TimePoint now) {
  const auto live = [now](const Lease& lease) { return lease.expires_at > now; };
  const auto dead = std::stable_partition(leases_.begin(), leases_.end(), live);
  std::vector<Lease> expired(dead, leases_.end());
  leases_.erase(dead, leases_.end());
  return expired;
}

std::vector<Lease> LeaseBook::clear() {
  return std::exchange(leases_, {});
}

const Lease* LeaseBook::due_for_renewal(TimePoint now) const {
  const auto at = std::ranges::min_element(leases_, {}, &Lease::renew_at);
  return at != leases_.end() && at->renew_at <= now ? &*at : nullptr;
}

std::optional<TimePoint> LeaseBook::next_expiry() const {
  const auto at = std::ranges::min_element(leases_, {}, &Lease::expires_at);
  return at == leases_.end() ? std::nullopt : std::optional(at->expires_at);
}

std::optional<TimePoint> LeaseBook::next_renewal() const {
  const auto at = std::ranges::min_element(leases_, {}, &Lease::renew_at);
  return at == leases_.end() ? std::nullopt : std::optional(at->renew_at);
}

}  // namespace rsip::agent
