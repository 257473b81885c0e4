#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <tins/tins.h>

#include "common/base/ipv4.h"

/// Packets for tests, built and checked by libtins: a second opinion on every byte.
namespace rsip::fakes {

using Bytes = std::vector<std::uint8_t>;

struct Endpoint {
  Ipv4Address address;
  std::uint16_t port = 0;
};

Ipv4Address ip(const char* text);
Endpoint at(const char* address, std::uint16_t port);

/// Whole packets with right checksums. `more` may set further header fields.
Bytes tcp_packet(const Endpoint& from, const Endpoint& to, const Bytes& payload,
                 const std::function<void(Tins::IP&, Tins::TCP&)>& more = {});
Bytes udp_packet(const Endpoint& from, const Endpoint& to, const Bytes& payload);
/// An echo request or reply.
Bytes echo_packet(Ipv4Address from, Ipv4Address to, Tins::ICMP::Flags type, std::uint16_t id,
                  const Bytes& payload = {});
/// Destination unreachable, port unreachable, quoting the first `quoted_bytes` of a packet.
Bytes unreachable_packet(Ipv4Address from, Ipv4Address to, const Bytes& quoted,
                         std::size_t quoted_bytes);

/// A whole packet cut into fragments of at most `payload_bytes` (a multiple of 8).
std::vector<Bytes> fragments_of(const Bytes& packet, std::size_t payload_bytes);

/// Pattern of `size` bytes that differs from place to place.
Bytes pattern(std::size_t size, std::uint8_t seed = 0);

/// Replaces the TCP or UDP checksum by the pseudo-header sum, as a virtual NIC leaves it.
Bytes with_partial_checksum(Bytes packet);

/// True if libtins, parsing the packet and building it again, arrives at the same bytes: every
/// length and checksum is right. Options and payload included.
bool is_right(std::span<const std::uint8_t> packet);

Tins::IP parsed(std::span<const std::uint8_t> packet);
std::uint16_t source_port(std::span<const std::uint8_t> packet);
std::uint16_t destination_port(std::span<const std::uint8_t> packet);

}  // namespace rsip::fakes
