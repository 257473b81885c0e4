#include "common/base/port_range.h"

#include <algorithm>

namespace rsip {

std::string PortRange::to_string() const {
  const std::string start = std::to_string(first);
  return count == 1 ? start : start + "-" + std::to_string(last());
}

std::vector<PortRange> to_ranges(std::span<const std::uint16_t> ports) {
  std::vector<std::uint16_t> sorted(ports.begin(), ports.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<PortRange> ranges;
  for (const std::uint16_t port : sorted) {
    if (!ranges.empty() && port <= ranges.back().last()) continue;
    if (!ranges.empty() && port == ranges.back().last() + 1) {
      ++ranges.back().count;
    } else {
      ranges.push_back({port, 1});
    }
  }
  return ranges;
}

std::size_t port_count(std::span<const PortRange> ranges) {
  std::size_t total = 0;
  for (const PortRange& range : ranges) total += range.count;
  return total;
}

std::string to_string(std::span<const PortRange> ranges) {
  std::string text;
  for (const PortRange& range : ranges) {
    if (!text.empty()) text += ", ";
    text += range.to_string();
  }
  return text;
}

}  // namespace rsip
