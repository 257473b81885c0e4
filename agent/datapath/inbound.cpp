#include "agent/datapath/inbound.h"

#include "common/packet/congestion.h"

namespace rsip::agent {

Inbound::Inbound(PortTranslator& translator, TunDevice& tun, Counters& counters)
    : translator_(translator), tun_(tun), counters_(counters), coalescer_(tun.mtu()) {}

void Inbound::forward(std::span<const TunnelPacket> packets, TimePoint now) {
  for (const TunnelPacket& packet : packets) forward(packet, now);
  flush();
}

void Inbound::forward(const TunnelPacket& received, TimePoint now) {
  const auto packet = packet::Ipv4Packet::parse(received.bytes);
  if (!packet) return counters_.drop(DropReason::kMalformed);
  const auto tos = packet::decapsulated_tos(received.outer_tos, packet->tos());
  if (!tos) return counters_.drop(DropReason::kCongestionDropped);
  if (*tos != packet->tos()) packet->set_tos(*tos);
  const Translated outcome = translator_.inbound(*packet, now);
  if (outcome.refused) return counters_.drop(*outcome.refused);
  if (HeldBinding* const payer = translator_.payer(packet->destination())) {
    ++payer->traffic.received_packets;
    payer->traffic.received_bytes += packet->bytes().size();
  }

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
