#include "tests/gateway/tunnel/tunnel_type.h"

#include <algorithm>

namespace rsip::gateway {

packet::Encapsulation encapsulation_of(msg::TunnelType type) {
  switch (type) {
    case msg::TunnelType::kGre:
      return packet::Encapsulation::kGre;
    case msg::TunnelType::kL2tp:
      return packet::Encapsulation::kL2tp;
    case msg::TunnelType::kIpIp:
      break;
  }
  return packet::Encapsulation::kIpIp;
}

std::uint16_t tunnel_mtu(std::uint16_t underlay_mtu,
                         std::span<const packet::Encapsulation> offered) {
  std::size_t overhead = 0;
  for (const auto encapsulation : offered) {
    overhead = std::max(overhead, packet::overhead_bytes(encapsulation));
  }
  return static_cast<std::uint16_t>(underlay_mtu - std::min<std::size_t>(overhead, underlay_mtu));
}

}  // namespace rsip::gateway
