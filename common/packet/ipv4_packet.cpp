#include "common/packet/ipv4_packet.h"

#include "common/packet/checksum.h"

namespace rsip::packet {
namespace {

bool has_sane_header(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < kIpv4HeaderBytes || bytes[0] >> 4 != 4) return false;
  const std::size_t header = std::size_t{bytes[0]} % 16 * 4;
  return header >= kIpv4HeaderBytes && header <= bytes.size() && load_u16(&bytes[2]) >= header;
}

void write_header_checksum(std::span<std::uint8_t> header) {
  store_u16(&header[10], 0);
  store_u16(&header[10], static_cast<std::uint16_t>(~sum(header)));
}

}  // namespace

std::optional<Ipv4Packet> Ipv4Packet::parse(std::span<std::uint8_t> bytes) {
  if (!has_sane_header(bytes)) return std::nullopt;
  const std::size_t total = load_u16(&bytes[2]);
  if (total > bytes.size()) return std::nullopt;
  return Ipv4Packet(bytes.first(total));
}

std::optional<Ipv4Packet> Ipv4Packet::parse_quoted(std::span<std::uint8_t> bytes) {
  if (!has_sane_header(bytes)) return std::nullopt;
  return Ipv4Packet(bytes);
}

bool Ipv4Packet::has_ports() const {
  return (is(Protocol::kTcp) || is(Protocol::kUdp)) && fragment_offset() == 0 &&
         payload().size() >= 8;
}

void Ipv4Packet::write_header_checksum() const {
  ::rsip::packet::write_header_checksum(bytes_.first(header_bytes()));
}

void Ipv4Packet::set_tos(std::uint8_t tos) const {
  const std::uint16_t old_word = load_u16(&bytes_[0]);
  bytes_[1] = tos;
  store_u16(&bytes_[10], update(load_u16(&bytes_[10]), old_word, load_u16(&bytes_[0])));
}

void write_ipv4_length_and_id(std::span<std::uint8_t> header, std::uint16_t total_length,
                              std::uint16_t id) {
  store_u16(&header[2], total_length);
  store_u16(&header[4], id);
  write_header_checksum(header);
}

void rewrite_port(const Ipv4Packet& packet, PortField field, std::uint16_t port, bool partial) {
  const std::span<std::uint8_t> l4 = packet.payload();
  std::uint8_t* const at = &l4[static_cast<std::size_t>(field)];
  const std::uint16_t old_port = load_u16(at);
  store_u16(at, port);
  const std::size_t checksum_at = packet.is(Protocol::kTcp) ? 16 : 6;
  // A fragment's or a quoted packet's TCP header may end before the checksum.
  if (partial || l4.size() < checksum_at + 2) return;
  std::uint8_t* const checksum = &l4[checksum_at];
  const bool is_udp = packet.is(Protocol::kUdp);
  if (is_udp && load_u16(checksum) == 0) return;
  std::uint16_t updated = update(load_u16(checksum), old_port, port);
  if (is_udp && updated == 0) updated = 0xFFFF;
  store_u16(checksum, updated);
}

}  // namespace rsip::packet
