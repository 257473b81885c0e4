#include "tests/gateway/engine/port_pool.h"

#include <algorithm>

namespace rsip::gateway {
namespace {

using msg::ErrorCode;

Run to_run(const PortRange& range) {
  return {range.first, range.count};
}

bool is_in(PoolId pool, PoolIds allowed) {
  return std::ranges::find(allowed, pool) != allowed.end();
}

}  // namespace

void PortPool::add(PoolId pool, std::span<const Run> addresses, PortRange ports) {
  for (const Run& run : addresses) {
    for (std::uint32_t i = 0; i < run.count; ++i) {
      const Ipv4Address address{run.first + i};
      spaces_.emplace(next_, Space{pool, address, RunPool({to_run(ports)})});
      by_address_.emplace(address, next_);
      by_size_[pool].emplace(ports.count, next_);
      ++next_;
    }
  }
}

void PortPool::remove(PoolId pool) {
  by_size_.erase(pool);
  std::erase_if(by_address_,
                [&](const auto& entry) { return spaces_.at(entry.second).pool == pool; });
  std::erase_if(spaces_, [&](const auto& entry) { return entry.second.pool == pool; });
}

Result<Tuple, ErrorCode> PortPool::assign(const PortWish& wish, Ipv4Address host,
                                          std::span<const Ipv4Address> preferred, PoolIds allowed,
                                          TimePoint now) {
  release_held(now);
  if (wish.address) {
    const Indices there = spaces_at({&*wish.address, 1}, allowed);
    if (there.empty()) return tl::unexpected(ErrorCode::kLocalAddrUnallowed);
    return wish.ports.empty() ? assign_any_at(there, wish, allowed)
                              : assign_named(there, wish, host, allowed);
  }
  Indices first = spaces_at(preferred, allowed);
  if (wish.ports.empty()) return assign_any(first, wish, allowed);
  std::ranges::copy(all_spaces(allowed), std::back_inserter(first));
  return assign_named(first, wish, host, allowed);
}

Result<Tuple, ErrorCode> PortPool::assign_named(const Indices& among, const PortWish& wish,
                                                Ipv4Address host, PoolIds allowed) {
  bool owned = false;
  for (const Index index : among) {
    if (!owns_named(index, wish)) continue;
    owned = true;
    if (auto tuple = take_named(index, wish, host)) return *tuple;
  }
  if (!owned) return tl::unexpected(ErrorCode::kLocalAddrportUnallowed);
  return tl::unexpected(roomiest(allowed) ? ErrorCode::kLocalAddrportInuse
                                          : ErrorCode::kLocalAddrUnavailable);
}

Result<Tuple, ErrorCode> PortPool::assign_any_at(const Indices& among, const PortWish& wish,
                                                 PoolIds allowed) {
  bool full = true;
  for (const Index index : among) {
    if (auto tuple = take_any(index, wish)) return *tuple;
    full = full && spaces_.at(index).ports.largest_free() == 0;
  }
  if (!roomiest(allowed)) return tl::unexpected(ErrorCode::kLocalAddrUnavailable);
  return tl::unexpected(full ? ErrorCode::kLocalAddrInuse : ErrorCode::kLocalAddrportUnavailable);
}

Result<Tuple, ErrorCode> PortPool::assign_any(const Indices& preferred, const PortWish& wish,
                                              PoolIds allowed) {
  for (const Index index : preferred) {
    if (auto tuple = take_any(index, wish)) return *tuple;
  }
  // The address with the most room: spreads hosts over addresses without looking at each.
  const auto best = roomiest(allowed);
  if (!best) return tl::unexpected(ErrorCode::kLocalAddrUnavailable);
  if (auto tuple = take_any(*best, wish)) return *tuple;
  return tl::unexpected(ErrorCode::kLocalAddrportUnavailable);
}

void PortPool::give_back(const Tuple& tuple, Ipv4Address host, TimePoint now) {
  const auto [first, past] = by_address_.equal_range(tuple.address);
  const auto home = std::find_if(
      first, past, [&](const auto& at) { return spaces_.at(at.second).pool == tuple.pool; });
  if (home == past) return;
  for (const PortRange& range : tuple.ports) {
    spaces_.at(home->second).ports.give_back(to_run(range), host, now + hold_);
  }
  due_.emplace_back(now + hold_, home->second);
}

std::vector<Ipv4Address> PortPool::addresses(PoolId pool) const {
  std::vector<Ipv4Address> all;
  for (const auto& [index, space] : spaces_) {
    if (space.pool == pool) all.push_back(space.address);
  }
  return all;
}

std::optional<Ipv4Address> PortPool::roomiest_address(PoolIds allowed) const {
  const auto best = roomiest(allowed);
  return best ? std::optional(spaces_.at(*best).address) : std::nullopt;
}

std::uint64_t PortPool::free_count(TimePoint now) {
  release_held(now);
  std::uint64_t total = 0;
  for (const auto& [index, space] : spaces_) total += space.ports.free_count();
  return total;
}

template <class Change>
void PortPool::change(Index index, Change&& what) {
  Space& space = spaces_.at(index);
  BySize& by_size = by_size_.at(space.pool);
  by_size.erase({space.ports.largest_free(), index});
  what(space.ports);
  by_size.emplace(space.ports.largest_free(), index);
}

std::optional<Tuple> PortPool::take_named(Index index, const PortWish& wish, Ipv4Address host) {
  const Space& space = spaces_.at(index);
  const bool all = std::ranges::all_of(wish.ports, [&](const PortRange& range) {
    return space.ports.owns(to_run(range)) && space.ports.available(to_run(range), host);
  });
  if (!all) return std::nullopt;
  change(index, [&](RunPool& ports) {
    for (const PortRange& range : wish.ports) ports.take(to_run(range));
  });
  return Tuple{space.pool, space.address, wish.ports};
}

std::optional<Tuple> PortPool::take_any(Index index, const PortWish& wish) {
  std::optional<Run> run;
  change(index, [&](RunPool& ports) { run = ports.take_any(wish.count, wish.alignment); });
  if (!run) return std::nullopt;
  const PortRange range{static_cast<std::uint16_t>(run->first),
                        static_cast<std::uint16_t>(run->count)};
  const Space& space = spaces_.at(index);
  return Tuple{space.pool, space.address, {range}};
}

bool PortPool::owns_named(Index index, const PortWish& wish) const {
  const RunPool& ports = spaces_.at(index).ports;
  return std::ranges::all_of(wish.ports,
                             [&](const PortRange& range) { return ports.owns(to_run(range)); });
}

PortPool::Indices PortPool::spaces_at(std::span<const Ipv4Address> addresses,
                                      PoolIds allowed) const {
  Indices found;
  for (const Ipv4Address address : addresses) {
    const auto [first, past] = by_address_.equal_range(address);
    for (auto at = first; at != past; ++at) {
      if (is_in(spaces_.at(at->second).pool, allowed)) found.push_back(at->second);
    }
  }
  return found;
}

PortPool::Indices PortPool::all_spaces(PoolIds allowed) const {
  Indices found;
  for (const auto& [index, space] : spaces_) {
    if (is_in(space.pool, allowed)) found.push_back(index);
  }
  return found;
}

std::optional<PortPool::Index> PortPool::roomiest(PoolIds allowed) const {
  std::pair<std::uint32_t, Index> best{0, 0};
  for (const PoolId pool : allowed) {
    const auto known = by_size_.find(pool);
    if (known != by_size_.end()) best = std::max(best, *known->second.rbegin());
  }
  return best.first == 0 ? std::nullopt : std::optional(best.second);
}

void PortPool::release_held(TimePoint now) {
  for (; !due_.empty() && due_.front().first <= now; due_.pop_front()) {
    if (!spaces_.contains(due_.front().second)) continue;  // its pool is gone
    change(due_.front().second, [now](RunPool& ports) { ports.release_held(now); });
  }
}

}  // namespace rsip::gateway
