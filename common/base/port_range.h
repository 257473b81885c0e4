#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace rsip {

/// A contiguous run of TCP/UDP ports: first .. first + count - 1, never past 65535.
struct PortRange {
  std::uint16_t first = 0;
  std::uint16_t count = 0;

  [[nodiscard]] bool contains(std::uint16_t port) const {
    return port >= first && port - first < count;
  }
  [[nodiscard]] std::uint16_t last() const { return static_cast<std::uint16_t>(first + count - 1); }
  [[nodiscard]] bool overlaps(const PortRange& other) const {
    return contains(other.first) || other.contains(first);
  }
  /// "5000-5031", or "5000" for a single port.
  [[nodiscard]] std::string to_string() const;

  auto operator<=>(const PortRange&) const = default;
};

/// Sorted, disjoint, maximal ranges that cover exactly the given ports.
std::vector<PortRange> to_ranges(std::span<const std::uint16_t> ports);

/// Number of ports in all ranges.
std::size_t port_count(std::span<const PortRange> ranges);

/// "5000-5031, 6000".
std::string to_string(std::span<const PortRange> ranges);

}  // namespace rsip
