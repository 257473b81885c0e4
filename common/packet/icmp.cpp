#include "common/packet/icmp.h"

#include <algorithm>

#include "common/packet/checksum.h"
#include "common/packet/transport_header.h"

namespace rsip::packet {
namespace {

constexpr std::size_t kIcmpHeaderBytes = 8;
constexpr std::size_t kIcmpChecksumAt = 2;
constexpr std::size_t kIcmpIdAt = 4;
constexpr std::size_t kIcmpMtuAt = 6;
constexpr std::uint8_t kIcmpUnreachable = 3;
constexpr std::uint8_t kOwnTtl = 64;
constexpr std::size_t kQuotedBytes = 548;  // 576 bytes in all, RFC 1812 section 4.3.2.3

bool may_complain_about(const Ipv4Packet& packet) {
  const bool error_itself = packet.is(Protocol::kIcmp) && icmp_kind(packet) != IcmpKind::kRequest &&
                            icmp_kind(packet) != IcmpKind::kReply;
  return !error_itself && packet.fragment_offset() == 0 && packet.source().is_usable_source() &&
         packet.destination().is_usable_source();
}

/// Where the checksum of a quoted packet is, if quoted at all.
std::uint8_t* quoted_checksum(const Ipv4Packet& quoted) {
  const auto l4 = quoted.payload();
  const std::size_t at = quoted.is(Protocol::kTcp)   ? kTcpChecksumAt
                         : quoted.is(Protocol::kUdp) ? kUdpChecksumAt
                                                     : kIcmpChecksumAt;
  return l4.size() >= at + 2 ? &l4[at] : nullptr;
}

/// The quoted packet's checksum was never completed: ports are not part of it. Its true length is
/// in its header; what is quoted may be less.
bool quotes_partial_checksum(const Ipv4Packet& quoted) {
  const std::uint8_t* const checksum = quoted_checksum(quoted);
  const std::size_t length = load_u16(&quoted.bytes()[2]) - quoted.header_bytes();
  return checksum != nullptr && !quoted.is(Protocol::kIcmp) &&
         load_u16(checksum) == pseudo_header_sum(quoted.source(), quoted.destination(),
                                                 quoted.protocol(),
                                                 static_cast<std::uint16_t>(length));
}

}  // namespace

IcmpKind icmp_kind(const Ipv4Packet& packet) {
  if (packet.payload().size() < kIcmpHeaderBytes) return IcmpKind::kOther;
  switch (packet.payload()[0]) {
    case 8:   // echo
    case 13:  // timestamp
    case 15:  // information
    case 17:  // address mask
      return IcmpKind::kRequest;
    case 0:
    case 14:
    case 16:
    case 18:
      return IcmpKind::kReply;
    case 3:   // destination unreachable
    case 4:   // source quench
    case 11:  // time exceeded
    case 12:  // parameter problem
      return IcmpKind::kError;
    // Redirect (5) is left out: a tunnel has only one way to go.
    default:
      return IcmpKind::kOther;
  }
}

std::uint16_t icmp_id(const Ipv4Packet& packet) {
  return load_u16(&packet.payload()[kIcmpIdAt]);
}

void rewrite_icmp_id(const Ipv4Packet& packet, std::uint16_t id) {
  const auto icmp = packet.payload();
  store_u16(&icmp[kIcmpChecksumAt], update(load_u16(&icmp[kIcmpChecksumAt]), icmp_id(packet), id));
  store_u16(&icmp[kIcmpIdAt], id);
}

std::optional<Ipv4Packet> quoted_packet(const Ipv4Packet& error) {
  const auto icmp = error.payload();
  if (icmp.size() < kIcmpHeaderBytes) return std::nullopt;
  const auto quoted = Ipv4Packet::parse_quoted(icmp.subspan(kIcmpHeaderBytes));
  if (!quoted || quoted->fragment_offset() != 0) return std::nullopt;
  if (quoted->has_ports()) return quoted;
  if (!quoted->is(Protocol::kIcmp)) return std::nullopt;
  const IcmpKind kind = icmp_kind(*quoted);
  if (kind != IcmpKind::kRequest && kind != IcmpKind::kReply) return std::nullopt;
  return quoted;
}

void rewrite_quoted_port(const Ipv4Packet& error, const Ipv4Packet& quoted, PortField field,
                         std::uint16_t port) {
  const auto quoted_l4 = quoted.payload();
  std::uint8_t* const port_at = quoted.is(Protocol::kIcmp)
                                    ? &quoted_l4[kIcmpIdAt]
                                    : &quoted_l4[static_cast<std::size_t>(field)];
  std::uint8_t* const checksum_at = quoted_checksum(quoted);
  const std::uint16_t old_port = load_u16(port_at);
  const std::uint16_t old_checksum = checksum_at == nullptr ? 0 : load_u16(checksum_at);

  if (quoted.is(Protocol::kIcmp)) {
    rewrite_icmp_id(quoted, port);
  } else {
    rewrite_port(quoted, field, port, quotes_partial_checksum(quoted));
  }

  std::uint8_t* const icmp_checksum = &error.payload()[kIcmpChecksumAt];
  std::uint16_t checksum = update(load_u16(icmp_checksum), old_port, port);
  if (checksum_at != nullptr) checksum = update(checksum, old_checksum, load_u16(checksum_at));
  store_u16(icmp_checksum, checksum);
}

std::vector<std::uint8_t> unreachable_error(const Ipv4Packet& about, Unreachable code,
                                            std::uint16_t mtu) {
  if (!may_complain_about(about)) return {};
  const auto quoted = about.bytes().first(std::min(about.bytes().size(), kQuotedBytes));
  std::vector<std::uint8_t> error(kIpv4HeaderBytes + kIcmpHeaderBytes);
  error.insert(error.end(), quoted.begin(), quoted.end());
  error[0] = 0x45;
  error[8] = kOwnTtl;
  error[9] = static_cast<std::uint8_t>(Protocol::kIcmp);
  store_u32(&error[12], about.destination().value);
  store_u32(&error[16], about.source().value);
  write_ipv4_length_and_id(std::span(error).first(kIpv4HeaderBytes),
                           static_cast<std::uint16_t>(error.size()), 0);
  const auto icmp = std::span(error).subspan(kIpv4HeaderBytes);
  icmp[0] = kIcmpUnreachable;
  icmp[1] = static_cast<std::uint8_t>(code);
  store_u16(&icmp[kIcmpMtuAt], mtu);
  store_u16(&icmp[kIcmpChecksumAt], static_cast<std::uint16_t>(~sum(icmp)));
  return error;
}

}  // namespace rsip::packet
