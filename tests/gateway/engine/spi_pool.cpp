#include "tests/gateway/engine/spi_pool.h"

#include <algorithm>

namespace rsip::gateway {
namespace {

using msg::ErrorCode;

Run to_run(const SpiRange& range) {
  return {range.first, range.count};
}

}  // namespace

void SpiPool::add(PoolId pool, std::vector<Run> addresses, SpiRange spis) {
  if (spis.count != 0) pools_.emplace(pool, Pool{std::move(addresses), spis});
}

void SpiPool::remove(PoolId pool) {
  pools_.erase(pool);
  std::erase_if(spaces_, [pool](const auto& entry) { return entry.first.first == pool; });
}

std::optional<PoolId> SpiPool::pool_of(Ipv4Address address, PoolIds allowed) const {
  for (const PoolId id : allowed) {
    const auto pool = pools_.find(id);
    if (pool == pools_.end()) continue;
    const bool inside = std::ranges::any_of(pool->second.addresses, [address](const Run& run) {
      return address.value - run.first < run.count;
    });
    if (inside) return id;
  }
  return std::nullopt;
}

std::vector<Ipv4Address> SpiPool::addresses(PoolIds allowed) const {
  std::vector<Ipv4Address> all;
  for (const PoolId id : allowed) {
    const auto pool = pools_.find(id);
    if (pool == pools_.end()) continue;
    for (const Run& run : pool->second.addresses) {
      for (std::uint32_t i = 0; i < run.count; ++i) all.push_back({run.first + i});
    }
  }
  return all;
}

std::optional<Ipv4Address> SpiPool::some_address(PoolIds allowed) const {
  std::vector<Run> runs;
  std::uint64_t count = 0;
  for (const PoolId id : allowed) {
    const auto pool = pools_.find(id);
    if (pool == pools_.end()) continue;
    for (const Run& run : pool->second.addresses) {
      runs.push_back(run);
      count += run.count;
    }
  }
  std::uint64_t nth = std::uint64_t{random_()} * count >> 32;
  for (const Run& run : runs) {
    if (nth < run.count) return Ipv4Address{run.first + static_cast<std::uint32_t>(nth)};
    nth -= run.count;
  }
  return std::nullopt;
}

Result<void, ErrorCode> SpiPool::check(PoolId pool, Ipv4Address address, const SpiWish& wish,
                                       Ipv4Address host, TimePoint now) {
  release_held(now);
  const SpiRange& all = pools_.at(pool).spis;
  const auto space = spaces_.find({pool, address});
  const bool untouched = space == spaces_.end();
  if (wish.spis.empty()) {
    const std::uint32_t largest = untouched ? all.count : space->second.largest_free();
    if (largest >= wish.count) return {};
    return tl::unexpected(ErrorCode::kIpsecSpiUnavailable);
  }
  const bool free = std::ranges::all_of(wish.spis, [&](const SpiRange& range) {
    return all.contains(range.first) && all.contains(range.last()) &&
           (untouched || space->second.available(to_run(range), host));
  });
  if (free) return {};
  return tl::unexpected(ErrorCode::kIpsecSpiInuse);
}

std::vector<SpiRange> SpiPool::take(PoolId pool, Ipv4Address address, const SpiWish& wish) {
  RunPool& from = space({pool, address});
  if (wish.spis.empty()) {
    const auto run = from.take_anywhere(wish.count, random_);
    return {{run->first, run->count}};
  }
  for (const SpiRange& range : wish.spis) from.take(to_run(range));
  return wish.spis;
}

void SpiPool::give_back(PoolId pool, Ipv4Address address, std::span<const SpiRange> spis,
                        Ipv4Address host, TimePoint now) {
  const auto known = spaces_.find({pool, address});
  if (known == spaces_.end()) return;
  for (const SpiRange& range : spis) known->second.give_back(to_run(range), host, now + hold_);
  due_.emplace_back(now + hold_, known->first);
}

RunPool& SpiPool::space(const Place& place) {
  const auto known = spaces_.find(place);
  if (known != spaces_.end()) return known->second;
  return spaces_.emplace(place, RunPool({to_run(pools_.at(place.first).spis)})).first->second;
}

void SpiPool::release_held(TimePoint now) {
  for (; !due_.empty() && due_.front().first <= now; due_.pop_front()) {
    const auto known = spaces_.find(due_.front().second);
    if (known != spaces_.end()) known->second.release_held(now);
  }
}

}  // namespace rsip::gateway
