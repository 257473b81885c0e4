#pragma once

#include <cstdint>
#include <vector>

#include "common/base/time.h"
#include "common/packet/ipv4_packet.h"

/// ICMP that the gateway sends to the public side in its own name.
namespace rsip::gateway {

/// Turns an ICMP echo request into its reply, in place.
void make_echo_reply(const packet::Ipv4Packet& request);

/// "Fragmentation needed and DF set" about a packet that does not fit the tunnel (RFC 1191). It
/// comes from the address the packet was sent to: that one gets through to the sender for sure.
///
/// mtu       of the tunnel, in bytes
/// returns   a whole IPv4 packet; empty if no error may be sent about this one (RFC 1812 section
///           4.3.2.7)
std::vector<std::uint8_t> too_big_error(const packet::Ipv4Packet& packet, std::uint16_t mtu);

/// Says yes so many times a second at most, for answers that anybody can provoke.
class RateLimit {
 public:
  explicit RateLimit(std::uint32_t per_second) : per_second_(per_second), left_(per_second) {}
  bool allow(TimePoint now);

 private:
  std::uint32_t per_second_;
  std::uint32_t left_;
  TimePoint refill_at_ = TimePoint::min();
};

}  // namespace rsip::gateway
