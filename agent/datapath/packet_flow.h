#pragma once

#include <optional>

#include "agent/datapath/flow_key.h"
#include "common/packet/ipv4_packet.h"

/// Which flow a packet belongs to, as it stands in the packet. The functions differ in where the
/// packet has this host's side.
namespace rsip::agent {

/// Packet with ports that this host sends.
FlowKey sent_flow(const packet::Ipv4Packet& packet);
/// Packet with ports that this host receives.
FlowKey received_flow(const packet::Ipv4Packet& packet);
/// ICMP query that this host sends.
FlowKey sent_query(const packet::Ipv4Packet& packet);
/// Answer to an ICMP query that this host receives.
FlowKey received_reply(const packet::Ipv4Packet& packet);
/// Packet of a protocol without ports.
FlowKey sent_portless(const packet::Ipv4Packet& packet);
FlowKey received_portless(const packet::Ipv4Packet& packet);
/// Packet quoted by an ICMP error, with ports or an identifier: sent by this host, or received.
FlowKey quoted_sent(const packet::Ipv4Packet& quoted);
FlowKey quoted_received(const packet::Ipv4Packet& quoted);

/// View of the packet an ICMP error quotes if it has neither ports nor an identifier (ESP, AH,
/// GRE); nothing if it has, or if nothing is quoted.
std::optional<packet::Ipv4Packet> quoted_portless(const packet::Ipv4Packet& error);

/// Flags byte of the TCP header; 0 for other protocols.
std::uint8_t tcp_flags(const packet::Ipv4Packet& packet);

}  // namespace rsip::agent
