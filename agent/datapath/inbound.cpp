#include "agent/datapath/inbound.h"

namespace rsip::agent {
namespace {

// The two ECN bits of the type of service (RFC 3168 section 5).
constexpr std::uint8_t kEcnMask = 3;
constexpr std::uint8_t kNotCapable = 0;
constexpr std::uint8_t kCongestionExperienced = 3;

/// Combines what the outer header says with the inner one (RFC 6040 section 4.2).
///
/// returns  false if the packet has to be dropped: congestion, and no other way to tell the flow
bool take_over_congestion(const packet::Ipv4Packet& packet, std::uint8_t outer_tos) {
  if ((outer_tos & kEcnMask) != kCongestionExperienced) return true;
  const std::uint8_t tos = packet.tos();
  if ((tos & kEcnMask) == kNotCapable) return false;
  if ((tos & kEcnMask) != kCongestionExperienced) {
    packet.set_tos(static_cast<std::uint8_t>(tos | kCongestionExperienced));
  }
  return true;
}

}  // namespace

Inbound::Inbound(PortTranslator& translator, TunDevice& tun, Counters& counters)
    : translator_(translator), tun_(tun), counters_(counters), coalescer_(tun.mtu()) {}

void Inbound::forward(std::span<const TunnelPacket> packets, TimePoint now) {
  for (const TunnelPacket& packet : packets) forward(packet, now);
  flush();
}

void Inbound::forward(const TunnelPacket& received, TimePoint now) {
  const auto packet = packet::Ipv4Packet::parse(received.bytes);
  if (!packet) return counters_.drop(DropReason::kMalformed);
  if (!take_over_congestion(*packet, received.outer_tos)) {
    return counters_.drop(DropReason::kCongestionDropped);
  }
  const Translated outcome = translator_.inbound(*packet, now);
  if (outcome.refused) return counters_.drop(*outcome.refused);

  if (coalescer_.full()) flush();
  coalescer_.add(*packet);
}

void Inbound::flush() {
  if (coalescer_.empty()) return;
  for (const packet::TunPacket& merged : coalescer_.finish()) write(merged);
  coalescer_.clear();
}

// A super-packet counts as the packets that came: each piece but the first has lost its header.
void Inbound::write(const packet::TunPacket& merged) {
  const std::size_t packets = merged.pieces.size();
  if (!tun_.write(merged)) return counters_.drop(DropReason::kWriteFailed, packets);
  std::size_t bytes = (packets - 1) * merged.offload.header_bytes;
  for (const auto piece : merged.pieces) bytes += piece.size();
  counters_.received_packets.add(packets);
  counters_.received_bytes.add(bytes);
}

}  // namespace rsip::agent
