#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/base/port_range.h"
#include "common/base/result.h"
#include "tests/gateway/engine/run_pool.h"
#include "tests/gateway/engine/settings.h"

namespace rsip::gateway {

/// What a host asks an RSAP-IP assignment to be.
struct PortWish {
  std::optional<Ipv4Address> address;  ///< Nothing: any address will do.
  std::vector<PortRange> ports;        ///< Empty: any contiguous block of count ports.
  std::uint32_t count = 1;
};

/// Ports of one address of the public realm.
struct Tuple {
  Ipv4Address address;
  std::vector<PortRange> ports;
  bool operator==(const Tuple&) const = default;
};

/// All (address, port) tuples for RSAP-IP.
class PortPool {
 public:
  PortPool(std::span<const PoolSettings> pools, Duration hold);

  /// Leases what is wished for.
  ///
  /// preferred   addresses the host has already, tried first when it does not care
  /// errors      308, 309, 310, 311, 312 or 313, see RFC 3103 section 9.8.3
  Result<Tuple, msg::ErrorCode> assign(const PortWish& wish, Ipv4Address host,
                                       std::span<const Ipv4Address> preferred, TimePoint now);
  /// Takes a leased tuple back and holds it for the host.
  void give_back(const Tuple& tuple, Ipv4Address host, TimePoint now);

  [[nodiscard]] bool empty() const { return spaces_.empty(); }
  [[nodiscard]] std::vector<Ipv4Address> addresses() const;
  /// Ports that are neither leased nor held at this time.
  std::uint64_t free_count(TimePoint now);

 private:
  struct Space {
    Ipv4Address address;
    RunPool ports;
  };
  using Index = std::size_t;

  std::optional<Tuple> take_named(Index index, const PortWish& wish, Ipv4Address host);
  std::optional<Tuple> take_any(Index index, std::uint32_t count);
  [[nodiscard]] bool owns_named(Index index, const PortWish& wish) const;
  Result<Tuple, msg::ErrorCode> assign_at(Index index, const PortWish& wish, Ipv4Address host);
  Result<Tuple, msg::ErrorCode> assign_named_anywhere(const PortWish& wish, Ipv4Address host,
                                                      std::span<const Ipv4Address> preferred);
  Result<Tuple, msg::ErrorCode> assign_any(const PortWish& wish,
                                           std::span<const Ipv4Address> preferred);
  [[nodiscard]] bool exhausted() const { return by_largest_.rbegin()->first == 0; }
  void release_held(TimePoint now);
  /// Changes the ports of one address and keeps by_largest_ right.
  template <class Change>
  void change(Index index, Change&& what);

  Duration hold_;
  std::vector<Space> spaces_;
  std::unordered_map<Ipv4Address, Index> by_address_;
  std::set<std::pair<std::uint32_t, Index>> by_largest_;  ///< Size of the largest free block.
  std::deque<std::pair<TimePoint, Index>> due_;           ///< Ends of hold times, in order.
};

}  // namespace rsip::gateway
