#pragma once

#include <memory>

#include "agent/linux/unique_fd.h"
#include "agent/platform/underlay_socket.h"
#include "common/base/ipv4.h"
#include "common/base/result.h"

namespace rsip::agent {

/// IP-in-IP tunnel end (RFC 2003) on a raw socket: the kernel makes the outer header and takes
/// fragments of outer packets together.
class LinuxUnderlaySocket : public UnderlaySocket {
 public:
  /// mark     of every packet sent, so that policy routing keeps them out of the tunnel
  /// errors   kPermission, kUnreachable if there is no route to the endpoint
  static Result<std::unique_ptr<LinuxUnderlaySocket>> open(Ipv4Address endpoint,
                                                           std::uint32_t mark);
  ~LinuxUnderlaySocket() override;

  [[nodiscard]] int readable() const override { return fd_.get(); }
  std::size_t send(std::span<const packet::WirePacket> packets) override;
  std::span<const TunnelPacket> receive() override;

 private:
  struct SendSlots;
  struct ReceiveSlots;
  LinuxUnderlaySocket(UniqueFd fd, Ipv4Address endpoint);
  std::size_t send_batch(std::span<const packet::WirePacket> batch);

  UniqueFd fd_;
  Ipv4Address endpoint_;
  std::unique_ptr<SendSlots> send_;
  std::unique_ptr<ReceiveSlots> receive_;
};

}  // namespace rsip::agent
