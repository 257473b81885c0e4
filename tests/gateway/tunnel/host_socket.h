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
#include "common/packet/segmenter.h"
#include "tests/gateway/tunnel/unique_fd.h"

namespace rsip::gateway {

/// The raw IP-in-IP socket (RFC 2003) through which all hosts are reached. The kernel makes the
/// outer header, and takes care of fragments of outer packets both ways. For one thread.
class HostSocket {
 public:
  static constexpr std::size_t kReceiveBatch = packet::Coalescer::kCapacity;

  /// local    the gateway's end of all tunnels
  /// errors   kPermission, kConfigInvalid if the address is none of this machine's
  static Result<HostSocket> open(Ipv4Address local);

  [[nodiscard]] int fd() const { return fd_.get(); }

  /// What the kernel took.
  struct Sent {
    std::size_t packets = 0;
    std::size_t bytes = 0;
  };
  /// Sends each packet to the host of the same position, in this order. Never waits: with a full
  /// send queue the rest of the batch is lost.
  Sent send(std::span<const packet::WirePacket> packets, std::span<const Ipv4Address> hosts);

  /// Up to kReceiveBatch packets with their outer headers, good until the next call. Does not
  /// block.
  std::span<const std::span<std::uint8_t>> receive();

 private:
  struct Slots;

  HostSocket(UniqueFd fd, std::unique_ptr<Slots> slots);
  void fill(std::size_t slot, const packet::WirePacket& packet, Ipv4Address host);

  UniqueFd fd_;
  std::unique_ptr<Slots, void (*)(Slots*)> slots_;
};

}  // namespace rsip::gateway
