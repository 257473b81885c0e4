#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "common/base/port_range.h"
#include "common/base/result.h"
#include "common/rsip/registry.h"
#include "tests/gateway/engine/pool_id.h"
#include "tests/gateway/engine/run_pool.h"

namespace rsip::gateway {

/// What a host asks an RSAP-IP assignment to be.
struct PortWish {
  std::optional<Ipv4Address> address;  ///< Nothing: any address will do.
  std::vector<PortRange> ports;        ///< Empty: any contiguous block of count ports.
  std::uint32_t count = 1;
  std::uint32_t alignment = 1;  ///< Of the block's first port, a power of two.
};

/// Ports of one address of the public realm.
struct Tuple {
  PoolId pool = 0;  ///< To which they go back.
  Ipv4Address address;
  std::vector<PortRange> ports;
  bool operator==(const Tuple&) const = default;
};

/// All (address, port) tuples for RSAP-IP, in pools that come and go. The same address may be in
/// several pools, with other ports in each.
class PortPool {
 public:
  explicit PortPool(Duration hold) : hold_(hold) {}

  void add(PoolId pool, std::span<const Run> addresses, PortRange ports);
  /// Nothing of the pool may be leased any more.
  void remove(PoolId pool);

  /// Leases what is wished for.
  ///
  /// preferred   addresses the host has already, tried first when it does not care
  /// errors      308, 309, 310, 311, 312 or 313, see RFC 3103 section 9.8.3
  Result<Tuple, msg::ErrorCode> assign(const PortWish& wish, Ipv4Address host,
                                       std::span<const Ipv4Address> preferred, PoolIds allowed,
                                       TimePoint now);
  /// Takes a leased tuple back and holds it for the host.
  void give_back(const Tuple& tuple, Ipv4Address host, TimePoint now);

  [[nodiscard]] std::vector<Ipv4Address> addresses(PoolId pool) const;
  /// The address with the largest free block; nothing if none has any.
  [[nodiscard]] std::optional<Ipv4Address> roomiest_address(PoolIds allowed) const;
  /// Ports that are neither leased nor held at this time.
  std::uint64_t free_count(TimePoint now);

 private:
  using Index = std::uint32_t;
  using Indices = std::vector<Index>;
  /// The ports of one address that are in one pool.
  struct Space {
    PoolId pool = 0;
    Ipv4Address address;
    RunPool ports;
  };
  using BySize = std::set<std::pair<std::uint32_t, Index>>;

  Result<Tuple, msg::ErrorCode> assign_named(const Indices& among, const PortWish& wish,
                                             Ipv4Address host, PoolIds allowed);
  Result<Tuple, msg::ErrorCode> assign_any_at(const Indices& among, const PortWish& wish,
                                              PoolIds allowed);
  Result<Tuple, msg::ErrorCode> assign_any(const Indices& preferred, const PortWish& wish,
                                           PoolIds allowed);
  std::optional<Tuple> take_named(Index index, const PortWish& wish, Ipv4Address host);
  std::optional<Tuple> take_any(Index index, const PortWish& wish);
  [[nodiscard]] bool owns_named(Index index, const PortWish& wish) const;
  [[nodiscard]] Indices spaces_at(std::span<const Ipv4Address> addresses, PoolIds allowed) const;
  [[nodiscard]] Indices all_spaces(PoolIds allowed) const;
  /// The space with the largest free block; nothing if none has any.
  [[nodiscard]] std::optional<Index> roomiest(PoolIds allowed) const;
  void release_held(TimePoint now);
  /// Changes the ports of one space and keeps by_size_ right.
  template <class Change>
  void change(Index index, Change&& what);

  Duration hold_;
  std::map<Index, Space> spaces_;
  std::multimap<Ipv4Address, Index> by_address_;
  std::map<PoolId, BySize> by_size_;             ///< Size of the largest free block.
  std::deque<std::pair<TimePoint, Index>> due_;  ///< Ends of hold times, in order.
  Index next_ = 0;
};

}  // namespace rsip::gateway
