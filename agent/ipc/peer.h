#pragma once

#include <functional>
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

/// What the machine knows of its users. Asked anew each time: a change of it needs no new login.
struct PeerFacts {
  uid_t agent = 0;  ///< The user that the agent runs as.
  std::function<bool(const Peer&)> is_in_group;
  std::function<bool(const Peer&)> has_active_session;
};

/// As the system's data bases and logind say. Without logind nobody has a session.
PeerFacts facts_of_this_machine();

/// errors   kOther if the kernel does not say
Result<Peer> peer_of(int socket);

/// What that one is to the agent.
ipc::Who who_is(const Peer& peer, const PeerFacts& facts);
inline ipc::Who who_is_here(const Peer& peer) {
  return who_is(peer, facts_of_this_machine());
}
using WhoIs = std::function<ipc::Who(const Peer&)>;

}  // namespace rsip::agent
