#include "tests/fakes/packets.h"

#include <algorithm>

#include "common/packet/transport_header.h"

namespace rsip::fakes {
namespace {

Tins::IP ip_header(Ipv4Address from, Ipv4Address to) {
  Tins::IP header(to.to_string(), from.to_string());
  header.ttl(64);
  header.id(1000);
  header.flags(Tins::IP::DONT_FRAGMENT);
  return header;
}

packet::Ipv4Packet view(Bytes& bytes) {
  return packet::Ipv4Packet::parse(bytes).value();
}

}  // namespace

Ipv4Address ip(const char* text) {
  return Ipv4Address::parse(text).value();
}

Endpoint at(const char* address, std::uint16_t port) {
  return {ip(address), port};
}

Bytes tcp_packet(const Endpoint& from, const Endpoint& to, const Bytes& payload,
                 const std::function<void(Tins::IP&, Tins::TCP&)>& more) {
  Tins::IP header = ip_header(from.address, to.address);
  Tins::TCP tcp(to.port, from.port);
  tcp.flags(Tins::TCP::ACK);
  tcp.seq(1);
  tcp.ack_seq(7);
  tcp.window(500);
  if (more) more(header, tcp);
  Tins::IP whole = payload.empty() ? header / tcp : header / tcp / Tins::RawPDU(payload);
  return whole.serialize();
}

Bytes udp_packet(const Endpoint& from, const Endpoint& to, const Bytes& payload) {
  Tins::IP whole =
      ip_header(from.address, to.address) / Tins::UDP(to.port, from.port) / Tins::RawPDU(payload);
  return whole.serialize();
}

Bytes echo_packet(Ipv4Address from, Ipv4Address to, Tins::ICMP::Flags type, std::uint16_t id,
                  const Bytes& payload) {
  Tins::ICMP icmp(type);
  icmp.id(id);
  icmp.sequence(1);
  Tins::IP whole = ip_header(from, to) / icmp / Tins::RawPDU(payload);
  return whole.serialize();
}

Bytes unreachable_packet(Ipv4Address from, Ipv4Address to, const Bytes& quoted,
                         std::size_t quoted_bytes) {
  Tins::ICMP icmp(Tins::ICMP::DEST_UNREACHABLE);
  icmp.code(3);
  const Bytes start(quoted.begin(), quoted.begin() + static_cast<std::ptrdiff_t>(
                                                         std::min(quoted_bytes, quoted.size())));
  Tins::IP whole = ip_header(from, to) / icmp / Tins::RawPDU(start);
  return whole.serialize();
}

std::vector<Bytes> fragments_of(const Bytes& packet, std::size_t payload_bytes) {
  Bytes copy = packet;
  const std::size_t header = view(copy).header_bytes();
  std::vector<Bytes> fragments;
  for (std::size_t from = header; from < packet.size(); from += payload_bytes) {
    const std::size_t to = std::min(from + payload_bytes, packet.size());
    Bytes fragment(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(header));
    fragment.insert(fragment.end(), packet.begin() + static_cast<std::ptrdiff_t>(from),
                    packet.begin() + static_cast<std::ptrdiff_t>(to));
    const auto more = static_cast<std::uint16_t>(to < packet.size() ? 0x2000 : 0);
    packet::store_u16(&fragment[2], static_cast<std::uint16_t>(fragment.size()));
    packet::store_u16(&fragment[6], static_cast<std::uint16_t>(more | (from - header) / 8));
    view(fragment).write_header_checksum();
    fragments.push_back(std::move(fragment));
  }
  return fragments;
}

Bytes pattern(std::size_t size, std::uint8_t seed) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<std::uint8_t>(i * 31 + i / 251 + seed);
  return bytes;
}

Bytes with_partial_checksum(Bytes packet) {
  const auto whole = view(packet);
  const std::size_t field =
      whole.is(packet::Protocol::kTcp) ? packet::kTcpChecksumAt : packet::kUdpChecksumAt;
  packet::store_u16(&whole.payload()[field], packet::pseudo_header_sum(whole));
  return packet;
}

Tins::IP parsed(std::span<const std::uint8_t> packet) {
  return {packet.data(), static_cast<std::uint32_t>(packet.size())};
}

bool is_right(std::span<const std::uint8_t> packet) {
  const Bytes again = parsed(packet).serialize();
  return std::ranges::equal(again, packet);
}

std::uint16_t source_port(std::span<const std::uint8_t> packet) {
  const std::size_t header = std::size_t{packet[0]} % 16 * 4;
  return packet::load_u16(&packet[header]);
}

std::uint16_t destination_port(std::span<const std::uint8_t> packet) {
  const std::size_t header = std::size_t{packet[0]} % 16 * 4;
  return packet::load_u16(&packet[header + 2]);
}

}  // namespace rsip::fakes
