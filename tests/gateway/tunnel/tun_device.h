#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "common/base/result.h"
#include "common/packet/coalescer.h"
#include "common/packet/offload.h"
#include "tests/gateway/tunnel/unique_fd.h"

namespace rsip::gateway {

/// The TUN device on the public side: what the kernel routes to the pool addresses comes out of it,
/// what is written to it is forwarded by the kernel. It goes away with this object.
class TunDevice {
 public:
  /// errors   kPermission, kInUse if a device of this name is there, kOther without TUN support
  static Result<TunDevice> open(const std::string& name);

  [[nodiscard]] int fd() const { return fd_.get(); }

  struct Received {
    std::size_t bytes = 0;                   ///< Of the packet; 0: nothing there to read.
    std::optional<packet::Offload> offload;  ///< Nothing: a kind that was never asked for.
  };
  /// Reads one packet or super-packet. Does not block.
  Received read(std::span<std::uint8_t> buffer) const;
  /// False if the kernel did not take it.
  [[nodiscard]] bool write(const packet::TunPacket& packet) const;
  /// Writes a packet that is complete as it is.
  [[nodiscard]] bool write(std::span<const std::uint8_t> packet) const;

 private:
  explicit TunDevice(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace rsip::gateway
