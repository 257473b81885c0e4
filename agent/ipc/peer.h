#pragma once

#include <sys/types.h>

#include "common/base/result.h"
#include "common/ipc/permissions.h"

namespace rsip::agent {

/// Members of it may change what the agent does.
inline constexpr const char* kGroup = "rsip";

/// Who is at the other end of a Unix socket (SO_PEERCRED).
struct Peer {
  uid_t user = 0;
  gid_t group = 0;
};

/// errors   kOther if the kernel does not say
Result<Peer> peer_of(int socket);

/// What that one is to the agent.
ipc::Who who_is(const Peer& peer);

}  // namespace rsip::agent
