#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/packet/ipv4_packet.h"

/// What a translator of ports needs of ICMP (RFC 792): queries have an identifier that takes the
/// part of a port, errors quote the packet they are about.
namespace rsip::packet {

enum class IcmpKind : std::uint8_t {
  kRequest,  ///< Echo, timestamp, information or address mask request: has an identifier.
  kReply,    ///< Answer to one of these: has the same identifier.
  kError,    ///< Quotes a packet.
  kOther,    ///< Anything else, or not a whole ICMP header.
};

/// packet   protocol ICMP, not a later fragment
IcmpKind icmp_kind(const Ipv4Packet& packet);

/// Identifier of a request or reply.
std::uint16_t icmp_id(const Ipv4Packet& packet);
/// Replaces the identifier and updates the ICMP checksum.
void rewrite_icmp_id(const Ipv4Packet& packet, std::uint16_t id);

/// View of the packet an ICMP error quotes; nothing if it is no first fragment with 8 bytes of
/// payload of TCP, UDP or ICMP, which RFC 792 promises.
std::optional<Ipv4Packet> quoted_packet(const Ipv4Packet& error);

/// Replaces a port in the quoted packet, or its ICMP identifier if it is an ICMP query, and updates
/// the checksums of the quoted packet (as far as quoted) and of the ICMP error.
///
/// quoted   quoted_packet(error)
void rewrite_quoted_port(const Ipv4Packet& error, const Ipv4Packet& quoted, PortField field,
                         std::uint16_t port);

/// Why a packet does not reach its destination: code of a "destination unreachable" (type 3).
enum class Unreachable : std::uint8_t {
  kTooBig = 4,      ///< Fragmentation needed and DF set (RFC 1191).
  kProhibited = 13  ///< Communication administratively prohibited (RFC 1812 section 5.2.7.1).
};

/// An ICMP error about a packet, from the address the packet was sent to: that one gets through to
/// the sender for sure.
///
/// mtu       of the next hop, in bytes; only with kTooBig
/// returns   a whole IPv4 packet, at most 576 bytes; empty if no error may be sent about this one:
///           an ICMP error itself, a later fragment, from or to what is no single machine (RFC 1812
///           section 4.3.2.7)
std::vector<std::uint8_t> unreachable_error(const Ipv4Packet& about, Unreachable code,
                                            std::uint16_t mtu = 0);

}  // namespace rsip::packet
