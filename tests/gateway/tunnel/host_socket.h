#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <netinet/in.h>
#include <span>
#include <sys/socket.h>
#include <vector>

#include "common/base/ipv4.h"
#include "common/base/result.h"
#include "common/packet/coalescer.h"
#include "common/packet/encapsulation.h"
#include "common/packet/segmenter.h"
#include "tests/gateway/tunnel/l2tp_peers.h"
#include "tests/gateway/tunnel/unique_fd.h"

namespace rsip::gateway {

/// The socket through which all hosts of one kind of tunnel are reached: raw for IP-in-IP (RFC
/// 2003) and GRE (RFC 2784), UDP for L2TP (RFC 2661). The kernel makes the outer header, and takes
/// care of fragments of outer packets both ways. For one thread.
class HostSocket {
 public:
  static constexpr std::size_t kReceiveBatch = packet::Coalescer::kCapacity;

  /// local    the gateway's end of these tunnels
  /// errors   kPermission, kInUse if another program has the L2TP port, kConfigInvalid if the
  ///          address is none of this machine's
  static Result<HostSocket> open(packet::Encapsulation encapsulation, Ipv4Address local);

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] packet::Encapsulation encapsulation() const { return encapsulation_; }

  /// What the kernel took.
  struct Sent {
    std::size_t packets = 0;
    std::size_t bytes = 0;  ///< Tunnel headers left out.
  };
  /// Wraps each packet and sends it to the peer of the same position, in this order. Never waits:
  /// with a full send queue the rest of the batch is lost.
  Sent send(std::span<const packet::WirePacket> packets, std::span<const TunnelPeer> peers);

  /// Sends bytes as they are behind the outer IP or UDP header. May be lost.
  void send_as_is(std::span<const std::uint8_t> bytes, const TunnelPeer& peer);

  /// An outer packet.
  struct Received {
    Ipv4Address source;
    std::uint16_t port = 0;           ///< L2TP alone.
    std::uint8_t tos = 0;             ///< Type of service.
    std::span<std::uint8_t> payload;  ///< Behind the IP or UDP header, unchecked.
  };
  /// Up to kReceiveBatch packets, good until the next call. Does not block.
  std::span<const Received> receive();

 private:
  struct Slots;

  HostSocket(packet::Encapsulation encapsulation, UniqueFd fd, std::unique_ptr<Slots> slots);
  void fill(std::size_t slot, const packet::WirePacket& packet, const TunnelPeer& peer);
  [[nodiscard]] Received received(std::size_t slot) const;

  packet::Encapsulation encapsulation_;
  UniqueFd fd_;
  std::unique_ptr<Slots, void (*)(Slots*)> slots_;
};

}  // namespace rsip::gateway
