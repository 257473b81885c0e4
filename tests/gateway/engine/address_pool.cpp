#include "tests/gateway/engine/address_pool.h"

#include <algorithm>

namespace rsip::gateway {

using msg::ErrorCode;

std::vector<Run> to_runs(std::span<const Ipv4Prefix> prefixes) {
  std::vector<Run> sorted;
  for (const Ipv4Prefix& prefix : prefixes) {
    sorted.push_back({prefix.address.value, ~prefix.mask() + 1});
  }
  std::ranges::sort(sorted);
  std::vector<Run> runs;
  for (const Run& run : sorted) {
    if (!runs.empty() && run.first <= runs.back().last() + 1) {
      runs.back().count = std::max(runs.back().last(), run.last()) - runs.back().first + 1;
    } else {
      runs.push_back(run);
    }
  }
  return runs;
}

Result<AddressPool::Leased, ErrorCode> AddressPool::assign(std::optional<Ipv4Address> wish,
                                                           Ipv4Address host, PoolIds allowed,
                                                           TimePoint now) {
  for (auto& [id, addresses] : pools_) addresses.release_held(now);
  if (!wish) return assign_any(allowed);
  const Run one{wish->value, 1};
  bool owned = false;
  for (const PoolId id : allowed) {
    const auto pool = pools_.find(id);
    if (pool == pools_.end() || !pool->second.owns(one)) continue;
    owned = true;
    if (!pool->second.available(one, host)) continue;
    pool->second.take(one);
    return Leased{id, *wish};
  }
  if (!owned) return tl::unexpected(ErrorCode::kLocalAddrUnallowed);
  return tl::unexpected(exhausted(allowed) ? ErrorCode::kLocalAddrUnavailable
                                           : ErrorCode::kLocalAddrInuse);
}

Result<AddressPool::Leased, ErrorCode> AddressPool::assign_any(PoolIds allowed) {
  for (const PoolId id : allowed) {
    const auto pool = pools_.find(id);
    if (pool == pools_.end()) continue;
    if (const auto any = pool->second.take_any(1)) return Leased{id, {any->first}};
  }
  return tl::unexpected(ErrorCode::kLocalAddrUnavailable);
}

bool AddressPool::exhausted(PoolIds allowed) const {
  return std::ranges::all_of(allowed, [this](PoolId id) {
    const auto pool = pools_.find(id);
    return pool == pools_.end() || pool->second.largest_free() == 0;
  });
}

void AddressPool::give_back(const Leased& leased, Ipv4Address host, TimePoint now) {
  const auto pool = pools_.find(leased.pool);
  if (pool != pools_.end()) pool->second.give_back({leased.address.value, 1}, host, now + hold_);
}

std::uint64_t AddressPool::free_count(TimePoint now) {
  std::uint64_t total = 0;
  for (auto& [id, addresses] : pools_) {
    addresses.release_held(now);
    total += addresses.free_count();
  }
  return total;
}

}  // namespace rsip::gateway
