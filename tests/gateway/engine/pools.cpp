#include "tests/gateway/engine/pools.h"

#include <algorithm>

namespace rsip::gateway {

Pools::Pools(Duration hold, const std::vector<ClassSettings>& classes, RandomBits random)
    : ports(hold), addresses(hold), spis(hold, std::move(random)) {
  for (const ClassSettings& one : classes) reserved_.insert(one.pools.begin(), one.pools.end());
}

PoolId Pools::add(const PoolSettings& pool, TimePoint until) {
  const PoolId id = next_++;
  pools_.emplace(id, Pool{pool.method, pool.name, until});
  const std::vector<Run> runs = to_runs(pool.addresses);
  if (pool.method == msg::Method::kRsapIp) {
    ports.add(id, runs, pool.ports);
    spis.add(id, runs, pool.spis);
  } else {
    addresses.add(id, runs);
  }
  return id;
}

void Pools::set_until(PoolId pool, TimePoint until) {
  const auto known = pools_.find(pool);
  if (known != pools_.end()) known->second.until = until;
}

void Pools::remove(PoolId pool) {
  pools_.erase(pool);
  ports.remove(pool);
  addresses.remove(pool);
  spis.remove(pool);
}

std::vector<PoolId> Pools::allowed(const ClassSettings& of, msg::Method method,
                                   TimePoint now) const {
  std::vector<PoolId> found;
  for (const auto& [id, pool] : pools_) {
    const bool accessible = of.pools.empty()
                                ? !reserved_.contains(pool.name)
                                : std::ranges::find(of.pools, pool.name) != of.pools.end();
    const bool lasts = pool.until >= now + std::chrono::seconds(1);
    const bool fits = method == msg::Method::kRsipsec ? spis.serves(id) : pool.method == method;
    if (accessible && lasts && fits) found.push_back(id);
  }
  return found;
}

TimePoint Pools::until(PoolId pool) const {
  const auto known = pools_.find(pool);
  return known != pools_.end() ? known->second.until : TimePoint{};
}

}  // namespace rsip::gateway
