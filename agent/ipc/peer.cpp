#include "agent/ipc/peer.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace rsip::agent {
namespace {

/// Groups of a user, by the system's data base; only the given one if it does not know the user.
std::vector<gid_t> groups_of(const Peer& peer) {
  std::vector<gid_t> groups(256, peer.group);
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> text(16384);
  getpwuid_r(peer.user, &entry, text.data(), text.size(), &found);
  if (found == nullptr) return {peer.group};
  int count = static_cast<int>(groups.size());
  if (getgrouplist(entry.pw_name, peer.group, groups.data(), &count) < 0) return {peer.group};
  groups.resize(static_cast<std::size_t>(count));
  return groups;
}

bool is_in_our_group(const Peer& peer) {
  group entry{};
  group* found = nullptr;
  std::vector<char> text(65536);
  getgrnam_r(kGroup, &entry, text.data(), text.size(), &found);
  if (found == nullptr) return false;
  const auto groups = groups_of(peer);
  return std::ranges::find(groups, entry.gr_gid) != groups.end();
}

}  // namespace

Result<Peer> peer_of(int socket) {
  ucred credentials{};
  socklen_t length = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) {
    return fail(ErrorKind::kOther, std::string("cannot tell who asks: ") + std::strerror(errno));
  }
  return Peer{credentials.uid, credentials.gid};
}

ipc::Who who_is(const Peer& peer) {
  if (peer.user == 0 || peer.user == geteuid()) return ipc::Who::kRoot;
  if (is_in_our_group(peer)) return ipc::Who::kGroup;
  return ipc::Who::kOther;
}

}  // namespace rsip::agent
