#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "common/packet/ipv4_packet.h"

/// The tunnels between host and gateway (RFC 3103 section 8.6), as bytes.
///
///     IP-in-IP (RFC 2003)   IPv4 | packet
///     GRE (RFC 2784)        IPv4 | flags and version, protocol type | packet
///     L2TP (RFC 2661)       IPv4 | UDP | flags and version, tunnel id, session id | PPP | packet
///
/// L2TP is used without its control connection, because RSIP has agreed on everything it would
/// negotiate: both ends take the tunnel id from the Client ID and the session id from a Bind ID,
/// low 16 bits each, and PPP needs no negotiation to carry IPv4.
namespace rsip::packet {

enum class Encapsulation : std::uint8_t { kIpIp, kGre, kL2tp };

/// As configuration files and logs have it: "ip-ip", "gre", "l2tp".
const char* to_string(Encapsulation encapsulation);

/// UDP port of both the gateway and what a host sends to (RFC 2661 section 8.1).
inline constexpr std::uint16_t kL2tpPort = 1701;

/// Which tunnel of the far end, and which session in it. IP-in-IP and GRE have none.
struct TunnelIds {
  std::uint16_t tunnel = 0;
  std::uint16_t session = 0;
  bool operator==(const TunnelIds&) const = default;
};

/// Bytes that a tunnel adds to each packet, outer IPv4 header included: what its MTU is less than
/// the path's.
constexpr std::size_t overhead_bytes(Encapsulation encapsulation) {
  switch (encapsulation) {
    case Encapsulation::kIpIp:
      return kIpv4HeaderBytes;
    case Encapsulation::kGre:
      return kIpv4HeaderBytes + 4;
    case Encapsulation::kL2tp:
      return kIpv4HeaderBytes + 8 + 6 + 4;
  }
  return 0;
}

/// What stands between the outer IP or UDP header and the packet. The same for every packet of a
/// tunnel: no checksum, key, length or sequence number.
class EncapsulationHeader {
 public:
  static constexpr std::size_t kMaxBytes = 10;

  /// Empty: IP-in-IP.
  EncapsulationHeader() = default;
  EncapsulationHeader(Encapsulation encapsulation, const TunnelIds& ids);
  [[nodiscard]] std::span<const std::uint8_t> bytes() const {
    return std::span(bytes_).first(size_);
  }

 private:
  std::array<std::uint8_t, kMaxBytes> bytes_{};
  std::size_t size_ = 0;
};

/// The packet in a GRE packet. A checksum has to be right, unless the sender left it, or that of
/// the packet inside, to a network card that did not complete it (see has_partial_checksum()). Key
/// and sequence number (RFC 2890) are passed over: neither is an address here, and IP does not mind
/// the order.
///
/// bytes    payload of the outer IPv4 packet
/// returns  nothing if it is cut off, wants source routing, is of another version or protocol than
///          IPv4, or sets one of the bits that a receiver must refuse (RFC 2784 section 2.2)
std::optional<std::span<std::uint8_t>> unwrap_gre(std::span<std::uint8_t> bytes);

/// The packet in the payload of a raw outer packet: kIpIp or kGre. Same errors; the packet itself
/// is unchecked.
std::optional<std::span<std::uint8_t>> unwrap_raw(Encapsulation encapsulation,
                                                  std::span<std::uint8_t> payload);

inline constexpr std::uint16_t kPppIpv4 = 0x0021;
inline constexpr std::uint16_t kPppLcp = 0xC021;

/// The PPP frame in an L2TP data message.
struct PppFrame {
  TunnelIds ids;
  std::uint16_t protocol = 0;
  std::span<std::uint8_t> payload;  ///< What follows the protocol field, unchecked.
};

/// Takes off the L2TP header with its optional length, sequence numbers and offset, and the PPP
/// header with or without address, control and the protocol's first byte (RFC 1661 sections 6.5 and
/// 6.6: nothing was negotiated, but a receiver cannot mistake one for the other).
///
/// datagram  payload of the UDP datagram
/// returns   nothing for control messages, other versions, and what is cut off
/// source    RFC 2661 section 3.1
std::optional<PppFrame> unwrap_l2tp(std::span<std::uint8_t> datagram);

/// An LCP Echo-Request or Echo-Reply (RFC 1661 section 5.8): the keep-alive of an L2TP tunnel. It
/// keeps the mapping of an address translator on the way, and tells the gateway where it is.
struct LcpEcho {
  bool reply = false;
  std::uint8_t id = 0;  ///< A reply has that of its request.
  bool operator==(const LcpEcho&) const = default;
};

/// Nothing if the frame is anything else. The magic number does not matter: none was negotiated.
std::optional<LcpEcho> read_echo(const PppFrame& frame);

inline constexpr std::size_t kL2tpEchoBytes = EncapsulationHeader::kMaxBytes + 8;
/// The echo as a whole UDP payload.
std::array<std::uint8_t, kL2tpEchoBytes> l2tp_echo(const TunnelIds& ids, const LcpEcho& echo);

}  // namespace rsip::packet
