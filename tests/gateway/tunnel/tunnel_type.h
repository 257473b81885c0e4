#pragma once

#include <cstdint>
#include <span>

#include "common/packet/encapsulation.h"
#include "common/rsip/registry.h"

namespace rsip::gateway {

/// How packets of a tunnel type (RFC 3103 section 8.6) travel.
packet::Encapsulation encapsulation_of(msg::TunnelType type);

/// The largest packet that fits each of these tunnels, in bytes: the MTU of the TUN device.
///
/// underlay_mtu   of the private network, in bytes
std::uint16_t tunnel_mtu(std::uint16_t underlay_mtu,
                         std::span<const packet::Encapsulation> offered);

}  // namespace rsip::gateway
