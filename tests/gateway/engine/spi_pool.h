#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/base/spi_range.h"
#include "common/rsip/registry.h"
#include "tests/gateway/engine/pool_id.h"
#include "tests/gateway/engine/run_pool.h"

namespace rsip::gateway {

/// What a host asks the SPIs of an assignment to be (RFC 3104 section 6.2).
struct SpiWish {
  std::vector<SpiRange> spis;  ///< Empty: any contiguous block of count SPIs.
  std::uint32_t count = 1;
};

/// All (address, SPI) pairs, in pools that come and go. An SPI is leased for ESP and AH at once.
/// Memory is taken only for addresses of which anything has been leased.
class SpiPool {
 public:
  SpiPool(Duration hold, RandomBits random) : hold_(hold), random_(std::move(random)) {}

  /// spis   of each address; none: the pool is not for IPsec
  void add(PoolId pool, std::vector<Run> addresses, SpiRange spis);
  /// Nothing of the pool may be leased any more.
  void remove(PoolId pool);

  [[nodiscard]] bool serves(PoolId pool) const { return pools_.contains(pool); }
  /// The pool among these that the address is in; nothing if it is in none.
  [[nodiscard]] std::optional<PoolId> pool_of(Ipv4Address address, PoolIds allowed) const;
  [[nodiscard]] std::vector<Ipv4Address> addresses(PoolIds allowed) const;
  /// One of all addresses of these pools, each as likely as another.
  [[nodiscard]] std::optional<Ipv4Address> some_address(PoolIds allowed) const;

  /// Whether take() would succeed.
  ///
  /// errors   402 if none is free, or not that many in one block; 403 if a named one is leased,
  ///          held for another host or not in the pool
  Result<void, msg::ErrorCode> check(PoolId pool, Ipv4Address address, const SpiWish& wish,
                                     Ipv4Address host, TimePoint now);
  /// Leases what check() has found to be free.
  std::vector<SpiRange> take(PoolId pool, Ipv4Address address, const SpiWish& wish);
  /// Takes leased SPIs back and holds them for the host.
  void give_back(PoolId pool, Ipv4Address address, std::span<const SpiRange> spis, Ipv4Address host,
                 TimePoint now);

 private:
  struct Pool {
    std::vector<Run> addresses;
    SpiRange spis;
  };
  using Place = std::pair<PoolId, Ipv4Address>;

  RunPool& space(const Place& place);
  void release_held(TimePoint now);

  Duration hold_;
  RandomBits random_;
  std::map<PoolId, Pool> pools_;
  std::map<Place, RunPool> spaces_;              ///< Of addresses that were ever leased from.
  std::deque<std::pair<TimePoint, Place>> due_;  ///< Ends of hold times, in order.
};

}  // namespace rsip::gateway
