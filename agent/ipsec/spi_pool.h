#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <vector>

#include "common/base/ids.h"
#include "common/base/spi_range.h"
#include "common/base/time.h"

namespace rsip::agent {

/// Which of the leased SPIs are in use, and which come next. Pure.
///
/// An SPI that was in use rests for some seconds: packets for the association that has gone may
/// still be on their way.
class SpiPool {
 public:
  static constexpr Duration kRest = std::chrono::seconds(10);

  enum class Use : std::uint8_t { kFree, kInUse, kResting };
  struct LeasedSpi {
    BindId bind;
    Use use = Use::kFree;
    TimePoint since{};    ///< Of the use, or of being unused.
    bool offered = true;  ///< May be offered.
  };
  /// A lease's SPIs.
  struct Lease {
    BindId bind;
    std::vector<SpiRange> spis;
    bool offered = true;  ///< False: one that another daemon chose.
  };

  /// spare   SPIs to have free when the next one has been taken
  /// idle    leases unused for so long are not needed; 0: all stay
  SpiPool(std::uint16_t spare, Duration idle, std::uint64_t seed)
      : spare_(spare), idle_(idle), random_(seed) {}

  /// The leases now; the first one is never idle. What was known of an SPI stays.
  void use(std::span<const Lease> leases, TimePoint now);
  /// What is in use now, of any address and protocol.
  void observe(const std::set<std::uint32_t>& in_use, TimePoint now);

  /// What may be taken next: a run of free ones, as long as it is, so that several can be taken
  /// before there is time to offer others, and by chance (RFC 3104 section 8). Else the one that
  /// has rested longest.
  [[nodiscard]] const std::optional<SpiRange>& offer() const { return offer_; }
  /// How many more are needed so that `spare` are left when one has been taken.
  [[nodiscard]] std::uint16_t missing() const;
  /// Leases that are not needed. They are not offered from now on, so that what is taken next is of
  /// another lease; one that comes into use nevertheless is needed again.
  std::vector<BindId> retire_idle(TimePoint now);
  /// True if no SPI of the lease is in use or resting.
  [[nodiscard]] bool unused(BindId bind) const;

  [[nodiscard]] const std::map<std::uint32_t, LeasedSpi>& spis() const { return spis_; }
  [[nodiscard]] bool contains(std::uint32_t spi) const { return spis_.contains(spi); }

 private:
  [[nodiscard]] std::vector<std::uint32_t> free() const;
  [[nodiscard]] std::optional<std::uint32_t> longest_resting() const;
  [[nodiscard]] bool idle_since(BindId bind, TimePoint now) const;
  [[nodiscard]] std::size_t offered_without(const std::set<BindId>& binds) const;
  void choose();

  std::uint16_t spare_;
  Duration idle_;
  std::mt19937_64 random_;
  std::map<std::uint32_t, LeasedSpi> spis_;
  std::vector<Lease> leases_;
  std::set<BindId> retired_;
  std::optional<SpiRange> offer_;
};

}  // namespace rsip::agent
