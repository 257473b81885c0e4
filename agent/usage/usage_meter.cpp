#include "agent/usage/usage_meter.h"

#include <algorithm>
#include <utility>

#include "agent/usage/calendar.h"

namespace rsip::agent {
namespace {

using std::chrono::seconds;

/// The data path tells within a second what an ended lease has moved; more than these do not end in
/// one.
constexpr std::size_t kEndedKept = 64;
/// Longer than any life of a lease that is renewed while the host runs: beyond it a clock is wrong.
constexpr std::int64_t kLongestLook = 400LL * 24 * 3600;

std::int64_t seconds_between(TimePoint from, TimePoint to) {
  const auto whole = std::chrono::duration_cast<seconds>(to - from).count();
  return std::clamp<std::int64_t>(whole, 0, kLongestLook);
}

/// Calls add(day, seconds) for each day that the last `length` seconds before `end` touch.
template <class Add>
void split_by_day(std::int64_t end, std::int64_t length, const Add& add) {
  for (std::int64_t at = end - length; at < end;) {
    const std::int64_t until = std::min(end, next_local_midnight(at));
    add(local_day(at), until - at);
    at = until;
  }
}

/// The day that most of the time since `length` seconds before `end` belongs to.
std::string main_day(std::int64_t end, std::int64_t length) {
  std::string day = local_day(end);
  std::int64_t most = 0;
  split_by_day(end, length, [&](std::string candidate, std::int64_t part) {
    if (part <= most) return;
    most = part;
    day = std::move(candidate);
  });
  return day;
}

}  // namespace

void UsageMeter::look(const std::string& gateway, const std::vector<UsageLease>& leases,
                      const Moved& moved, UsageMoment now) {
  Gateway& looked = gateways_[gateway];
  count_time(looked, now);
  count_traffic(gateway, looked, moved, now);
  replace_leases(looked, leases, now.boot);
  looked.looked_at = now.boot;
}

void UsageMeter::count_time(Gateway& gateway, UsageMoment now) {
  for (auto& [lease, counted_until] : gateway.leases) {
    const std::int64_t length = seconds_between(counted_until, now.boot);
    split_by_day(now.unix_seconds, length, [&](const std::string& day, std::int64_t part) {
      added_[{day, lease}].leased_seconds += static_cast<std::uint64_t>(part);
    });
    counted_until += seconds(length);
  }
}

// A minute around midnight may stand on the wrong side of it: packets carry no date.
void UsageMeter::count_traffic(const std::string& name, Gateway& gateway, const Moved& moved,
                               UsageMoment now) {
  if (moved.empty()) return;
  const std::int64_t length =
      gateway.leases.empty() ? 0 : seconds_between(gateway.looked_at, now.boot);
  const std::string day = main_day(now.unix_seconds, length);
  for (const auto& [bind, amount] : moved) {
    UsageLease payer{name, "", bind};
    for (const UsageLease& lease : gateway.ended) {
      if (lease.bind == bind) payer = lease;
    }
    for (const auto& [lease, counted_until] : gateway.leases) {
      if (lease.bind == bind) payer = lease;
    }
    added_[{day, payer}] += amount;
  }
}

void UsageMeter::replace_leases(Gateway& gateway, const std::vector<UsageLease>& leases,
                                TimePoint now) {
  std::map<UsageLease, TimePoint> next;
  for (const UsageLease& lease : leases) {
    const auto known = gateway.leases.find(lease);
    next.emplace(lease, known == gateway.leases.end() ? now : known->second);
  }
  for (const auto& [lease, counted_until] : gateway.leases) {
    if (next.contains(lease)) continue;
    if (gateway.ended.size() == kEndedKept) gateway.ended.pop_front();
    gateway.ended.push_back(lease);
  }
  gateway.leases = std::move(next);
}

bool UsageMeter::measures() const {
  return std::ranges::any_of(gateways_,
                             [](const auto& entry) { return !entry.second.leases.empty(); });
}

bool UsageMeter::is_news(const std::string& gateway, const std::vector<UsageLease>& leases) const {
  const auto known = gateways_.find(gateway);
  if (known == gateways_.end()) return !leases.empty();
  const auto& held = known->second.leases;
  return held.size() != leases.size() ||
         !std::ranges::all_of(leases, [&](const UsageLease& l) { return held.contains(l); });
}

UsageRows UsageMeter::take() {
  return std::exchange(added_, {});
}

}  // namespace rsip::agent
