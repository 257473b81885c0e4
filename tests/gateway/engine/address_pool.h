#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "common/base/result.h"
#include "common/rsip/registry.h"
#include "tests/gateway/engine/pool_id.h"
#include "tests/gateway/engine/run_pool.h"

namespace rsip::gateway {

/// The addresses in the prefixes as disjoint runs, none adjacent to another.
std::vector<Run> to_runs(std::span<const Ipv4Prefix> prefixes);

/// All whole addresses for RSA-IP, in pools that come and go.
class AddressPool {
 public:
  /// An address, and the pool to which it goes back.
  struct Leased {
    PoolId pool = 0;
    Ipv4Address address;
  };

  explicit AddressPool(Duration hold) : hold_(hold) {}

  void add(PoolId pool, const std::vector<Run>& addresses) { pools_.emplace(pool, addresses); }
  /// Nothing of the pool may be leased any more.
  void remove(PoolId pool) { pools_.erase(pool); }

  /// wish     nothing: any address will do
  /// errors   308, 310 or 312, see RFC 3103 section 9.6.3
  Result<Leased, msg::ErrorCode> assign(std::optional<Ipv4Address> wish, Ipv4Address host,
                                        PoolIds allowed, TimePoint now);
  /// Takes a leased address back and holds it for the host.
  void give_back(const Leased& leased, Ipv4Address host, TimePoint now);

  /// Addresses that are neither leased nor held at this time.
  std::uint64_t free_count(TimePoint now);

 private:
  Result<Leased, msg::ErrorCode> assign_any(PoolIds allowed);
  [[nodiscard]] bool exhausted(PoolIds allowed) const;

  Duration hold_;
  std::map<PoolId, RunPool> pools_;
};

}  // namespace rsip::gateway
