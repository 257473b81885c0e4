#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "common/packet/ipv4_packet.h"
#include "common/packet/offload.h"

namespace rsip::packet {

/// One IPv4 packet as it goes onto the wire, in two pieces. The header may be empty: then the
/// payload is the whole packet.
struct WirePacket {
  std::span<const std::uint8_t> header;
  std::span<const std::uint8_t> payload;

  [[nodiscard]] std::size_t size() const { return header.size() + payload.size(); }
  /// Type of service of the packet, for the outer header.
  [[nodiscard]] std::uint8_t tos() const { return header.empty() ? payload[1] : header[1]; }
};

/// Wire packets on their way to one sendmmsg(2), and the memory for their headers. About 40 KB:
/// belongs into a long-lived object.
class WireBatch {
 public:
  static constexpr std::size_t kCapacity = 256;
  static constexpr std::size_t kMaxHeaderBytes = 120;  ///< Longest IPv4 plus longest TCP header.

  WireBatch() = default;
  WireBatch(const WireBatch&) = delete;
  WireBatch& operator=(const WireBatch&) = delete;

  [[nodiscard]] bool full() const { return count_ == kCapacity; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::span<const WirePacket> packets() const { return {packets_.data(), count_}; }
  void clear() { count_ = 0; }

  /// Adds a packet that is complete as it is. Not when full().
  void add(std::span<const std::uint8_t> packet) { packets_[count_++] = {{}, packet}; }
  /// Adds a packet with a copy of this header (at most kMaxHeaderBytes) and returns the copy, to be
  /// changed. Not when full().
  std::span<std::uint8_t> add(std::span<const std::uint8_t> header,
                              std::span<const std::uint8_t> payload);

 private:
  std::array<WirePacket, kCapacity> packets_;
  std::array<std::array<std::uint8_t, kMaxHeaderBytes>, kCapacity> headers_;
  std::size_t count_ = 0;
};

/// Turns one packet or super-packet that was read from a TUN into wire packets with complete
/// checksums. Does not allocate; payload is referred to, never copied.
///
///     auto cut = Segmenter::start(packet, offload);
///     if (!cut) return drop();
///     while (!cut->fill(batch)) send_and_clear(batch);
class Segmenter {
 public:
  /// packet   must outlive the batch's use; its checksum is completed in place if there is nothing
  ///          to cut
  /// returns  nothing if packet and offload contradict each other
  static std::optional<Segmenter> start(const Ipv4Packet& packet, const Offload& offload);

  /// Appends wire packets to the batch until it is full or the packet is used up.
  ///
  /// returns  true when the packet is used up
  bool fill(WireBatch& batch);

 private:
  Segmenter(const Ipv4Packet& packet, std::size_t header_bytes, std::size_t segment_bytes)
      : packet_(packet), header_bytes_(header_bytes), segment_bytes_(segment_bytes) {}
  void add_segment(WireBatch& batch);

  Ipv4Packet packet_;
  std::size_t header_bytes_;   ///< IP and TCP/UDP header; 0 for a packet that is not cut.
  std::size_t segment_bytes_;  ///< Payload of every segment but the last.
  std::size_t offset_ = 0;     ///< Payload bytes already cut off.
  std::uint16_t segments_ = 0;
};

}  // namespace rsip::packet
