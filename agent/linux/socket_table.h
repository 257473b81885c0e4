#pragma once

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "agent/platform/socket_owners.h"

namespace rsip::agent {

/// A socket that the kernel knows.
struct KernelSocket {
  HostSocket name;  ///< Unspecified addresses: any.
  std::uint32_t user = 0;
  std::uint64_t inode = 0;
};

/// Protocol and local port.
using SocketPort = std::pair<std::uint8_t, std::uint16_t>;

/// The TCP, UDP and ICMP query sockets on some ports that packets of IPv4 may belong to, those of
/// IPv6 programs included. Without those that no process has any more: the kernel has forgotten
/// whose they were. Empty if it does not tell.
std::vector<KernelSocket> list_sockets(const std::set<SocketPort>& ports);

}  // namespace rsip::agent
