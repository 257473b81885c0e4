#include "tests/gateway/tunnel/judge.h"

#include <algorithm>

#include "common/packet/icmp.h"
#include "tests/gateway/tunnel/judge_ipsec.h"
#include "tests/gateway/tunnel/tunnel_type.h"

namespace rsip::gateway {
namespace {

using msg::ErrorCode;
using packet::IcmpKind;
using packet::Ipv4Packet;
using packet::Protocol;

constexpr std::uint8_t kEchoRequest = 8;
constexpr std::size_t kSequenceAt = 6;

/// An end of a packet's way.
struct Remote {
  Ipv4Address address;
  std::optional<std::uint16_t> port;
};

Remote source_of(const Ipv4Packet& packet) {
  return {packet.source(), packet.has_ports() ? std::optional(packet.source_port()) : std::nullopt};
}

Remote destination_of(const Ipv4Packet& packet) {
  return {packet.destination(),
          packet.has_ports() ? std::optional(packet.destination_port()) : std::nullopt};
}

std::uint16_t sequence_of(const Ipv4Packet& request_or_reply) {
  return packet::load_u16(&request_or_reply.payload()[kSequenceAt]);
}

EchoKey key_of_request(const Ipv4Packet& request) {
  return {packet::icmp_id(request), sequence_of(request), request.source(), request.destination()};
}

EchoKey key_of_reply(const Ipv4Packet& reply) {
  return {packet::icmp_id(reply), sequence_of(reply), reply.destination(), reply.source()};
}

bool is_error(const Ipv4Packet& packet) {
  return packet.is(Protocol::kIcmp) && icmp_kind(packet) == IcmpKind::kError;
}

/// Which of the host's binds on a shared address ICMP without a port belongs to: the first that is
/// for this remote, else the first at all. nullptr if the host has none.
const Owner* owner_without_port(const DemuxTable::Row& row, Ipv4Address host, Ipv4Address remote) {
  const Holding* const holding = holding_of(row, host);
  if (holding == nullptr) return nullptr;
  const auto fitting = std::ranges::find_if(
      *holding, [remote](const Owner& owner) { return owner.remote.allows(remote, std::nullopt); });
  return fitting != holding->end() ? &*fitting : &holding->front();
}

/// Whether a bind is for a remote end. One with SPIs is for its IKE ports as well: a micro flow
/// names the port that IPsec protects.
bool is_for(const Owner& owner, const Remote& remote) {
  if (owner.remote.allows(remote.address, remote.port)) return true;
  const bool ike = owner.ipsec && remote.port && is_ike_port(*remote.port);
  return ike && owner.remote.allows(remote.address, std::nullopt);
}

PublicVerdict drop(Counter why) {
  return {PublicVerdict::Kind::kDrop, nullptr, why};
}

// All ICMP requests are the gateway's own business (RFC 3102 section 6.2), but only echo has an
// answer that anybody still wants (RFC 6918).
PublicVerdict judge_request(const Ipv4Packet& packet) {
  const bool echo = packet.payload()[0] == kEchoRequest && packet.source().is_usable_source();
  if (!echo) return drop(Counter::kIcmpDiscarded);
  return {PublicVerdict::Kind::kAnswer, nullptr, {}};
}

/// The bind of the host that sent an ICMP request, if it still leases from the address it was sent
/// from.
const Owner* asker_of(const DemuxTable::Row& row, const TunnelMemory& memory,
                      const EchoKey& request, TimePoint now) {
  const auto host = memory.echoes.find(request, now);
  return host ? owner_without_port(row, *host, request.remote) : nullptr;
}

/// The packet that an ICMP error is about.
std::optional<Ipv4Packet> quoted_by(const Ipv4Packet& error) {
  if (const auto quoted = packet::quoted_packet(error)) return quoted;
  return quoted_ipsec(error);
}

const Owner* sender_with_ipsec(const DemuxTable::Row& row, const TunnelMemory& memory,
                               const Ipv4Packet& quoted, TimePoint now) {
  const auto host = sender_of_quoted(memory, quoted, now);
  return host ? ipsec_bind(row, *host, quoted.destination()) : nullptr;
}

/// The bind that the packet which this error is about was sent with.
const Owner* owner_of_error(const DemuxTable::Row& row, const TunnelMemory& memory,
                            const Ipv4Packet& error, TimePoint now) {
  const auto quoted = quoted_by(error);
  if (!quoted || quoted->source() != row.address) return nullptr;
  if (is_ipsec(*quoted)) return sender_with_ipsec(row, memory, *quoted, now);
  if (quoted->has_ports()) {
    if (const Owner* const owner = owner_of(row, quoted->source_port())) return owner;
    const bool ike = quoted->is(Protocol::kUdp) && is_ike_port(quoted->source_port());
    return ike ? sender_with_ipsec(row, memory, *quoted, now) : nullptr;
  }
  if (!quoted->is(Protocol::kIcmp) || icmp_kind(*quoted) != IcmpKind::kRequest) return nullptr;
  return asker_of(row, memory, key_of_request(*quoted), now);
}

const Owner* owner_of_icmp(const DemuxTable::Row& row, const TunnelMemory& memory,
                           const Ipv4Packet& packet, TimePoint now) {
  if (row.shared == nullptr) return row.whole ? &*row.whole : nullptr;
  if (icmp_kind(packet) == IcmpKind::kError) return owner_of_error(row, memory, packet, now);
  return asker_of(row, memory, key_of_reply(packet), now);
}

// An error comes from any router on the way: it belongs where the packet went that it quotes.
Remote remote_of(const Ipv4Packet& from_public) {
  if (is_error(from_public)) {
    if (const auto quoted = quoted_by(from_public)) return destination_of(*quoted);
  }
  return source_of(from_public);
}

PublicVerdict to_host(const Owner* owner, const Ipv4Packet& packet, Counter otherwise) {
  if (owner == nullptr) return drop(otherwise);
  if (!is_for(*owner, remote_of(packet))) return drop(Counter::kRemoteScope);
  return {PublicVerdict::Kind::kToHost, owner, {}};
}

PublicVerdict judge_icmp(const DemuxTable::Row& row, const TunnelMemory& memory,
                         const Ipv4Packet& packet, TimePoint now) {
  const IcmpKind kind = icmp_kind(packet);
  if (kind == IcmpKind::kRequest) return judge_request(packet);
  if (kind == IcmpKind::kOther) return drop(Counter::kIcmpDiscarded);
  return to_host(owner_of_icmp(row, memory, packet, now), packet,
                 row.shared == nullptr ? Counter::kNoOwner : Counter::kIcmpDiscarded);
}

/// UDP to a port of IKE at a shared address that no host has leased by itself.
bool is_shared_ike(const DemuxTable::Row& row, const Ipv4Packet& packet) {
  return row.shared != nullptr && packet.is(Protocol::kUdp) && packet.has_ports() &&
         is_ike_port(packet.destination_port()) &&
         owner_of(row, packet.destination_port()) == nullptr;
}

HostVerdict refuse(Counter why, ErrorCode tell) {
  return {nullptr, why, tell};
}

/// The owner, if it is this host.
const Owner* if_host(const Owner* owner, Ipv4Address host) {
  return owner != nullptr && owner->host == host ? owner : nullptr;
}

/// The bind that lets a host send this ICMP message from an address it shares with others.
const Owner* owner_of_sent_icmp(const DemuxTable::Row& row, Ipv4Address host,
                                const Ipv4Packet& packet) {
  const IcmpKind kind = icmp_kind(packet);
  if (kind == IcmpKind::kRequest) return owner_without_port(row, host, packet.destination());
  if (kind != IcmpKind::kError) return nullptr;  // requests never reach it, so it has no replies
  const auto quoted = quoted_by(packet);
  if (!quoted || quoted->destination() != packet.source()) return nullptr;
  if (is_ipsec(*quoted)) return if_host(owner_of_spi(row, *spi_of(*quoted)), host);
  if (!quoted->has_ports()) return nullptr;
  return if_host(owner_of(row, quoted->destination_port()), host);
}

/// The bind that lets a host send this packet; nullptr if none does.
const Owner* owner_of_sent(const DemuxTable::Row& row, Ipv4Address host, const Ipv4Packet& packet) {
  if (row.shared == nullptr) return if_host(&*row.whole, host);
  if (packet.is(Protocol::kIcmp)) return owner_of_sent_icmp(row, host, packet);
  return packet.has_ports() ? if_host(owner_of(row, packet.source_port()), host) : nullptr;
}

/// UDP from a port of IKE at a shared address that no host has leased by itself.
bool is_sent_ike(const DemuxTable::Row& row, const Ipv4Packet& packet) {
  return row.shared != nullptr && packet.is(Protocol::kUdp) && packet.has_ports() &&
         is_ike_port(packet.source_port()) && owner_of(row, packet.source_port()) == nullptr;
}

}  // namespace

bool may_be_for_several(const DemuxTable& table, const Ipv4Packet& from_public) {
  const DemuxTable::Row* const row = table.find(from_public.destination());
  return row != nullptr && is_shared_ike(*row, from_public);
}

PublicVerdict judge_from_public(const DemuxTable& table, TunnelMemory& memory,
                                const Ipv4Packet& packet, TimePoint now) {
  const DemuxTable::Row* const row = table.find(packet.destination());
  if (row == nullptr) return drop(Counter::kNoOwner);
  if (packet.is(Protocol::kIcmp)) return judge_icmp(*row, memory, packet, now);
  if (row->shared != nullptr && is_ipsec(packet)) return judge_esp_from_public(*row, packet);
  if (is_shared_ike(*row, packet)) return judge_ike_from_public(*row, memory, packet, now);
  if (row->shared != nullptr && !packet.has_ports()) return drop(Counter::kNoOwner);
  const std::uint16_t port = packet.has_ports() ? packet.destination_port() : std::uint16_t{0};
  return to_host(owner_of(*row, port), packet, Counter::kNoOwner);
}

HostVerdict judge_from_host(const DemuxTable& table, TunnelMemory& memory, const TunnelSource& from,
                            const Ipv4Packet& packet, TimePoint now) {
  const DemuxTable::Host* const host = table.host(from.host);
  if (host == nullptr) return refuse(Counter::kHostNotRegistered, ErrorCode::kLocalAddrUnallowed);
  const DemuxTable::Row* const row = table.find(packet.source());
  if (row == nullptr || !leases_from(*row, from.host)) {
    return refuse(Counter::kHostAddress, ErrorCode::kLocalAddrUnallowed);
  }
  if (encapsulation_of(host->tunnel) != from.encapsulation) {
    return refuse(Counter::kTunnelType, ErrorCode::kBadTunnelType);
  }
  if (row->shared != nullptr && is_ipsec(packet)) {
    return judge_esp_from_host(*row, memory, from.host, packet, now);
  }
  if (is_sent_ike(*row, packet)) {
    return judge_ike_from_host(*row, memory, from.host, packet, now);
  }
  const Owner* const owner = owner_of_sent(*row, from.host, packet);
  if (owner == nullptr) return refuse(Counter::kHostPort, ErrorCode::kLocalAddrportUnallowed);
  const Remote to = destination_of(packet);
  if (!owner->remote.allows(to.address, std::nullopt)) {
    return refuse(Counter::kRemoteAddress, ErrorCode::kRemoteAddrUnallowed);
  }
  if (!is_for(*owner, to)) {
    return refuse(Counter::kRemotePort, ErrorCode::kRemoteAddrportUnallowed);
  }
  const bool request = packet.is(Protocol::kIcmp) && icmp_kind(packet) == IcmpKind::kRequest;
  if (request && row->shared != nullptr)
    memory.echoes.learn(key_of_request(packet), from.host, now);
  return {owner, {}, {}};
}

}  // namespace rsip::gateway
