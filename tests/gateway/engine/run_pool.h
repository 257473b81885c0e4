#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "common/base/ipv4.h"
#include "common/base/time.h"
#include "tests/gateway/engine/random_bits.h"

namespace rsip::gateway {

/// A contiguous run of numbers: first .. last(), count at least 1.
struct Run {
  std::uint32_t first = 0;
  std::uint32_t count = 0;

  [[nodiscard]] std::uint32_t last() const { return first + count - 1; }
  auto operator<=>(const Run&) const = default;
};

/// Numbers that are leased in runs: the ports of one address, or whole addresses.
///
/// A number is free, leased, or held: given back a short time ago and kept from everybody but the
/// host that had it (RFC 3102 section 6.1). Every operation costs O(log n) per run touched.
class RunPool {
 public:
  /// all   disjoint, none adjacent to another; everything starts free
  explicit RunPool(const std::vector<Run>& all);

  /// The whole run belongs to the pool.
  [[nodiscard]] bool owns(Run run) const;
  /// The host may have the whole run now: each number is free, or held for this very host.
  [[nodiscard]] bool available(Run run, Ipv4Address host) const;

  /// Leases the smallest free run that is large enough, or nothing.
  ///
  /// alignment   of its first number, a power of two
  std::optional<Run> take_any(std::uint32_t count, std::uint32_t alignment = 1);
  /// Leases a run somewhere, so that nobody can tell where the next one will be; nothing if no free
  /// run is large enough.
  std::optional<Run> take_anywhere(std::uint32_t count, const RandomBits& random);
  /// Leases a run that is available().
  void take(Run run);
  /// Ends the lease of a run and holds it for host until the given time.
  void give_back(Run run, Ipv4Address host, TimePoint held_until);
  /// Frees what has been held long enough.
  void release_held(TimePoint now);

  [[nodiscard]] std::uint32_t largest_free() const;
  /// Numbers that are neither leased nor held, and numbers that are held.
  [[nodiscard]] std::uint64_t free_count() const;
  [[nodiscard]] std::uint64_t held_count() const;

 private:
  struct Held {
    std::uint32_t count = 0;
    Ipv4Address host;
    TimePoint until;
  };

  void insert_free(Run run);
  void erase_free(Run run);
  /// Frees a run and joins it with its free neighbours.
  void free_and_join(Run run);
  /// Takes part, which lies in one free (held) run, out of it.
  void cut_free(Run part);
  void cut_held(Run part);
  void insert_held(Run run, const Held& like);
  void erase_held(std::map<std::uint32_t, Held>::iterator held);
  /// The end (last number) of the free run around number, or nothing.
  [[nodiscard]] std::optional<std::uint32_t> free_until(std::uint32_t number) const;
  [[nodiscard]] std::map<std::uint32_t, Held>::const_iterator held_at(std::uint32_t number) const;

  std::map<std::uint32_t, std::uint32_t> all_;                 ///< First to count.
  std::map<std::uint32_t, std::uint32_t> free_;                ///< First to count, never adjacent.
  std::set<std::pair<std::uint32_t, std::uint32_t>> by_size_;  ///< Count and first of free_.
  std::map<std::uint32_t, Held> held_;                         ///< By first.
  std::set<std::pair<TimePoint, std::uint32_t>> by_time_;      ///< Until and first of held_.
};

}  // namespace rsip::gateway
