#include "common/base/spi_range.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace rsip {

std::string spi_to_string(std::uint32_t spi) {
  std::array<char, 11> text{};
  std::snprintf(text.data(), text.size(), "0x%08x", spi);
  return text.data();
}

std::string SpiRange::to_string() const {
  if (count == 1) return spi_to_string(first);
  return spi_to_string(first) + "-" + spi_to_string(last());
}

std::vector<SpiRange> to_spi_ranges(std::span<const std::uint32_t> spis) {
  std::vector<std::uint32_t> sorted(spis.begin(), spis.end());
  std::ranges::sort(sorted);
  const auto repeated = std::ranges::unique(sorted);
  sorted.erase(repeated.begin(), repeated.end());
  std::vector<SpiRange> ranges;
  for (const std::uint32_t spi : sorted) {
    if (!ranges.empty() && spi - ranges.back().first == ranges.back().count) {
      ++ranges.back().count;
    } else {
      ranges.push_back({spi, 1});
    }
  }
  return ranges;
}

std::uint64_t spi_count(std::span<const SpiRange> ranges) {
  std::uint64_t count = 0;
  for (const SpiRange& range : ranges) count += range.count;
  return count;
}

bool contains(std::span<const SpiRange> ranges, std::uint32_t spi) {
  return std::ranges::any_of(ranges, [spi](const SpiRange& range) { return range.contains(spi); });
}

std::string to_string(std::span<const SpiRange> ranges) {
  std::string text;
  for (const SpiRange& range : ranges) {
    if (!text.empty()) text += ", ";
    text += range.to_string();
  }
  return text;
}

}  // namespace rsip
