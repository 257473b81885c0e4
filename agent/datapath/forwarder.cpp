#include "agent/datapath/forwarder.h"

#include <algorithm>

#include "agent/datapath/flow_life.h"
#include "agent/datapath/packet_flow.h"
#include "common/packet/icmp.h"

namespace rsip::agent {

using packet::IcmpKind;
using packet::Ipv4Packet;
using packet::Protocol;

/// Where a packet has this side, and what it is called if it is not leased.
struct Forwarder::Sides {
  Ipv4Address local;
  FlowKey (*with_ports)(const Ipv4Packet&);
  FlowKey (*portless)(const Ipv4Packet&);
  /// The same of a packet that an ICMP error quotes, which went the other way.
  FlowKey (*quoted)(const Ipv4Packet&);
  FlowKey (*quoted_portless)(const Ipv4Packet&);
  DropReason not_leased;
  DropReason not_covered;
};

Translated Forwarder::outbound(const Ipv4Packet& packet, TimePoint now) {
  return judge(packet,
               {packet.source(), sent_flow, sent_portless, quoted_received, received_portless,
                DropReason::kSourceNotLeased, DropReason::kProtocolNotLeased},
               now);
}

Translated Forwarder::inbound(const Ipv4Packet& packet, TimePoint now) {
  return judge(packet,
               {packet.destination(), received_flow, received_portless, quoted_sent, sent_portless,
                DropReason::kNoLease, DropReason::kNoLease},
               now);
}

Translated Forwarder::judge(const Ipv4Packet& packet, const Sides& sides, TimePoint now) {
  if (!bindings_.is_leased(sides.local)) return {sides.not_leased, {}, {}};
  if (packet.is(Protocol::kIcmp)) return judge_icmp(packet, sides, now);
  if (packet.is(Protocol::kTcp) || packet.is(Protocol::kUdp)) {
    if (!packet.has_ports()) return {DropReason::kMalformed, {}, {}};
    if (is_leased(sides.with_ports(packet), now)) return {};
    return {sides.not_leased, {}, {}};
  }
  if (is_leased(sides.portless(packet), now)) return {};
  return {sides.not_covered, {}, {}};
}

Translated Forwarder::judge_icmp(const Ipv4Packet& packet, const Sides& sides, TimePoint now) {
  const IcmpKind kind = icmp_kind(packet);
  if (kind == IcmpKind::kError) return judge_error(packet, sides, now);
  FlowKey whole = sides.portless(packet);
  whole.protocol = 0;
  if (is_leased(whole, now) || kind != IcmpKind::kOther) return {};
  return {sides.not_covered, {}, {}};
}

Translated Forwarder::judge_error(const Ipv4Packet& error, const Sides& sides, TimePoint now) {
  if (const auto quoted = quoted_packet(error)) {
    const FlowKey flow = sides.quoted(*quoted);
    const bool ours =
        quoted->is(Protocol::kIcmp) ? bindings_.is_leased(flow.local) : is_leased(flow, now);
    if (ours) return {};
  } else if (const auto portless = quoted_portless(error)) {
    if (is_leased(sides.quoted_portless(*portless), now)) return {};
  }
  return {sides.not_leased, {}, {}};
}

// Nobody else keeps a binding in use whose flows are other hosts' business.
bool Forwarder::is_leased(const FlowKey& flow, TimePoint now) {
  for (const ScopePool* pool : bindings_.containing(flow)) {
    if (pool == nullptr) continue;
    HeldBinding* const binding = port_space(flow.protocol)
                                     ? pool->binding_of(flow.port)
                                     : pool->binding_of(MappingKind::kWhole, 0, 0);
    if (binding == nullptr) continue;
    bindings_.note_served(binding);
    binding->quiet_since = std::max(binding->quiet_since, now + kTimeWait);
    return true;
  }
  return false;
}

bool Forwarder::is_whole(Ipv4Address local, Ipv4Address remote) {
  const auto pools = bindings_.containing({0, local, 0, remote, 0});
  return std::ranges::any_of(
      pools, [](const ScopePool* pool) { return pool != nullptr && !pool->whole.empty(); });
}

}  // namespace rsip::agent
