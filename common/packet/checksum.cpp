#include "common/packet/checksum.h"

#include <bit>
#include <cstring>

namespace rsip::packet {
namespace {

std::uint16_t fold(std::uint64_t total) {
  while (total >> 16 != 0) total = (total & 0xFFFF) + (total >> 16);
  return static_cast<std::uint16_t>(total);
}

std::uint16_t to_big_endian(std::uint16_t value) {
  if constexpr (std::endian::native == std::endian::little) {
    return static_cast<std::uint16_t>(value << 8 | value >> 8);
  }
  return value;
}

}  // namespace

// Sums in native order, eight lanes at a time so that the compiler vectorises it, and swaps once
// at the end: the ones' complement sum does not depend on byte order (RFC 1071 section 2).
std::uint16_t sum(std::span<const std::uint8_t> bytes, std::uint16_t start) {
  const std::uint8_t* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t lanes[8] = {};
  for (; left >= 32; at += 32, left -= 32) {
    std::uint32_t words[8];
    std::memcpy(words, at, 32);
    for (int i = 0; i < 8; ++i) lanes[i] += words[i];
  }
  std::uint64_t total = 0;
  for (const std::uint64_t lane : lanes) total += lane;
  for (; left >= 2; at += 2, left -= 2) {
    std::uint16_t word = 0;
    std::memcpy(&word, at, 2);
    total += word;
  }
  if (left == 1) {
    std::uint16_t word = 0;
    std::memcpy(&word, at, 1);
    total += word;
  }
  return add(to_big_endian(fold(total)), start);
}

std::uint16_t add(std::uint16_t a, std::uint16_t b) {
  return fold(static_cast<std::uint64_t>(a) + b);
}

std::uint16_t pseudo_header_sum(Ipv4Address source, Ipv4Address destination, std::uint8_t protocol,
                                std::uint16_t length) {
  return fold(static_cast<std::uint64_t>(source.value >> 16) + (source.value & 0xFFFF) +
              (destination.value >> 16) + (destination.value & 0xFFFF) + protocol + length);
}

std::uint16_t update(std::uint16_t checksum, std::uint16_t old_word, std::uint16_t new_word) {
  const auto inverted = [](std::uint16_t word) { return static_cast<std::uint16_t>(~word); };
  return inverted(add(add(inverted(checksum), inverted(old_word)), new_word));
}

}  // namespace rsip::packet
