#include "tests/gateway/engine/address_pool.h"

#include <algorithm>

namespace rsip::gateway {
namespace {

using msg::ErrorCode;

std::vector<Ipv4Prefix> whole_addresses(std::span<const PoolSettings> pools) {
  std::vector<Ipv4Prefix> prefixes;
  for (const PoolSettings& pool : pools) {
    if (pool.method != msg::Method::kRsaIp) continue;
    prefixes.insert(prefixes.end(), pool.addresses.begin(), pool.addresses.end());
  }
  return prefixes;
}

}  // namespace

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

AddressPool::AddressPool(std::span<const PoolSettings> pools, Duration hold)
    : hold_(hold),
      addresses_(to_runs(whole_addresses(pools))),
      empty_(addresses_.largest_free() == 0) {}

Result<Ipv4Address, ErrorCode> AddressPool::assign(std::optional<Ipv4Address> wish,
                                                   Ipv4Address host, TimePoint now) {
  addresses_.release_held(now);
  if (!wish) {
    const auto any = addresses_.take_any(1);
    if (!any) return tl::unexpected(ErrorCode::kLocalAddrUnavailable);
    return Ipv4Address{any->first};
  }
  const Run one{wish->value, 1};
  if (!addresses_.owns(one)) return tl::unexpected(ErrorCode::kLocalAddrUnallowed);
  if (addresses_.available(one, host)) {
    addresses_.take(one);
    return *wish;
  }
  return tl::unexpected(addresses_.largest_free() == 0 ? ErrorCode::kLocalAddrUnavailable
                                                       : ErrorCode::kLocalAddrInuse);
}

void AddressPool::give_back(Ipv4Address address, Ipv4Address host, TimePoint now) {
  addresses_.give_back({address.value, 1}, host, now + hold_);
}

std::uint64_t AddressPool::free_count(TimePoint now) {
  addresses_.release_held(now);
  return addresses_.free_count();
}

}  // namespace rsip::gateway
