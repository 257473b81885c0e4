#include "common/packet/segmenter.h"

#include <algorithm>

#include "common/packet/checksum.h"
#include "common/packet/transport_header.h"

namespace rsip::packet {
namespace {

/// IP plus TCP or UDP header of a super-packet; nothing if it is not one of that kind.
std::optional<std::size_t> header_bytes_of(const Ipv4Packet& packet, Segmentation kind) {
  const Protocol protocol = kind == Segmentation::kTcp4 ? Protocol::kTcp : Protocol::kUdp;
  if (!packet.is(protocol)) return std::nullopt;
  if (protocol == Protocol::kTcp) {
    const auto tcp = tcp_header_bytes(packet);
    if (!tcp) return std::nullopt;
    return packet.header_bytes() + *tcp;
  }
  if (packet.is_fragment() || packet.payload().size() < kUdpHeaderBytes) return std::nullopt;
  return packet.header_bytes() + kUdpHeaderBytes;
}

/// Sequence number and flags of segment number `index` (RFC 9293 section 3.1): FIN and PSH speak of
/// the end of the data, CWR must be seen once (RFC 3168 section 6.1.2).
void write_tcp(std::span<std::uint8_t> tcp, std::uint32_t offset, bool first, bool last) {
  store_u32(&tcp[kTcpSequenceAt], load_u32(&tcp[kTcpSequenceAt]) + offset);
  if (!last) tcp[kTcpFlagsAt] &= static_cast<std::uint8_t>(~(kTcpFin | kTcpPsh));
  if (!first) tcp[kTcpFlagsAt] &= static_cast<std::uint8_t>(~kTcpCwr);
}

void write_l4_checksum(std::span<std::uint8_t> l4, std::size_t field, std::uint16_t pseudo_sum,
                       std::span<const std::uint8_t> payload) {
  store_u16(&l4[field], 0);
  store_u16(&l4[field], checksum_value(sum(payload, sum(l4, pseudo_sum)), field));
}

}  // namespace

std::span<std::uint8_t> WireBatch::add(std::span<const std::uint8_t> header,
                                       std::span<const std::uint8_t> payload) {
  const std::span<std::uint8_t> copy = std::span(headers_[count_]).first(header.size());
  std::ranges::copy(header, copy.begin());
  packets_[count_++] = {copy, payload};
  return copy;
}

std::optional<Segmenter> Segmenter::start(const Ipv4Packet& packet, const Offload& offload) {
  if (offload.segmentation == Segmentation::kNone) {
    if (offload.partial_checksum && !complete_checksum(packet, offload)) return std::nullopt;
    return Segmenter(packet, 0, 0);
  }
  const auto header = header_bytes_of(packet, offload.segmentation);
  if (!header || offload.segment_bytes == 0) return std::nullopt;
  return Segmenter(packet, *header, offload.segment_bytes);
}

bool Segmenter::fill(WireBatch& batch) {
  if (batch.full()) return false;
  if (header_bytes_ == 0) {
    batch.add(packet_.bytes());
    return true;
  }
  const std::size_t payload = packet_.bytes().size() - header_bytes_;
  do {
    if (batch.full()) return false;
    add_segment(batch);
  } while (offset_ < payload);
  return true;
}

void Segmenter::add_segment(WireBatch& batch) {
  const std::span<const std::uint8_t> all = packet_.bytes();
  const std::span<const std::uint8_t> rest = all.subspan(header_bytes_ + offset_);
  const auto payload = rest.first(std::min(segment_bytes_, rest.size()));
  const bool last = payload.size() == rest.size();

  const std::span<std::uint8_t> header = batch.add(all.first(header_bytes_), payload);
  const std::size_t ip_bytes = packet_.header_bytes();
  const std::span<std::uint8_t> l4 = header.subspan(ip_bytes);
  const auto l4_bytes = static_cast<std::uint16_t>(l4.size() + payload.size());
  write_ipv4_length_and_id(header.first(ip_bytes), static_cast<std::uint16_t>(ip_bytes + l4_bytes),
                           static_cast<std::uint16_t>(packet_.id() + segments_));
  const std::uint16_t pseudo =
      pseudo_header_sum(packet_.source(), packet_.destination(), packet_.protocol(), l4_bytes);
  if (packet_.is(Protocol::kTcp)) {
    write_tcp(l4, static_cast<std::uint32_t>(offset_), segments_ == 0, last);
    write_l4_checksum(l4, kTcpChecksumAt, pseudo, payload);
  } else {
    store_u16(&l4[kUdpLengthAt], l4_bytes);
    write_l4_checksum(l4, kUdpChecksumAt, pseudo, payload);
  }
  offset_ += payload.size();
  ++segments_;
}

}  // namespace rsip::packet
