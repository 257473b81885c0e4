#pragma once

#include <memory>

#include "agent/linux/unique_fd.h"
#include "agent/platform/underlay_socket.h"
#include "common/base/ipv4.h"
#include "common/base/result.h"

namespace rsip::agent {

/// IP-in-IP tunnel end (RFC 2003) on a raw socket: the kernel makes the outer header and takes
/// fragments of outer packets together. It is not connected: the outer source follows the routing
/// of the moment, and there may be no route for a while.
class LinuxUnderlaySocket : public UnderlaySocket {
 public:
  /// mark     of every packet sent, so that policy routing keeps them out of the tunnel
  /// errors   kPermission
  static Result<std::unique_ptr<LinuxUnderlaySocket>> open(Ipv4Address endpoint,
                                                           std::uint32_t mark);
  ~LinuxUnderlaySocket() override;

  [[nodiscard]] int readable() const override { return fd_.get(); }
  Sent send(std::span<const packet::WirePacket> packets) override;
  std::span<const TunnelPacket> receive() override;
  [[nodiscard]] std::uint64_t refused() const override { return refused_; }

 private:
  struct SendSlots;
  struct ReceiveSlots;
  LinuxUnderlaySocket(UniqueFd fd, Ipv4Address endpoint);
  void send_batch(std::span<const packet::WirePacket> batch, Sent& sent);

  UniqueFd fd_;
  Ipv4Address endpoint_;
  std::uint64_t refused_ = 0;
  std::unique_ptr<SendSlots> send_;
  std::unique_ptr<ReceiveSlots> receive_;
};

}  // namespace rsip::agent
