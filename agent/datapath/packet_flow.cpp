#include "agent/datapath/packet_flow.h"

#include "common/packet/icmp.h"
#include "common/packet/transport_header.h"

namespace rsip::agent {

using packet::Ipv4Packet;
using packet::Protocol;

namespace {

constexpr std::size_t kIcmpHeaderBytes = 8;

}  // namespace

FlowKey sent_flow(const Ipv4Packet& packet) {
  return {packet.protocol(), packet.source(), packet.source_port(), packet.destination(),
          packet.destination_port()};
}

FlowKey received_flow(const Ipv4Packet& packet) {
  return {packet.protocol(), packet.destination(), packet.destination_port(), packet.source(),
          packet.source_port()};
}

FlowKey sent_query(const Ipv4Packet& packet) {
  return {packet.protocol(), packet.source(), icmp_id(packet), packet.destination(), 0};
}

FlowKey received_reply(const Ipv4Packet& packet) {
  return {packet.protocol(), packet.destination(), icmp_id(packet), packet.source(), 0};
}

FlowKey sent_portless(const Ipv4Packet& packet) {
  return {packet.protocol(), packet.source(), 0, packet.destination(), 0};
}

FlowKey received_portless(const Ipv4Packet& packet) {
  return {packet.protocol(), packet.destination(), 0, packet.source(), 0};
}

FlowKey quoted_sent(const Ipv4Packet& quoted) {
  return quoted.is(Protocol::kIcmp) ? sent_query(quoted) : sent_flow(quoted);
}

FlowKey quoted_received(const Ipv4Packet& quoted) {
  return quoted.is(Protocol::kIcmp) ? received_reply(quoted) : received_flow(quoted);
}

std::optional<Ipv4Packet> quoted_portless(const Ipv4Packet& error) {
  const auto icmp = error.payload();
  if (icmp.size() < kIcmpHeaderBytes) return std::nullopt;
  const auto quoted = Ipv4Packet::parse_quoted(icmp.subspan(kIcmpHeaderBytes));
  if (!quoted || quoted->is(Protocol::kIcmp) || quoted->is(Protocol::kTcp) ||
      quoted->is(Protocol::kUdp)) {
    return std::nullopt;
  }
  return quoted;
}

std::uint8_t tcp_flags(const Ipv4Packet& packet) {
  const auto l4 = packet.payload();
  if (!packet.is(Protocol::kTcp) || l4.size() <= packet::kTcpFlagsAt) return 0;
  return l4[packet::kTcpFlagsAt];
}

}  // namespace rsip::agent
