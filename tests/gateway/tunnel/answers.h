#pragma once

#include <cstdint>
#include <vector>

#include "common/base/rate_limit.h"
#include "common/packet/ipv4_packet.h"

/// ICMP that the gateway sends to the public side in its own name.
namespace rsip::gateway {

/// Turns an ICMP echo request into its reply, in place.
void make_echo_reply(const packet::Ipv4Packet& request);

/// "Fragmentation needed and DF set" about a packet that does not fit the tunnel (RFC 1191). It
/// comes from the address the packet was sent to: that one gets through to the sender for sure.
///
/// mtu       of the tunnel, in bytes
/// returns   a whole IPv4 packet; empty if no error may be sent about this one (RFC 1812 section
///           4.3.2.7)
std::vector<std::uint8_t> too_big_error(const packet::Ipv4Packet& packet, std::uint16_t mtu);

}  // namespace rsip::gateway
