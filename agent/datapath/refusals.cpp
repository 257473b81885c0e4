#include "agent/datapath/refusals.h"

#include <array>

#include "common/packet/icmp.h"

namespace rsip::agent {

void Refusals::tell(const packet::Ipv4Packet& packet, TimePoint now) {
  const auto error = packet::unreachable_error(packet, packet::Unreachable::kProhibited);
  if (error.empty() || !limit_.allow(now)) return;
  const std::array pieces{std::span<const std::uint8_t>(error)};
  tun_.write({{}, pieces});
}

}  // namespace rsip::agent
