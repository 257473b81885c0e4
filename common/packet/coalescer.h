#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "common/packet/ipv4_packet.h"
#include "common/packet/offload.h"

namespace rsip::packet {

/// One packet or super-packet ready for one writev(2) to a TUN: the virtio_net_hdr of `offload`,
/// then the pieces.
struct TunPacket {
  Offload offload;
  std::span<const std::span<const std::uint8_t>> pieces;
};

/// Generic receive offload in user space: merges the consecutive TCP segments of a flow that
/// arrived in one batch, so that the kernel's TCP sees one super-packet instead of 40 packets.
/// Everything else passes unchanged. Order within a flow is kept. Does not allocate.
///
///     for (Ipv4Packet& packet : received) coalescer.add(packet);   // at most kCapacity
///     tun.write(coalescer.finish());
///     coalescer.clear();
///
/// Merged are segments with payload and no flags but ACK and PSH, whose headers differ in nothing
/// but length, IP id, sequence number, PSH and checksums, and whose checksum is right. A segment
/// with a wrong checksum passes unchanged: the kernel drops and counts it.
///
/// A raw socket may also get super-packets that the kernel merged or never segmented (up to 64 KB,
/// recognised by has_partial_checksum() and a length beyond the MTU). Their true segment size is
/// not reported; they are written with the largest segments that fit the MTU. A TCP receiver does
/// not care, and a forwarder cuts packets that fit. UDP super-packets cannot be told from large
/// datagrams and pass as these.
class Coalescer {
 public:
  static constexpr std::size_t kCapacity = 64;

  /// mtu   in bytes, of the TUN written to; a forwarder gives the smallest MTU beyond it instead
  explicit Coalescer(std::size_t mtu);
  void set_mtu(std::size_t mtu);

  [[nodiscard]] bool full() const { return packets_ == kCapacity; }
  [[nodiscard]] bool empty() const { return packets_ == 0; }
  /// Takes one packet of the batch. Its bytes must stay until clear(), its header may be rewritten.
  /// Not when full().
  void add(const Ipv4Packet& packet);
  /// Completes the headers. The result is good until clear(); add() nothing in between.
  std::span<const TunPacket> finish();
  void clear();

 private:
  struct Group {
    Ipv4Packet first;
    Offload offload;
    std::size_t header_bytes = 0;  ///< IP and TCP header; 0 if this is not a whole TCP packet.
    std::size_t payload_bytes = 0;
    std::size_t first_piece = 0;
    std::size_t last_piece = 0;
    std::size_t pieces = 1;
    bool open = false;  ///< More segments may follow.
  };
  struct Piece {
    std::span<const std::uint8_t> bytes;
    std::size_t next = 0;  ///< Of the same group.
  };

  Group* newest_of_flow(const Ipv4Packet& packet);
  bool append(Group& group, const Ipv4Packet& packet, std::size_t header_bytes);
  [[nodiscard]] Group describe(const Ipv4Packet& packet) const;
  static void complete_header(Group& group);

  std::size_t mtu_ = 0;
  std::size_t packets_ = 0;
  std::vector<Group> groups_;  ///< In order of arrival of their first packet.
  std::array<Piece, kCapacity> pieces_;
  std::array<std::span<const std::uint8_t>, kCapacity> pieces_in_order_;
  std::vector<TunPacket> finished_;
};

}  // namespace rsip::packet
