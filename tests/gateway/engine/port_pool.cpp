#include "tests/gateway/engine/port_pool.h"

#include <algorithm>

#include "tests/gateway/engine/address_pool.h"

namespace rsip::gateway {
namespace {

using msg::ErrorCode;

Run to_run(const PortRange& range) {
  return {range.first, range.count};
}

}  // namespace

PortPool::PortPool(std::span<const PoolSettings> pools, Duration hold) : hold_(hold) {
  for (const PoolSettings& pool : pools) {
    if (pool.method != msg::Method::kRsapIp) continue;
    for (const Run& run : to_runs(pool.addresses)) {
      for (std::uint32_t i = 0; i < run.count; ++i) {
        const Ipv4Address address{run.first + i};
        by_address_.emplace(address, spaces_.size());
        by_largest_.emplace(pool.ports.count, spaces_.size());
        spaces_.push_back({address, RunPool({to_run(pool.ports)})});
      }
    }
  }
}

Result<Tuple, ErrorCode> PortPool::assign(const PortWish& wish, Ipv4Address host,
                                          std::span<const Ipv4Address> preferred, TimePoint now) {
  release_held(now);
  if (wish.address) {
    const auto known = by_address_.find(*wish.address);
    if (known == by_address_.end()) return tl::unexpected(ErrorCode::kLocalAddrUnallowed);
    return assign_at(known->second, wish, host);
  }
  return wish.ports.empty() ? assign_any(wish, preferred)
                            : assign_named_anywhere(wish, host, preferred);
}

Result<Tuple, ErrorCode> PortPool::assign_at(Index index, const PortWish& wish, Ipv4Address host) {
  if (!wish.ports.empty()) {
    if (!owns_named(index, wish)) return tl::unexpected(ErrorCode::kLocalAddrportUnallowed);
    if (auto tuple = take_named(index, wish, host)) return *tuple;
    return tl::unexpected(exhausted() ? ErrorCode::kLocalAddrUnavailable
                                      : ErrorCode::kLocalAddrportInuse);
  }
  if (auto tuple = take_any(index, wish.count)) return *tuple;
  if (exhausted()) return tl::unexpected(ErrorCode::kLocalAddrUnavailable);
  return tl::unexpected(spaces_[index].ports.largest_free() == 0
                            ? ErrorCode::kLocalAddrInuse
                            : ErrorCode::kLocalAddrportUnavailable);
}

Result<Tuple, ErrorCode> PortPool::assign_named_anywhere(const PortWish& wish, Ipv4Address host,
                                                         std::span<const Ipv4Address> preferred) {
  for (const Ipv4Address address : preferred) {
    if (auto tuple = take_named(by_address_.at(address), wish, host)) return *tuple;
  }
  bool owned = false;
  for (Index index = 0; index < spaces_.size(); ++index) {
    if (!owns_named(index, wish)) continue;
    owned = true;
    if (auto tuple = take_named(index, wish, host)) return *tuple;
  }
  if (!owned) return tl::unexpected(ErrorCode::kLocalAddrportUnallowed);
  return tl::unexpected(exhausted() ? ErrorCode::kLocalAddrUnavailable
                                    : ErrorCode::kLocalAddrportInuse);
}

Result<Tuple, ErrorCode> PortPool::assign_any(const PortWish& wish,
                                              std::span<const Ipv4Address> preferred) {
  for (const Ipv4Address address : preferred) {
    if (auto tuple = take_any(by_address_.at(address), wish.count)) return *tuple;
  }
  // The address with the most room: spreads hosts over addresses without looking at each.
  if (auto tuple = take_any(by_largest_.rbegin()->second, wish.count)) return *tuple;
  return tl::unexpected(exhausted() ? ErrorCode::kLocalAddrUnavailable
                                    : ErrorCode::kLocalAddrportUnavailable);
}

void PortPool::give_back(const Tuple& tuple, Ipv4Address host, TimePoint now) {
  const Index index = by_address_.at(tuple.address);
  for (const PortRange& range : tuple.ports) {
    spaces_[index].ports.give_back(to_run(range), host, now + hold_);
  }
  due_.emplace_back(now + hold_, index);
}

std::vector<Ipv4Address> PortPool::addresses() const {
  std::vector<Ipv4Address> all;
  for (const Space& space : spaces_) all.push_back(space.address);
  return all;
}

std::uint64_t PortPool::free_count(TimePoint now) {
  release_held(now);
  std::uint64_t total = 0;
  for (const Space& space : spaces_) total += space.ports.free_count();
  return total;
}

template <class Change>
void PortPool::change(Index index, Change&& what) {
  RunPool& ports = spaces_[index].ports;
  by_largest_.erase({ports.largest_free(), index});
  what(ports);
  by_largest_.emplace(ports.largest_free(), index);
}

std::optional<Tuple> PortPool::take_named(Index index, const PortWish& wish, Ipv4Address host) {
  const RunPool& pool = spaces_[index].ports;
  const bool all = std::ranges::all_of(wish.ports, [&](const PortRange& range) {
    return pool.owns(to_run(range)) && pool.available(to_run(range), host);
  });
  if (!all) return std::nullopt;
  change(index, [&](RunPool& ports) {
    for (const PortRange& range : wish.ports) ports.take(to_run(range));
  });
  return Tuple{spaces_[index].address, wish.ports};
}

std::optional<Tuple> PortPool::take_any(Index index, std::uint32_t count) {
  std::optional<Run> run;
  change(index, [&](RunPool& ports) { run = ports.take_any(count); });
  if (!run) return std::nullopt;
  const PortRange range{static_cast<std::uint16_t>(run->first),
                        static_cast<std::uint16_t>(run->count)};
  return Tuple{spaces_[index].address, {range}};
}

bool PortPool::owns_named(Index index, const PortWish& wish) const {
  return std::ranges::all_of(
      wish.ports, [&](const PortRange& range) { return spaces_[index].ports.owns(to_run(range)); });
}

void PortPool::release_held(TimePoint now) {
  for (; !due_.empty() && due_.front().first <= now; due_.pop_front()) {
    change(due_.front().second, [now](RunPool& ports) { ports.release_held(now); });
  }
}

}  // namespace rsip::gateway
