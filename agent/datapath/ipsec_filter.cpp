#include "agent/datapath/ipsec_filter.h"

#include "agent/datapath/packet_flow.h"
#include "common/packet/icmp.h"

namespace rsip::agent {
namespace {

using packet::Ipv4Packet;
using packet::Protocol;

constexpr std::uint16_t kIkePort = 500;
constexpr std::uint16_t kNatTraversalPort = 4500;  // RFC 3947

constexpr std::size_t kEspSpiAt = 0;  // RFC 4303 section 2
constexpr std::size_t kAhSpiAt = 4;   // RFC 4302 section 2

bool has_spi(const Ipv4Packet& packet) {
  return packet.is(Protocol::kEsp) || packet.is(Protocol::kAh);
}

std::optional<std::uint32_t> spi_of(const Ipv4Packet& packet) {
  const std::size_t at = packet.is(Protocol::kEsp) ? kEspSpiAt : kAhSpiAt;
  const auto payload = packet.payload();
  if (payload.size() < at + sizeof(std::uint32_t)) return std::nullopt;
  return packet::load_u32(&payload[at]);
}

bool is_error(const Ipv4Packet& packet) {
  return packet.is(Protocol::kIcmp) && icmp_kind(packet) == packet::IcmpKind::kError;
}

/// What an ICMP error is about, if that is a packet that IPsec may have sent.
std::optional<Ipv4Packet> quoted_by(const Ipv4Packet& error) {
  const auto with_ports = quoted_packet(error);
  return with_ports ? with_ports : quoted_portless(error);
}

}  // namespace

bool IpsecFilter::passes_out(const Ipv4Packet& packet) const {
  if (!bindings_.has_spis(packet.source())) return false;
  if (!is_error(packet)) return was_sent(packet);
  const auto quoted = quoted_by(packet);
  return quoted && quoted->destination() == packet.source() && was_received(*quoted);
}

std::optional<Translated> IpsecFilter::inbound(const Ipv4Packet& packet) const {
  if (!bindings_.has_spis(packet.destination())) return std::nullopt;
  if (has_spi(packet)) return judge_spi(packet);
  if (!is_error(packet)) {
    return was_received(packet) ? std::optional(Translated{}) : std::nullopt;
  }
  const auto quoted = quoted_by(packet);
  const bool ours = quoted && quoted->source() == packet.destination() && was_sent(*quoted);
  return ours ? std::optional(Translated{}) : std::nullopt;
}

/// The SPI is the remote's own. Flows keep whole addresses in use: those are left to them.
bool IpsecFilter::was_sent(const Ipv4Packet& packet) const {
  const Ipv4Address local = packet.source();
  const Ipv4Address remote = packet.destination();
  if (has_spi(packet)) {
    return !bindings_.has_all_ports(local) && bindings_.allows_ipsec(local, remote);
  }
  return packet.is(Protocol::kUdp) && packet.has_ports() &&
         is_ike(local, remote, packet.source_port());
}

bool IpsecFilter::was_received(const Ipv4Packet& packet) const {
  if (has_spi(packet)) return !judge_spi(packet).refused;
  return packet.is(Protocol::kUdp) && packet.has_ports() &&
         is_ike(packet.destination(), packet.source(), packet.destination_port());
}

Translated IpsecFilter::judge_spi(const Ipv4Packet& packet) const {
  const auto spi = spi_of(packet);
  if (!spi) return {DropReason::kMalformed, {}, {}};
  if (bindings_.has_spi(packet.destination(), packet.source(), *spi)) return {};
  return {DropReason::kSpiNotLeased, {}, {}};
}

bool IpsecFilter::is_ike(Ipv4Address local, Ipv4Address remote, std::uint16_t port) const {
  return ike_on_500_ && (port == kIkePort || port == kNatTraversalPort) &&
         bindings_.allows_ipsec(local, remote);
}

}  // namespace rsip::agent
