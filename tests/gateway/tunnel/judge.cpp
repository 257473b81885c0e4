#include "tests/gateway/tunnel/judge.h"

#include "common/packet/icmp.h"

namespace rsip::gateway {
namespace {

using packet::IcmpKind;
using packet::Ipv4Packet;
using packet::Protocol;

constexpr std::uint8_t kEchoRequest = 8;
constexpr std::size_t kSequenceAt = 6;

PublicVerdict drop(Counter why) {
  return {PublicVerdict::Kind::kDrop, {}, why};
}

std::optional<Ipv4Address> host_of_port(const DemuxTable::Row& row, std::uint16_t port) {
  const Owner* const owner = owner_of(row, port);
  return owner != nullptr ? std::optional(owner->host) : std::nullopt;
}

std::optional<Ipv4Address> host_of_whole(const DemuxTable::Row& row) {
  return row.whole ? std::optional(row.whole->host) : std::nullopt;
}

PublicVerdict to_host(std::optional<Ipv4Address> host, Counter otherwise) {
  if (!host) return drop(otherwise);
  return {PublicVerdict::Kind::kToHost, *host, {}};
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

// All ICMP requests are the gateway's own business (RFC 3102 section 6.2), but only echo has an
// answer that anybody still wants (RFC 6918).
PublicVerdict judge_request(const Ipv4Packet& packet) {
  const bool echo = packet.payload()[0] == kEchoRequest && packet.source().is_usable_source();
  if (!echo) return drop(Counter::kIcmpDiscarded);
  return {PublicVerdict::Kind::kAnswer, {}, {}};
}

/// The host that sent an ICMP request, if it still leases from the address it was sent from.
std::optional<Ipv4Address> asker_of(const DemuxTable::Row& row, const EchoTable& echoes,
                                    const EchoKey& request, TimePoint now) {
  const auto host = echoes.find(request, now);
  return host && leases_from(row, *host) ? host : std::nullopt;
}

/// The host that sent the packet which this error is about.
std::optional<Ipv4Address> host_of_error(const DemuxTable::Row& row, const EchoTable& echoes,
                                         const Ipv4Packet& error, TimePoint now) {
  const auto quoted = packet::quoted_packet(error);
  if (!quoted || quoted->source() != row.address) return std::nullopt;
  if (quoted->has_ports()) return host_of_port(row, quoted->source_port());
  if (!quoted->is(Protocol::kIcmp) || icmp_kind(*quoted) != IcmpKind::kRequest) return std::nullopt;
  return asker_of(row, echoes, key_of_request(*quoted), now);
}

PublicVerdict judge_icmp(const DemuxTable::Row& row, const EchoTable& echoes,
                         const Ipv4Packet& packet, TimePoint now) {
  const IcmpKind kind = icmp_kind(packet);
  if (kind == IcmpKind::kRequest) return judge_request(packet);
  if (kind == IcmpKind::kOther) return drop(Counter::kIcmpDiscarded);
  if (row.shared == nullptr) return to_host(host_of_whole(row), Counter::kNoOwner);
  return to_host(kind == IcmpKind::kReply ? asker_of(row, echoes, key_of_reply(packet), now)
                                          : host_of_error(row, echoes, packet, now),
                 Counter::kIcmpDiscarded);
}

HostVerdict refuse(Counter why, msg::ErrorCode tell) {
  return {false, why, tell};
}

/// Whether a host may send this ICMP message from an address it shares with others.
bool may_send_icmp(const DemuxTable::Row& row, EchoTable& echoes, Ipv4Address host,
                   const Ipv4Packet& packet, TimePoint now) {
  const IcmpKind kind = icmp_kind(packet);
  if (kind == IcmpKind::kRequest) {
    echoes.learn(key_of_request(packet), host, now);
    return true;
  }
  if (kind != IcmpKind::kError) return false;  // requests never reach it, so it has no replies
  const auto quoted = packet::quoted_packet(packet);
  return quoted && quoted->destination() == packet.source() && quoted->has_ports() &&
         host_of_port(row, quoted->destination_port()) == host;
}

}  // namespace

PublicVerdict judge_from_public(const DemuxTable& table, const EchoTable& echoes,
                                const Ipv4Packet& packet, TimePoint now) {
  const DemuxTable::Row* const row = table.find(packet.destination());
  if (row == nullptr) return drop(Counter::kNoOwner);
  if (packet.is(Protocol::kIcmp)) return judge_icmp(*row, echoes, packet, now);
  if (row->shared == nullptr) return to_host(host_of_whole(*row), Counter::kNoOwner);
  if (!packet.has_ports()) return drop(Counter::kNoOwner);
  return to_host(host_of_port(*row, packet.destination_port()), Counter::kNoOwner);
}

HostVerdict judge_from_host(const DemuxTable& table, EchoTable& echoes, Ipv4Address host,
                            const Ipv4Packet& packet, TimePoint now) {
  const DemuxTable::Row* const row = table.find(packet.source());
  if (row == nullptr || !leases_from(*row, host)) {
    return refuse(table.is_registered(host) ? Counter::kHostAddress : Counter::kHostNotRegistered,
                  msg::ErrorCode::kLocalAddrUnallowed);
  }
  if (row->shared == nullptr) return {true, {}, {}};
  const bool allowed = packet.is(Protocol::kIcmp)
                           ? may_send_icmp(*row, echoes, host, packet, now)
                           : packet.has_ports() && host_of_port(*row, packet.source_port()) == host;
  if (!allowed) return refuse(Counter::kHostPort, msg::ErrorCode::kLocalAddrportUnallowed);
  return {true, {}, {}};
}

}  // namespace rsip::gateway
