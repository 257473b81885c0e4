#include "tests/gateway/tunnel/judge_ipsec.h"

#include <algorithm>

#include "common/base/result.h"
#include "common/base/spi_range.h"

namespace rsip::gateway {
namespace {

using msg::ErrorCode;
using packet::Ipv4Packet;
using packet::Protocol;

constexpr std::size_t kCookieBytes = 8;
constexpr std::size_t kMarkerBytes = 4;

PublicVerdict drop(Counter why) {
  return {PublicVerdict::Kind::kDrop, nullptr, why};
}

HostVerdict drop_sent(Counter why) {
  return {nullptr, why, {}};
}

// Ports are encrypted, so that the address alone decides (RFC 3104 appendix D).
PublicVerdict to_spi_owner(const DemuxTable::Row& row, const Ipv4Packet& packet,
                           std::uint32_t spi) {
  if (spi < kFirstSpi) return drop(Counter::kSpiReserved);
  const Owner* const owner = owner_of_spi(row, spi);
  if (owner == nullptr) return drop(Counter::kSpiNotLeased);
  if (!owner->remote.allows(packet.source(), {})) return drop(Counter::kRemoteScope);
  return {PublicVerdict::Kind::kToHost, owner, {}};
}

PublicVerdict to_cookie_owner(const DemuxTable::Row& row, TunnelMemory& memory,
                              const Ipv4Packet& packet, const std::optional<IkeMessage>& message,
                              TimePoint now) {
  if (!message) return drop(Counter::kMalformed);
  const auto host = memory.ike.received(row.address, packet.source(), *message, now);
  if (!host || !has_ipsec_bind(row, *host)) return drop(Counter::kCookieUnknown);
  const Owner* const owner = ipsec_bind(row, *host, packet.source());
  if (owner == nullptr) return drop(Counter::kRemoteScope);
  return {PublicVerdict::Kind::kToHost, owner, {}};
}

EspKey key_of(std::uint8_t protocol, std::uint32_t spi, const Ipv4Packet& sent) {
  return {protocol, spi, sent.source(), sent.destination()};
}

HostVerdict let_ike_pass(const Owner& owner, TunnelMemory& memory, const Ipv4Packet& packet,
                         const std::optional<IkeMessage>& message, TimePoint now) {
  if (!message) return drop_sent(Counter::kMalformed);
  switch (memory.ike.sent(owner.host, packet.source(), packet.destination(), *message, now)) {
    case IkeTable::Sent::kTaken:
      return drop_sent(Counter::kCookieTaken);
    case IkeTable::Sent::kUnknown:
      return drop_sent(Counter::kCookieUnknown);
    case IkeTable::Sent::kPasses:
      break;
  }
  return {&owner, {}, {}};
}

HostVerdict let_nat_traversal_pass(const Owner& owner, TunnelMemory& memory,
                                   const Ipv4Packet& packet, TimePoint now) {
  const NatTraversal inside = read_nat_traversal(udp_payload(packet));
  switch (inside.kind) {
    case NatTraversal::Kind::kMalformed:
      return drop_sent(Counter::kMalformed);
    case NatTraversal::Kind::kIke:
      return let_ike_pass(owner, memory, packet, inside.ike, now);
    case NatTraversal::Kind::kEsp:
      if (inside.spi < kFirstSpi) return drop_sent(Counter::kSpiReserved);
      memory.esp.learn(key_of(packet.protocol(), inside.spi, packet), owner.host, now);
      break;
    case NatTraversal::Kind::kKeepAlive:
      break;
  }
  return {&owner, {}, {}};
}

/// The bind that a host sends IPsec or IKE with; nothing of it is sent if there is none.
Result<const Owner*, HostVerdict> sending_bind(const DemuxTable::Row& row, Ipv4Address host,
                                               const Ipv4Packet& packet) {
  if (const Owner* const owner = ipsec_bind(row, host, packet.destination())) return owner;
  if (has_ipsec_bind(row, host)) {
    return tl::unexpected(
        HostVerdict{nullptr, Counter::kRemoteAddress, ErrorCode::kRemoteAddrUnallowed});
  }
  return tl::unexpected(
      HostVerdict{nullptr, Counter::kHostPort, ErrorCode::kLocalAddrportUnallowed});
}

}  // namespace

const Owner* ipsec_bind(const DemuxTable::Row& row, Ipv4Address host, Ipv4Address remote) {
  const Holding* const holding = holding_of(row, host);
  if (holding == nullptr) return nullptr;
  const auto bind = std::ranges::find_if(*holding, [remote](const Owner& owner) {
    return owner.ipsec && owner.remote.allows(remote, {});
  });
  return bind != holding->end() ? &*bind : nullptr;
}

bool has_ipsec_bind(const DemuxTable::Row& row, Ipv4Address host) {
  const Holding* const holding = holding_of(row, host);
  return holding != nullptr && std::ranges::any_of(*holding, &Owner::ipsec);
}

bool is_ike_port(std::uint16_t port) {
  return port == kIkePort || port == kIkeNatPort;
}

PublicVerdict judge_esp_from_public(const DemuxTable::Row& row, const Ipv4Packet& packet) {
  const auto spi = spi_of(packet);
  return spi ? to_spi_owner(row, packet, *spi) : drop(Counter::kMalformed);
}

PublicVerdict judge_ike_from_public(const DemuxTable::Row& row, TunnelMemory& memory,
                                    const Ipv4Packet& packet, TimePoint now) {
  if (row.shared->spis->empty()) return drop(Counter::kNoOwner);
  const auto payload = udp_payload(packet);
  if (packet.destination_port() == kIkePort) {
    return to_cookie_owner(row, memory, packet, read_ike(payload), now);
  }
  const NatTraversal inside = read_nat_traversal(payload);
  switch (inside.kind) {
    case NatTraversal::Kind::kIke:
      return to_cookie_owner(row, memory, packet, inside.ike, now);
    case NatTraversal::Kind::kEsp:
      return to_spi_owner(row, packet, inside.spi);
    case NatTraversal::Kind::kKeepAlive:
      return drop(Counter::kNatKeepAlive);
    case NatTraversal::Kind::kMalformed:
      break;
  }
  return drop(Counter::kMalformed);
}

HostVerdict judge_esp_from_host(const DemuxTable::Row& row, TunnelMemory& memory, Ipv4Address host,
                                const Ipv4Packet& packet, TimePoint now) {
  const auto owner = sending_bind(row, host, packet);
  if (!owner) return owner.error();
  const auto spi = spi_of(packet);
  if (!spi) return drop_sent(Counter::kMalformed);
  if (*spi < kFirstSpi) return drop_sent(Counter::kSpiReserved);
  memory.esp.learn(key_of(packet.protocol(), *spi, packet), host, now);
  return {*owner, {}, {}};
}

HostVerdict judge_ike_from_host(const DemuxTable::Row& row, TunnelMemory& memory, Ipv4Address host,
                                const Ipv4Packet& packet, TimePoint now) {
  const auto owner = sending_bind(row, host, packet);
  if (!owner) return owner.error();
  if (packet.source_port() == kIkeNatPort) {
    return let_nat_traversal_pass(**owner, memory, packet, now);
  }
  return let_ike_pass(**owner, memory, packet, read_ike(udp_payload(packet)), now);
}

// Routers need quote no more than eight bytes behind the IP header (RFC 792): an SPI is among them,
// a cookie is not. Then the one host that has an association with the peer is the one.
std::optional<Ipv4Address> sender_of_quoted(const TunnelMemory& memory, const Ipv4Packet& quoted,
                                            TimePoint now) {
  if (is_ipsec(quoted)) {
    return memory.esp.find(key_of(quoted.protocol(), *spi_of(quoted), quoted), now);
  }
  auto payload = udp_payload(quoted);
  if (quoted.source_port() == kIkeNatPort && payload.size() >= kMarkerBytes) {
    const std::uint32_t spi = packet::load_u32(payload.data());
    if (spi != 0) return memory.esp.find(key_of(quoted.protocol(), spi, quoted), now);
    payload = payload.subspan(kMarkerBytes);
  }
  if (payload.size() < kCookieBytes) {
    return memory.ike.only_host(quoted.source(), quoted.destination());
  }
  const std::uint64_t cookie = std::uint64_t{packet::load_u32(payload.data())} << 32 |
                               packet::load_u32(&payload[kMarkerBytes]);
  return memory.ike.find(quoted.source(), cookie, now);
}

}  // namespace rsip::gateway
