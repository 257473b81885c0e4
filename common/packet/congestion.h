#pragma once

#include <cstdint>
#include <optional>

/// Explicit congestion notification (RFC 3168) through tunnels (RFC 6040).
namespace rsip::packet {

/// What a tunnel's end makes of the congestion bits of an outer header and those of the packet in
/// it. On the way in there is nothing to decide: the outer header gets the packet's own ("normal
/// mode", section 4.1).
///
/// outer_tos   type of service of the header that is taken off
/// inner_tos   type of service of the packet that comes out
/// returns     the type of service the packet goes on with: inner_tos in all but the congestion
///             bits. Nothing: drop the packet, there is no other way to tell its sender of
///             congestion
/// source      RFC 6040 section 4.2, figure 4
std::optional<std::uint8_t> decapsulated_tos(std::uint8_t outer_tos, std::uint8_t inner_tos);

}  // namespace rsip::packet
