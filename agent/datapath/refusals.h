#pragma once

#include "agent/platform/tun_device.h"
#include "common/base/rate_limit.h"
#include "common/base/time.h"
#include "common/packet/ipv4_packet.h"

namespace rsip::agent {

/// Tells applications at once that the gateway lets them not pass: connect() fails with
/// EHOSTUNREACH, as does the next call on a connected UDP socket, instead of waiting for minutes.
class Refusals {
 public:
  static constexpr std::uint32_t kPerSecond = 100;

  explicit Refusals(TunDevice& tun) : tun_(tun) {}

  /// Writes an ICMP error about a packet of the host's stack to the TUN, as if it came from where
  /// the packet was to go: no filter of reverse paths objects to that. Loses some beyond
  /// kPerSecond.
  ///
  /// packet   as the stack sent it
  void tell(const packet::Ipv4Packet& packet, TimePoint now);

 private:
  TunDevice& tun_;
  RateLimit limit_{kPerSecond};
};

}  // namespace rsip::agent
