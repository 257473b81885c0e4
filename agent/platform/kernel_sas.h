#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "common/base/ipv4.h"
#include "common/base/result.h"

namespace rsip::agent {

/// An IPsec security association as the kernel has it (XFRM).
struct KernelSa {
  std::uint8_t protocol = 50;  ///< 50 ESP, 51 AH.
  Ipv4Address source;          ///< Unspecified while it is larval, perhaps.
  Ipv4Address destination;
  std::uint32_t spi = 0;
  /// Only reserved so far (ALLOCSPI): an IKE daemon is about to offer it to its peer.
  bool larval = false;
  bool tunnel_mode = false;
  std::uint16_t encap_port =
      0;  ///< Local UDP port if ESP travels in UDP (RFC 3948); 0: it does not.
  bool operator==(const KernelSa&) const = default;
};

/// The kernel's security associations. Read only: they are the IKE daemon's.
class KernelSas {
 public:
  virtual ~KernelSas() = default;

  /// All with IPv4 addresses, larval ones included. Takes some tenths of a millisecond.
  ///
  /// errors   kOther if the kernel has no IPsec or refuses to tell
  virtual Result<std::vector<KernelSa>> list() = 0;

  /// Calls back from the event loop when associations came or went, once for what happened
  /// together. Reservations (ALLOCSPI) are not announced by the kernel.
  ///
  /// errors   kOther
  virtual Result<void> start(std::function<void()> changed) = 0;
  /// No further call.
  virtual void stop() = 0;
};

}  // namespace rsip::agent
