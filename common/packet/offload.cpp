#include "common/packet/offload.h"

#include <cstring>

#include "common/packet/checksum.h"
#include "common/packet/transport_header.h"

namespace rsip::packet {
namespace {

// Values of linux/virtio_net.h, which cannot be included from C++ (a member named class).
constexpr std::uint8_t kNeedsChecksum = 1;
constexpr std::uint8_t kGsoNone = 0;
constexpr std::uint8_t kGsoTcp4 = 1;
constexpr std::uint8_t kGsoUdpSegments = 5;
constexpr std::uint8_t kGsoEcn = 0x80;

// struct virtio_net_hdr: u8 flags, u8 gso_type, u16 hdr_len, gso_size, csum_start, csum_offset.
constexpr std::size_t kHeaderBytesAt = 2;
constexpr std::size_t kSegmentBytesAt = 4;
constexpr std::size_t kChecksumStartAt = 6;
constexpr std::size_t kChecksumOffsetAt = 8;

std::uint16_t load_native(const std::uint8_t* at) {
  std::uint16_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return value;
}

void store_native(std::uint8_t* at, std::uint16_t value) {
  std::memcpy(at, &value, sizeof value);
}

std::optional<Segmentation> segmentation_of(std::uint8_t gso_type) {
  switch (gso_type & ~kGsoEcn) {
    case kGsoNone:
      return Segmentation::kNone;
    case kGsoTcp4:
      return Segmentation::kTcp4;
    case kGsoUdpSegments:
      return Segmentation::kUdp4;
    default:
      return std::nullopt;
  }
}

std::uint8_t gso_type_of(const Offload& offload) {
  if (offload.segmentation == Segmentation::kNone) return kGsoNone;
  if (offload.segmentation == Segmentation::kUdp4) return kGsoUdpSegments;
  return offload.congestion_window_reduced ? kGsoTcp4 | kGsoEcn : kGsoTcp4;
}

std::size_t checksum_field_of(const Ipv4Packet& packet) {
  return packet.is(Protocol::kTcp) ? kTcpChecksumAt : kUdpChecksumAt;
}

}  // namespace

std::optional<Offload> load_offload(std::span<const std::uint8_t, kVirtioNetHeaderBytes> header) {
  const auto segmentation = segmentation_of(header[1]);
  if (!segmentation) return std::nullopt;
  Offload offload;
  offload.partial_checksum = (header[0] & kNeedsChecksum) != 0;
  if (offload.partial_checksum) {
    offload.checksum_start = load_native(&header[kChecksumStartAt]);
    offload.checksum_offset = load_native(&header[kChecksumOffsetAt]);
  }
  offload.segmentation = *segmentation;
  if (*segmentation != Segmentation::kNone) {
    offload.segment_bytes = load_native(&header[kSegmentBytesAt]);
    offload.congestion_window_reduced = (header[1] & kGsoEcn) != 0;
  }
  offload.header_bytes = load_native(&header[kHeaderBytesAt]);
  return offload;
}

VirtioNetHeader store_offload(const Offload& offload) {
  VirtioNetHeader header{};
  header[0] = offload.partial_checksum ? kNeedsChecksum : 0;
  header[1] = gso_type_of(offload);
  store_native(&header[kHeaderBytesAt], offload.header_bytes);
  store_native(&header[kSegmentBytesAt], offload.segment_bytes);
  store_native(&header[kChecksumStartAt], offload.checksum_start);
  store_native(&header[kChecksumOffsetAt], offload.checksum_offset);
  return header;
}

Offload partial_checksum_of(const Ipv4Packet& packet) {
  Offload offload;
  offload.partial_checksum = true;
  offload.checksum_start = static_cast<std::uint16_t>(packet.header_bytes());
  offload.checksum_offset = static_cast<std::uint16_t>(checksum_field_of(packet));
  return offload;
}

bool has_partial_checksum(const Ipv4Packet& packet) {
  if (!packet.has_ports() || packet.is_fragment()) return false;
  const auto l4 = packet.payload();
  const std::size_t field = checksum_field_of(packet);
  return l4.size() >= field + 2 && load_u16(&l4[field]) == pseudo_header_sum(packet);
}

bool complete_checksum(const Ipv4Packet& packet, const Offload& offload) {
  const std::size_t field = std::size_t{offload.checksum_start} + offload.checksum_offset;
  const auto bytes = packet.bytes();
  if (offload.checksum_start < packet.header_bytes() || field + 2 > bytes.size()) return false;
  const std::uint16_t total = sum(bytes.subspan(offload.checksum_start));
  store_u16(&bytes[field], checksum_value(total, offload.checksum_offset));
  return true;
}

}  // namespace rsip::packet
