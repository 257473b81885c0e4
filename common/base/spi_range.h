#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace rsip {

/// Security parameter indices below this one are reserved (RFC 4303 section 2.1).
inline constexpr std::uint32_t kFirstSpi = 256;

/// A contiguous run of SPIs: first .. first + count - 1, never past 2^32-1.
struct SpiRange {
  std::uint32_t first = 0;
  std::uint32_t count = 0;

  [[nodiscard]] bool contains(std::uint32_t spi) const {
    return spi >= first && spi - first < count;
  }
  [[nodiscard]] std::uint32_t last() const { return first + count - 1; }
  [[nodiscard]] bool overlaps(const SpiRange& other) const {
    return contains(other.first) || other.contains(first);
  }
  /// "0x00001000-0x00001007", or "0x00001000" for a single one.
  [[nodiscard]] std::string to_string() const;

  auto operator<=>(const SpiRange&) const = default;
};

/// "0x00001000", as `ip xfrm` prints it.
std::string spi_to_string(std::uint32_t spi);

/// Sorted, disjoint, maximal ranges that cover exactly the given SPIs.
std::vector<SpiRange> to_spi_ranges(std::span<const std::uint32_t> spis);

/// Number of SPIs in all ranges.
std::uint64_t spi_count(std::span<const SpiRange> ranges);

bool contains(std::span<const SpiRange> ranges, std::uint32_t spi);

/// "0x00001000-0x00001007, 0x00002000".
std::string to_string(std::span<const SpiRange> ranges);

}  // namespace rsip
