#pragma once

#include <vector>

#include "agent/platform/socket_owners.h"

namespace rsip::agent {

/// Asks sock_diag(7) for users and inodes, and /proc for the processes that have these open. The
/// latter tells root and holders of CAP_SYS_PTRACE of all processes, others of their own. In the
/// network namespace of the caller.
///
/// thread   any
class LinuxSocketOwners : public SocketOwners {
 public:
  std::vector<std::optional<SocketOwner>> find(std::span<const HostSocket> sockets,
                                               std::optional<std::uint32_t> only_user) override;
};

}  // namespace rsip::agent
