#pragma once

#include <cstdint>

#include "agent/linux/netlink.h"
#include "agent/platform/host_network.h"

namespace rsip::agent {

/// The way to an address as the kernel would route our own marked packets there.
///
/// tunnel   index of the tunnel's own device, which is no way; 0: there is none
/// errors   kUnreachable if there is no way; kOther if an interface cannot be read
Result<NetworkPath> look_up_path(NetlinkSocket& netlink, Ipv4Address destination,
                                 std::uint32_t tunnel);

/// What the kernel says about a network interface.
struct LinkState {
  bool up = false;
  std::uint32_t mtu = 0;
};

/// errors   kNotFound if there is no such interface
Result<LinkState> look_up_link(NetlinkSocket& netlink, std::uint32_t index);

}  // namespace rsip::agent
