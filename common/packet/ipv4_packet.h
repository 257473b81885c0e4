#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "common/base/ipv4.h"

namespace rsip::packet {

enum class Protocol : std::uint8_t {
  kIcmp = 1,
  kIpIp = 4,
  kTcp = 6,
  kUdp = 17,
  kEsp = 50,
  kAh = 51
};

inline constexpr std::size_t kIpv4HeaderBytes = 20;

inline std::uint16_t load_u16(const std::uint8_t* at) {
  return static_cast<std::uint16_t>(at[0] << 8 | at[1]);
}
inline std::uint32_t load_u32(const std::uint8_t* at) {
  return static_cast<std::uint32_t>(load_u16(at)) << 16 | load_u16(at + 2);
}
inline void store_u16(std::uint8_t* at, std::uint16_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value);
}
inline void store_u32(std::uint8_t* at, std::uint32_t value) {
  store_u16(at, static_cast<std::uint16_t>(value >> 16));
  store_u16(at + 2, static_cast<std::uint16_t>(value));
}

/// A checked, mutable view of one IPv4 packet in somebody's buffer. Nothing is copied.
class Ipv4Packet {
 public:
  /// bytes    one packet; trailing bytes past the total length are left out of the view
  /// returns  nothing unless version is 4 and header length and total length fit the bytes
  static std::optional<Ipv4Packet> parse(std::span<std::uint8_t> bytes);
  /// Same, for a packet that an ICMP error quotes: the total length may exceed what is there.
  static std::optional<Ipv4Packet> parse_quoted(std::span<std::uint8_t> bytes);

  [[nodiscard]] std::span<std::uint8_t> bytes() const { return bytes_; }
  [[nodiscard]] std::span<std::uint8_t> payload() const { return bytes_.subspan(header_bytes()); }
  [[nodiscard]] std::size_t header_bytes() const { return std::size_t{bytes_[0]} % 16 * 4; }
  [[nodiscard]] std::uint8_t tos() const { return bytes_[1]; }
  [[nodiscard]] std::uint8_t protocol() const { return bytes_[9]; }
  [[nodiscard]] bool is(Protocol p) const { return protocol() == static_cast<std::uint8_t>(p); }
  [[nodiscard]] std::uint16_t id() const { return load_u16(&bytes_[4]); }
  [[nodiscard]] bool dont_fragment() const { return (bytes_[6] & 0x40) != 0; }
  [[nodiscard]] bool more_fragments() const { return (bytes_[6] & 0x20) != 0; }
  /// Offset of this fragment in bytes; 0 for a whole packet or a first fragment.
  [[nodiscard]] std::size_t fragment_offset() const {
    return std::size_t{load_u16(&bytes_[6])} % 8192 * 8;
  }
  [[nodiscard]] bool is_fragment() const { return more_fragments() || fragment_offset() != 0; }
  [[nodiscard]] Ipv4Address source() const { return {load_u32(&bytes_[12])}; }
  [[nodiscard]] Ipv4Address destination() const { return {load_u32(&bytes_[16])}; }

  /// True if the payload starts with a TCP or UDP header whose ports are there to read.
  [[nodiscard]] bool has_ports() const;
  [[nodiscard]] std::uint16_t source_port() const { return load_u16(&payload()[0]); }
  [[nodiscard]] std::uint16_t destination_port() const { return load_u16(&payload()[2]); }

  /// Recomputes the header checksum.
  void write_header_checksum() const;
  /// Sets the type of service and updates the header checksum.
  void set_tos(std::uint8_t tos) const;

 private:
  explicit Ipv4Packet(std::span<std::uint8_t> bytes) : bytes_(bytes) {}
  std::span<std::uint8_t> bytes_;
};

/// Writes total length, identification and the checksum over an IPv4 header.
///
/// header   the whole header, options included
void write_ipv4_length_and_id(std::span<std::uint8_t> header, std::uint16_t total_length,
                              std::uint16_t id);

/// Which of the two ports of a TCP or UDP header.
enum class PortField : std::uint8_t { kSource = 0, kDestination = 2 };

/// Replaces a port and updates the TCP/UDP checksum incrementally.
///
/// packet    has_ports() is true
/// partial   the checksum field holds only the pseudo-header sum (CHECKSUM_PARTIAL): it does not
///           cover the ports yet, so it is left as it is
/// source    RFC 1624; a UDP checksum of 0 means none and stays 0 (RFC 768)
void rewrite_port(const Ipv4Packet& packet, PortField field, std::uint16_t port, bool partial);

}  // namespace rsip::packet
