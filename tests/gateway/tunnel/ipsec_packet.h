#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "common/packet/ipv4_packet.h"

/// What a gateway can read of IPsec and IKE: the fields in the clear by which RFC 3104 tells hosts
/// apart.
namespace rsip::gateway {

inline constexpr std::uint16_t kIkePort = 500;
inline constexpr std::uint16_t kIkeNatPort = 4500;  ///< RFC 3948: IKE and ESP in UDP.

inline bool is_ipsec(const packet::Ipv4Packet& packet) {
  return packet.is(packet::Protocol::kEsp) || packet.is(packet::Protocol::kAh);
}

/// SPI of an ESP or AH packet (RFC 4303 section 2, RFC 4302 section 2); nothing if it is cut off.
std::optional<std::uint32_t> spi_of(const packet::Ipv4Packet& ipsec);

/// The IKE header as far as it matters here (RFC 7296 section 3.1, RFC 2408 section 3.1). IKEv1
/// calls the SPIs cookies.
struct IkeMessage {
  std::uint64_t initiator = 0;  ///< Never 0.
  std::uint64_t responder = 0;  ///< 0 in the first message of an exchange that makes an IKE SA.
  std::uint8_t major_version = 2;
  bool by_initiator = true;  ///< IKEv2: the sender has begun the IKE SA, whoever asks now.

  /// The sender may have begun the IKE SA: only IKEv2 says.
  [[nodiscard]] bool may_be_by_initiator() const { return major_version < 2 || by_initiator; }
  /// The sender says that it has begun the IKE SA.
  [[nodiscard]] bool is_by_initiator() const {
    return major_version < 2 ? responder == 0 : by_initiator;
  }
};

/// ike   behind the UDP header, and on port 4500 behind the marker of four zeros
/// returns   nothing if it is no whole IKE header
std::optional<IkeMessage> read_ike(std::span<const std::uint8_t> ike);

/// What is in a UDP packet from or to kIkeNatPort (RFC 3948 section 2).
struct NatTraversal {
  enum class Kind : std::uint8_t { kIke, kEsp, kKeepAlive, kMalformed };

  Kind kind = Kind::kMalformed;
  std::optional<IkeMessage> ike;  ///< kIke
  std::uint32_t spi = 0;          ///< kEsp
};
NatTraversal read_nat_traversal(std::span<const std::uint8_t> udp_payload);

/// Behind the UDP header; empty if there is nothing.
std::span<const std::uint8_t> udp_payload(const packet::Ipv4Packet& packet);

/// The ESP or AH packet that an ICMP error quotes; nothing if it quotes anything else, or too
/// little for the SPI.
std::optional<packet::Ipv4Packet> quoted_ipsec(const packet::Ipv4Packet& error);

}  // namespace rsip::gateway
