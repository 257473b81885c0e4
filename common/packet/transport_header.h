#pragma once

#include <cstdint>
#include <optional>

#include "common/packet/checksum.h"
#include "common/packet/ipv4_packet.h"

/// Places in TCP (RFC 9293 section 3.1) and UDP (RFC 768) headers, in bytes from their start.
namespace rsip::packet {

inline constexpr std::size_t kTcpHeaderBytes = 20;
inline constexpr std::size_t kTcpSequenceAt = 4;
inline constexpr std::size_t kTcpHeaderLengthAt = 12;
inline constexpr std::size_t kTcpFlagsAt = 13;
inline constexpr std::size_t kTcpChecksumAt = 16;

inline constexpr std::uint8_t kTcpFin = 0x01;
inline constexpr std::uint8_t kTcpSyn = 0x02;
inline constexpr std::uint8_t kTcpRst = 0x04;
inline constexpr std::uint8_t kTcpPsh = 0x08;
inline constexpr std::uint8_t kTcpAck = 0x10;
inline constexpr std::uint8_t kTcpCwr = 0x80;

inline constexpr std::size_t kUdpHeaderBytes = 8;
inline constexpr std::size_t kUdpLengthAt = 4;
inline constexpr std::size_t kUdpChecksumAt = 6;

/// Length of the TCP header with options; nothing if this is no whole TCP packet or the header does
/// not fit it.
inline std::optional<std::size_t> tcp_header_bytes(const Ipv4Packet& packet) {
  const auto l4 = packet.payload();
  if (!packet.is(Protocol::kTcp) || packet.is_fragment() || l4.size() < kTcpHeaderBytes) {
    return std::nullopt;
  }
  const std::size_t header = std::size_t{l4[kTcpHeaderLengthAt]} / 16 * 4;
  if (header < kTcpHeaderBytes || header > l4.size()) return std::nullopt;
  return header;
}

/// What goes into the checksum field at `field` for a sum over everything it covers. A UDP checksum
/// of 0 means "none", so that it is written as ones' complement's other zero (RFC 768).
inline std::uint16_t checksum_value(std::uint16_t sum, std::size_t field) {
  const auto checksum = static_cast<std::uint16_t>(~sum);
  return checksum == 0 && field == kUdpChecksumAt ? std::uint16_t{0xFFFF} : checksum;
}

/// Pseudo-header sum of a whole packet.
inline std::uint16_t pseudo_header_sum(const Ipv4Packet& packet) {
  return pseudo_header_sum(packet.source(), packet.destination(), packet.protocol(),
                           static_cast<std::uint16_t>(packet.payload().size()));
}

}  // namespace rsip::packet
