#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <netinet/in.h>
#include <optional>
#include <span>
#include <sys/socket.h>
#include <sys/uio.h>

#include "agent/platform/underlay_socket.h"

namespace rsip::agent {

/// Room for a type of service beside a packet.
struct alignas(cmsghdr) TosControl {
  std::array<std::uint8_t, CMSG_SPACE(sizeof(int))> bytes{};
};

/// Memory of one sendmmsg(2) to the far end of a tunnel, made once.
class SendSlots {
 public:
  static constexpr std::size_t kCapacity = packet::WireBatch::kCapacity;

  explicit SendSlots(const TunnelEnd& end);
  SendSlots(const SendSlots&) = delete;
  SendSlots& operator=(const SendSlots&) = delete;

  /// Puts a packet, wrapped, at slot; its bytes must stay until it is sent.
  void fill(std::size_t slot, const packet::WirePacket& packet);
  mmsghdr* from(std::size_t slot) { return &messages_[slot]; }
  [[nodiscard]] const sockaddr_in& far_end() const { return far_end_; }

 private:
  [[nodiscard]] int outer_tos(const packet::WirePacket& packet) const;

  std::array<mmsghdr, kCapacity> messages_{};
  std::array<std::array<iovec, 3>, kCapacity> pieces_{};  ///< Tunnel's header, packet's, payload.
  std::array<TosControl, kCapacity> controls_{};
  packet::EncapsulationHeader header_;
  sockaddr_in far_end_;
  OuterDscp dscp_;
};

/// Memory of one recvmmsg(2), made once.
class ReceiveSlots {
 public:
  static constexpr std::size_t kCapacity = packet::Coalescer::kCapacity;

  ReceiveSlots();
  ReceiveSlots(const ReceiveSlots&) = delete;
  ReceiveSlots& operator=(const ReceiveSlots&) = delete;

  /// Takes what is there, without waiting.
  ///
  /// returns  how many slots are filled, from the first
  std::size_t receive(int fd);
  /// Bytes that came; of a raw socket with the outer header in front.
  [[nodiscard]] std::span<std::uint8_t> bytes(std::size_t slot) const;
  [[nodiscard]] const sockaddr_in& source(std::size_t slot) const { return sources_[slot]; }
  /// Type of service of the outer header, of a UDP socket with IP_RECVTOS.
  [[nodiscard]] std::uint8_t tos(std::size_t slot);

 private:
  std::array<mmsghdr, kCapacity> messages_{};
  std::array<iovec, kCapacity> pieces_{};
  std::array<sockaddr_in, kCapacity> sources_{};
  std::array<TosControl, kCapacity> controls_{};
  std::unique_ptr<std::uint8_t[]> buffers_;
};

}  // namespace rsip::agent
