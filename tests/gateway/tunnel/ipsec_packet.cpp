#include "tests/gateway/tunnel/ipsec_packet.h"

#include <algorithm>

#include "common/packet/transport_header.h"

namespace rsip::gateway {
namespace {

using packet::Ipv4Packet;
using packet::load_u32;

constexpr std::size_t kIcmpHeaderBytes = 8;
constexpr std::size_t kEspSpiAt = 0;
constexpr std::size_t kAhSpiAt = 4;
constexpr std::size_t kSpiBytes = 4;
constexpr std::size_t kIkeHeaderBytes = 28;
constexpr std::size_t kResponderAt = 8;
constexpr std::size_t kVersionAt = 17;
constexpr std::size_t kFlagsAt = 19;
constexpr std::uint8_t kInitiatorFlag = 0x08;
constexpr std::uint8_t kKeepAlive = 0xFF;

std::uint64_t load_u64(const std::uint8_t* at) {
  return std::uint64_t{load_u32(at)} << 32 | load_u32(at + 4);
}

}  // namespace

std::optional<std::uint32_t> spi_of(const Ipv4Packet& ipsec) {
  const auto header = ipsec.payload();
  const std::size_t at = ipsec.is(packet::Protocol::kAh) ? kAhSpiAt : kEspSpiAt;
  if (header.size() < at + kSpiBytes) return std::nullopt;
  return load_u32(&header[at]);
}

std::optional<IkeMessage> read_ike(std::span<const std::uint8_t> ike) {
  if (ike.size() < kIkeHeaderBytes) return std::nullopt;
  IkeMessage message{load_u64(ike.data()), load_u64(&ike[kResponderAt]),
                     static_cast<std::uint8_t>(ike[kVersionAt] >> 4),
                     (ike[kFlagsAt] & kInitiatorFlag) != 0};
  return message.initiator != 0 ? std::optional(message) : std::nullopt;
}

NatTraversal read_nat_traversal(std::span<const std::uint8_t> payload) {
  using Kind = NatTraversal::Kind;
  if (payload.size() == 1 && payload[0] == kKeepAlive) return {Kind::kKeepAlive, {}, 0};
  if (payload.size() < kSpiBytes) return {};
  const std::uint32_t spi = load_u32(payload.data());
  if (spi != 0) return {Kind::kEsp, {}, spi};
  const auto ike = read_ike(payload.subspan(kSpiBytes));
  return ike ? NatTraversal{Kind::kIke, ike, 0} : NatTraversal{};
}

std::span<const std::uint8_t> udp_payload(const Ipv4Packet& packet) {
  const auto udp = packet.payload();
  return udp.subspan(std::min(udp.size(), packet::kUdpHeaderBytes));
}

std::optional<Ipv4Packet> quoted_ipsec(const Ipv4Packet& error) {
  const auto icmp = error.payload();
  if (icmp.size() < kIcmpHeaderBytes) return std::nullopt;
  const auto quoted = Ipv4Packet::parse_quoted(icmp.subspan(kIcmpHeaderBytes));
  if (!quoted || quoted->fragment_offset() != 0 || !is_ipsec(*quoted) || !spi_of(*quoted)) {
    return std::nullopt;
  }
  return quoted;
}

}  // namespace rsip::gateway
