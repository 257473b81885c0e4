#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "common/packet/ipv4_packet.h"

/// What a TUN device with IFF_VNET_HDR says about a packet beside its bytes: work that the kernel
/// left to us on reading, and that we leave to the kernel on writing.
namespace rsip::packet {

enum class Segmentation : std::uint8_t { kNone, kTcp4, kUdp4 };

struct Offload {
  /// The TCP/UDP checksum field holds only the pseudo-header sum (CHECKSUM_PARTIAL).
  bool partial_checksum = false;
  std::uint16_t checksum_start = 0;   ///< Where the sum starts, from the first byte of the packet.
  std::uint16_t checksum_offset = 0;  ///< Of the field, from checksum_start.

  Segmentation segmentation = Segmentation::kNone;
  std::uint16_t segment_bytes = 0;  ///< Payload per wire packet; the last may have less.
  std::uint16_t header_bytes = 0;   ///< IP and TCP/UDP header; on writing a hint how much to keep
                                    ///< linear.
  bool congestion_window_reduced = false;  ///< TCP super-packet whose first segment has CWR set.

  bool operator==(const Offload&) const = default;
};

inline constexpr std::size_t kVirtioNetHeaderBytes = 10;
using VirtioNetHeader = std::array<std::uint8_t, kVirtioNetHeaderBytes>;

/// Reads a virtio_net_hdr (native byte order).
///
/// returns  nothing for a segmentation that was never asked for: IPv6, UDP fragmentation
std::optional<Offload> load_offload(std::span<const std::uint8_t, kVirtioNetHeaderBytes> header);

/// The virtio_net_hdr (native byte order) for writing. DATA_VALID is never set: TUN ignores it.
VirtioNetHeader store_offload(const Offload& offload);

/// The offload of a TCP or UDP packet whose checksum field holds the pseudo-header sum.
Offload partial_checksum_of(const Ipv4Packet& packet);

/// True for a whole TCP or UDP packet whose checksum field equals its pseudo-header sum.
///
/// Virtual NICs never complete the checksum of packets between machines of one host, and generic
/// receive offload leaves super-packets like that; a raw socket gets both as they are. A complete
/// checksum that equals the pseudo-header sum by chance is taken for partial, which does no harm:
/// completing it again gives the same value.
bool has_partial_checksum(const Ipv4Packet& packet);

/// Completes a checksum that holds only the pseudo-header sum, in place.
///
/// returns  false if start and offset do not fit the packet
bool complete_checksum(const Ipv4Packet& packet, const Offload& offload);

}  // namespace rsip::packet
