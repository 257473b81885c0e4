#include "common/packet/coalescer.h"

#include <algorithm>
#include <cstring>

#include "common/packet/checksum.h"
#include "common/packet/transport_header.h"

namespace rsip::packet {
namespace {

/// Limit of a super-packet's length; some room to 65535 for headers in front of it.
constexpr std::size_t kMaxSuperPacketBytes = 65000;
constexpr std::size_t kSmallestMtu = 576;

constexpr std::uint8_t kMergeableFlags = kTcpAck | kTcpPsh;

std::uint8_t tcp_flags(const Ipv4Packet& packet) {
  return packet.payload()[kTcpFlagsAt];
}

std::uint32_t sequence(const Ipv4Packet& packet) {
  return load_u32(&packet.payload()[kTcpSequenceAt]);
}

bool is_mergeable(const Ipv4Packet& packet, std::size_t header_bytes) {
  const std::uint8_t flags = tcp_flags(packet);
  return (flags & kTcpAck) != 0 && (flags & ~kMergeableFlags) == 0 &&
         packet.bytes().size() > header_bytes;
}

bool has_right_checksum(const Ipv4Packet& packet) {
  return sum(packet.payload(), pseudo_header_sum(packet)) == 0xFFFF;
}

bool equal(const Ipv4Packet& a, const Ipv4Packet& b, std::size_t from, std::size_t to) {
  return std::memcmp(&a.bytes()[from], &b.bytes()[from], to - from) == 0;
}

/// Headers of equal length differ only in lengths, ids, sequence, PSH and checksums.
bool headers_agree(const Ipv4Packet& a, const Ipv4Packet& b, std::size_t header_bytes) {
  const std::size_t tcp = a.header_bytes();
  return equal(a, b, 0, 2) &&                  // version, header length, type of service
         equal(a, b, 6, 10) &&                 // fragment flags, time to live, protocol
         equal(a, b, 12, tcp + 4) &&           // addresses, IP options, ports
         equal(a, b, tcp + 8, tcp + 13) &&     // acknowledgement, TCP header length
         equal(a, b, tcp + 14, tcp + 16) &&    // window
         equal(a, b, tcp + 18, header_bytes);  // urgent pointer, TCP options
}

bool same_flow(const Ipv4Packet& a, const Ipv4Packet& b) {
  if (!equal(a, b, 12, 20) || !a.is(Protocol::kTcp) || !b.is(Protocol::kTcp)) return false;
  // A fragment may belong to any flow between the two addresses.
  if (a.is_fragment() || b.is_fragment() || !a.has_ports() || !b.has_ports()) return true;
  return load_u32(a.payload().data()) == load_u32(b.payload().data());
}

}  // namespace

Coalescer::Coalescer(std::size_t mtu) {
  set_mtu(mtu);
  groups_.reserve(kCapacity);
  finished_.reserve(kCapacity);
}

void Coalescer::set_mtu(std::size_t mtu) {
  mtu_ = std::clamp(mtu, kSmallestMtu, kMaxSuperPacketBytes);
}

void Coalescer::add(const Ipv4Packet& packet) {
  Group group = describe(packet);
  pieces_[packets_] = {packet.bytes()};
  if (packet.is(Protocol::kTcp)) {
    if (Group* const newest = newest_of_flow(packet)) {
      if (group.open && append(*newest, packet, group.header_bytes)) return;
      newest->open = false;
    }
  }
  group.first_piece = group.last_piece = packets_++;
  groups_.push_back(group);
}

// What would be written if the packet stayed alone. A checksum found right is handed on as
// pseudo-header sum, because TUN has no other way to say "already verified".
Coalescer::Group Coalescer::describe(const Ipv4Packet& packet) const {
  Group group{packet, {}};
  const bool partial = has_partial_checksum(packet);
  if (partial) group.offload = partial_checksum_of(packet);
  const auto tcp = tcp_header_bytes(packet);
  if (!tcp) return group;

  group.header_bytes = packet.header_bytes() + *tcp;
  group.payload_bytes = packet.bytes().size() - group.header_bytes;
  if (partial && packet.bytes().size() > mtu_) {
    group.offload.segmentation = Segmentation::kTcp4;
    group.offload.segment_bytes = static_cast<std::uint16_t>(mtu_ - group.header_bytes);
    group.offload.header_bytes = static_cast<std::uint16_t>(group.header_bytes);
    group.offload.congestion_window_reduced = (tcp_flags(packet) & kTcpCwr) != 0;
    return group;
  }
  group.open = is_mergeable(packet, group.header_bytes) && (partial || has_right_checksum(packet));
  if (group.open && !partial) {
    group.offload = partial_checksum_of(packet);
    store_u16(&packet.payload()[kTcpChecksumAt], pseudo_header_sum(packet));
  }
  return group;
}

Coalescer::Group* Coalescer::newest_of_flow(const Ipv4Packet& packet) {
  const auto found = std::find_if(groups_.rbegin(), groups_.rend(), [&](const Group& group) {
    return same_flow(group.first, packet);
  });
  return found == groups_.rend() ? nullptr : &*found;
}

bool Coalescer::append(Group& group, const Ipv4Packet& packet, std::size_t header_bytes) {
  const std::size_t payload = packet.bytes().size() - header_bytes;
  const std::size_t segment = group.first.bytes().size() - group.header_bytes;
  if (!group.open || group.header_bytes != header_bytes || payload > segment) return false;
  if (header_bytes + group.payload_bytes + payload > kMaxSuperPacketBytes) return false;
  if (sequence(packet) != sequence(group.first) + static_cast<std::uint32_t>(group.payload_bytes)) {
    return false;
  }
  if (!headers_agree(group.first, packet, header_bytes)) return false;

  pieces_[packets_] = {packet.bytes().subspan(header_bytes)};
  pieces_[group.last_piece].next = packets_;
  group.last_piece = packets_++;
  group.payload_bytes += payload;
  ++group.pieces;
  group.first.payload()[kTcpFlagsAt] |= static_cast<std::uint8_t>(tcp_flags(packet) & kTcpPsh);
  // Only the last segment of a super-packet may be shorter.
  if (payload < segment) group.open = false;
  return true;
}

void Coalescer::complete_header(Group& group) {
  const Ipv4Packet& first = group.first;
  group.offload.segmentation = Segmentation::kTcp4;
  group.offload.segment_bytes =
      static_cast<std::uint16_t>(first.bytes().size() - group.header_bytes);
  group.offload.header_bytes = static_cast<std::uint16_t>(group.header_bytes);
  const std::size_t ip = first.header_bytes();
  const std::size_t total = group.header_bytes + group.payload_bytes;
  write_ipv4_length_and_id(first.bytes().first(ip), static_cast<std::uint16_t>(total), first.id());
  store_u16(&first.payload()[kTcpChecksumAt],
            pseudo_header_sum(first.source(), first.destination(), first.protocol(),
                              static_cast<std::uint16_t>(total - ip)));
}

std::span<const TunPacket> Coalescer::finish() {
  finished_.clear();
  std::size_t used = 0;
  for (Group& group : groups_) {
    if (group.pieces > 1) complete_header(group);
    const std::size_t start = used;
    for (std::size_t piece = group.first_piece, n = 0; n < group.pieces; ++n) {
      pieces_in_order_[used++] = pieces_[piece].bytes;
      piece = pieces_[piece].next;
    }
    finished_.push_back({group.offload, std::span(pieces_in_order_).subspan(start, group.pieces)});
  }
  return finished_;
}

void Coalescer::clear() {
  groups_.clear();
  finished_.clear();
  packets_ = 0;
}

}  // namespace rsip::packet
