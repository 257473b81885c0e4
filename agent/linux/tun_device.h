#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agent/linux/unique_fd.h"
#include "agent/platform/tun_device.h"
#include "common/base/result.h"

namespace rsip::agent {

/// A TUN interface that lives as long as this object (IFF_TUN without IFF_PERSIST), with
/// segmentation and checksums left to us: the kernel hands over packets of up to 64 KB.
class LinuxTunDevice : public TunDevice {
 public:
  /// Makes the interface; it is down and has no address yet.
  ///
  /// errors   kNotFound without /dev/net/tun, kPermission, kInUse if another program has it,
  ///          kConfigInvalid for a name that no interface can have
  static Result<std::unique_ptr<LinuxTunDevice>> open(const std::string& name);

  [[nodiscard]] int readable() const override { return fd_.get(); }
  std::span<const TunRead> read() override;
  bool write(const packet::TunPacket& packet) override;
  [[nodiscard]] std::uint32_t mtu() const override;

 private:
  LinuxTunDevice(UniqueFd fd, std::string name);

  UniqueFd fd_;
  std::string name_;
  std::unique_ptr<std::uint8_t[]> buffers_;
  std::vector<TunRead> reads_;
};

}  // namespace rsip::agent
