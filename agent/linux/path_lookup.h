#pragma once

#include <cstdint>
#include <span>

#include "agent/linux/netlink.h"
#include "agent/platform/host_network.h"

namespace rsip::agent {

/// The way to an address as the kernel would route our own marked packets there.
///
/// tunnels  indices of the tunnels' own devices, which are no way; 0: a device that is gone
/// errors   kUnreachable if there is no way; kOther if an interface cannot be read
Result<NetworkPath> look_up_path(NetlinkSocket& netlink, Ipv4Address destination,
                                 std::span<const std::uint32_t> tunnels);

/// What the kernel says about a network interface.
struct LinkState {
  bool up = false;
  std::uint32_t mtu = 0;
};

/// errors   kNotFound if there is no such interface
Result<LinkState> look_up_link(NetlinkSocket& netlink, std::uint32_t index);

}  // namespace rsip::agent
