#pragma once

#include <optional>

#include "tests/gateway/tunnel/judge.h"

/// The part of IPsec and IKE in what becomes of a packet (RFC 3104). All rows are of shared
/// addresses.
namespace rsip::gateway {

/// The host's bind with SPIs that is for this remote address; nullptr if it has none.
const Owner* ipsec_bind(const DemuxTable::Row& row, Ipv4Address host, Ipv4Address remote);
/// The host has a bind with SPIs, whatever it is for.
bool has_ipsec_bind(const DemuxTable::Row& row, Ipv4Address host);

/// UDP from or to a port that only IKE and ESP in UDP use.
bool is_ike_port(std::uint16_t port);

/// ESP and AH from the public side.
PublicVerdict judge_esp_from_public(const DemuxTable::Row& row, const packet::Ipv4Packet& packet);
/// UDP to port 500 or 4500 from the public side, if nobody has leased that.
PublicVerdict judge_ike_from_public(const DemuxTable::Row& row, TunnelMemory& memory,
                                    const packet::Ipv4Packet& packet, TimePoint now);

/// ESP and AH from a host that has a bind with SPIs.
HostVerdict judge_esp_from_host(const DemuxTable::Row& row, TunnelMemory& memory, Ipv4Address host,
                                const packet::Ipv4Packet& packet, TimePoint now);
/// UDP from port 500 or 4500, which nobody has leased, if the host has a bind with SPIs.
HostVerdict judge_ike_from_host(const DemuxTable::Row& row, TunnelMemory& memory, Ipv4Address host,
                                const packet::Ipv4Packet& packet, TimePoint now);

/// The host that has sent the ESP, AH or IKE packet which is quoted by an ICMP error.
///
/// quoted   ESP, AH, or UDP from port 500 or 4500
std::optional<Ipv4Address> sender_of_quoted(const TunnelMemory& memory,
                                            const packet::Ipv4Packet& quoted, TimePoint now);

}  // namespace rsip::gateway
