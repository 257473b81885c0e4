#pragma once

#include <cstdint>
#include <span>

#include "common/base/ipv4.h"

/// The Internet checksum (RFC 1071) and its incremental update (RFC 1624). Sums are ones'
/// complement, 16-bit words big-endian, not complemented until complement() or finish().
namespace rsip::packet {

/// Ones' complement sum of bytes, folded to 16 bits, added to start. An odd last byte is padded.
std::uint16_t sum(std::span<const std::uint8_t> bytes, std::uint16_t start = 0);

/// Ones' complement addition.
std::uint16_t add(std::uint16_t a, std::uint16_t b);

/// Sum of the TCP/UDP pseudo header (RFC 9293 section 3.1).
std::uint16_t pseudo_header_sum(Ipv4Address source, Ipv4Address destination, std::uint8_t protocol,
                                std::uint16_t length);

/// The value of a checksum field after one 16-bit word under it changed (RFC 1624 equation 3).
std::uint16_t update(std::uint16_t checksum, std::uint16_t old_word, std::uint16_t new_word);

}  // namespace rsip::packet
