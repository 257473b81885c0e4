#include "agent/datapath/port_translator.h"

#include <utility>

#include "agent/datapath/packet_flow.h"
#include "common/packet/offload.h"
#include "common/packet/transport_header.h"

namespace rsip::agent {
namespace {

using packet::IcmpKind;
using packet::PortField;
using packet::Protocol;

bool is_later_fragment(const packet::Ipv4Packet& packet) {
  return packet.fragment_offset() != 0;
}

bool has_transport_ports(const packet::Ipv4Packet& packet) {
  return packet.is(Protocol::kTcp) || packet.is(Protocol::kUdp);
}

/// Of all packets that a super-packet is cut into: each has its header.
std::size_t wire_bytes(const packet::Ipv4Packet& packet, const packet::Offload& offload) {
  const std::size_t bytes = packet.bytes().size();
  if (offload.segmentation == packet::Segmentation::kNone || offload.segment_bytes == 0) {
    return bytes;
  }
  const std::size_t header =
      packet.header_bytes() + packet::tcp_header_bytes(packet).value_or(packet::kUdpHeaderBytes);
  if (bytes <= header) return bytes;
  return bytes + (bytes - header - 1) / offload.segment_bytes * header;
}

}  // namespace

// Later fragments have nothing to tell whether what their first used is still leased.
void PortTranslator::use(const FlowTable& table, TimePoint now) {
  const bool changed = std::exchange(forward_, table.forward) != table.forward;
  ipsec_.use(table);
  if (!flows_.use(table, now) && !changed) return;
  sent_fragments_.forget();
  received_fragments_.forget();
}

// Outbound: later fragments follow their first; everything else is looked at by protocol.

Translated PortTranslator::outbound(const Packet& packet, const Offload& offload, TimePoint now) {
  if (!bindings().knows(packet.source())) return {DropReason::kSourceNotLeased, {}, {}};
  if (is_later_fragment(packet)) return later_outbound(packet, now);
  const Translated outcome = judge_outbound(packet, offload, now);
  if (packet.is_fragment()) sent_fragments_.remember(packet, outcome, now);
  return outcome;
}

Translated PortTranslator::judge_outbound(const Packet& packet, const Offload& offload,
                                          TimePoint now) {
  if (ipsec_.passes_out(packet)) return {};
  return forward_ ? forwarder_.outbound(packet, now) : translate_outbound(packet, offload, now);
}

Translated PortTranslator::later_outbound(const Packet& packet, TimePoint now) {
  if (forward_ && forwarder_.is_whole(packet.source(), packet.destination())) return {};
  return sent_fragments_.find(packet, now);
}

Translated PortTranslator::refused_outbound(DropReason reason, const FlowKey& flow) const {
  return {reason, socket_of(flow), bindings().scope_wanted(flow)};
}

Translated PortTranslator::translate_outbound(const Packet& packet, const Offload& offload,
                                              TimePoint now) {
  if (has_transport_ports(packet)) return ports_outbound(packet, offload, now);
  if (packet.is(Protocol::kIcmp)) return icmp_outbound(packet, now);
  return other_outbound(packet, now);
}

Translated PortTranslator::ports_outbound(const Packet& packet, const Offload& offload,
                                          TimePoint now) {
  if (!packet.has_ports()) return {DropReason::kMalformed, {}, {}};
  const FlowKey flow = sent_flow(packet);
  const auto port = flows_.outbound(flow, tcp_flags(packet), now, wire_bytes(packet, offload));
  if (!port) return refused_outbound(port.error(), flow);
  if (*port != flow.port) rewrite_port(packet, PortField::kSource, *port, offload.partial_checksum);
  return {{}, socket_of(flow), {}};
}

Translated PortTranslator::icmp_outbound(const Packet& packet, TimePoint now) {
  switch (icmp_kind(packet)) {
    case IcmpKind::kRequest:
      return query_outbound(packet, now);
    case IcmpKind::kError:
      return error_outbound(packet, now);
    default:
      break;
  }
  // Requests from outside are the gateway's to answer (RFC 3102 section 6.2).
  if (forwarder_.is_whole(packet.source(), packet.destination())) return {};
  return {DropReason::kProtocolNotLeased, {}, {}};
}

Translated PortTranslator::query_outbound(const Packet& packet, TimePoint now) {
  const FlowKey flow = sent_query(packet);
  const auto id = flows_.outbound(flow, 0, now, packet.bytes().size());
  if (!id) return refused_outbound(id.error(), flow);
  if (*id != flow.port) rewrite_icmp_id(packet, *id);
  return {{}, socket_of(flow), {}};
}

// The host's stack complains about a packet it received: it quotes the application's port.
Translated PortTranslator::error_outbound(const Packet& packet, TimePoint now) {
  const auto quoted = quoted_packet(packet);
  if (!quoted) return portless_error_outbound(packet, now);
  const FlowKey flow = quoted_received(*quoted);
  const auto port = flows_.leased_port(flow, now);
  if (!port) return {DropReason::kNoFlow, {}, {}};
  if (*port != flow.port) rewrite_quoted_port(packet, *quoted, PortField::kDestination, *port);
  return {};
}

Translated PortTranslator::portless_error_outbound(const Packet& packet, TimePoint now) {
  const auto quoted = quoted_portless(packet);
  if (!quoted || !flows_.leased_port(received_portless(*quoted), now)) {
    return {DropReason::kNoFlow, {}, {}};
  }
  return {};
}

Translated PortTranslator::other_outbound(const Packet& packet, TimePoint now) {
  const FlowKey flow = sent_portless(packet);
  const auto passed = flows_.outbound(flow, 0, now, packet.bytes().size());
  if (!passed) return refused_outbound(passed.error(), flow);
  return {};
}

// Inbound: the mirror.

Translated PortTranslator::inbound(const Packet& packet, TimePoint now) {
  if (!bindings().is_leased(packet.destination())) return {DropReason::kNoLease, {}, {}};
  if (is_later_fragment(packet)) return later_inbound(packet, now);
  const Translated outcome = judge_inbound(packet, now);
  if (packet.is_fragment()) received_fragments_.remember(packet, outcome, now);
  return outcome;
}

Translated PortTranslator::judge_inbound(const Packet& packet, TimePoint now) {
  if (const auto judged = ipsec_.inbound(packet)) return *judged;
  return forward_ ? forwarder_.inbound(packet, now) : translate_inbound(packet, now);
}

Translated PortTranslator::later_inbound(const Packet& packet, TimePoint now) {
  if (forward_ && forwarder_.is_whole(packet.destination(), packet.source())) return {};
  return received_fragments_.find(packet, now);
}

Translated PortTranslator::translate_inbound(const Packet& packet, TimePoint now) {
  if (has_transport_ports(packet)) return ports_inbound(packet, now);
  if (packet.is(Protocol::kIcmp)) return icmp_inbound(packet, now);
  return other_inbound(packet, now);
}

Translated PortTranslator::ports_inbound(const Packet& packet, TimePoint now) {
  if (!packet.has_ports()) return {DropReason::kMalformed, {}, {}};
  const FlowKey flow = received_flow(packet);
  const auto port = flows_.inbound(flow, tcp_flags(packet), now, packet.bytes().size());
  if (!port) return {port.error(), {}, {}};
  if (*port != flow.port) {
    rewrite_port(packet, PortField::kDestination, *port, has_partial_checksum(packet));
  }
  return {};
}

Translated PortTranslator::icmp_inbound(const Packet& packet, TimePoint now) {
  switch (icmp_kind(packet)) {
    case IcmpKind::kReply:
      return reply_inbound(packet, now);
    case IcmpKind::kError:
      return error_inbound(packet, now);
    default:
      return {DropReason::kUnsolicited, {}, {}};
  }
}

Translated PortTranslator::reply_inbound(const Packet& packet, TimePoint now) {
  const FlowKey flow = received_reply(packet);
  const auto id = flows_.inbound(flow, 0, now, packet.bytes().size());
  if (!id) return {id.error(), {}, {}};
  if (*id != flow.port) rewrite_icmp_id(packet, *id);
  return {};
}

// Somebody on the way complains about a packet this host sent: it quotes the leased port.
Translated PortTranslator::error_inbound(const Packet& packet, TimePoint now) {
  const auto quoted = quoted_packet(packet);
  if (!quoted) return portless_error_inbound(packet, now);
  const FlowKey flow = quoted_sent(*quoted);
  const auto port = flows_.application_port(flow, now);
  if (!port) return {DropReason::kUnsolicited, {}, {}};
  if (*port != flow.port) rewrite_quoted_port(packet, *quoted, PortField::kSource, *port);
  return {};
}

// Only a whole address has flows without ports: they are as they were sent.
Translated PortTranslator::portless_error_inbound(const Packet& packet, TimePoint now) {
  const auto quoted = quoted_portless(packet);
  if (!quoted || !flows_.application_port(sent_portless(*quoted), now)) {
    return {DropReason::kUnsolicited, {}, {}};
  }
  return {};
}

Translated PortTranslator::other_inbound(const Packet& packet, TimePoint now) {
  const auto passed = flows_.inbound(received_portless(packet), 0, now, packet.bytes().size());
  if (!passed) return {passed.error(), {}, {}};
  return {};
}

}  // namespace rsip::agent
