#include "agent/ipc/peer.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <grp.h>
#include <memory>
#include <pwd.h>
#include <string>
#include <sys/socket.h>
#include <systemd/sd-login.h>
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

using Text = std::unique_ptr<char, decltype(&std::free)>;

/// In front of a screen of this machine: not over ssh, and not the login screen's own session.
bool is_of_a_person_here(const char* session) {
  if (sd_session_is_remote(session) != 0) return false;
  char* seat = nullptr;
  if (sd_session_get_seat(session, &seat) < 0) return false;
  const Text seat_freed(seat, &std::free);
  char* of_class = nullptr;
  if (sd_session_get_class(session, &of_class) < 0) return false;
  const Text class_freed(of_class, &std::free);
  return std::string_view(of_class) == "user";
}

bool has_active_session(const Peer& peer) {
  char** sessions = nullptr;
  if (sd_uid_get_sessions(peer.user, /*require_active=*/1, &sessions) <= 0) return false;
  bool found = false;
  for (char** session = sessions; *session != nullptr; ++session) {
    const Text freed(*session, &std::free);
    found = found || is_of_a_person_here(*session);
  }
  std::free(sessions);
  return found;
}

}  // namespace

PeerFacts facts_of_this_machine() {
  return {geteuid(), is_in_our_group, has_active_session};
}

Result<Peer> peer_of(int socket) {
  ucred credentials{};
  socklen_t length = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) {
    return fail(ErrorKind::kOther, std::string("cannot tell who asks: ") + std::strerror(errno));
  }
  return Peer{credentials.uid, credentials.gid};
}

ipc::Who who_is(const Peer& peer, const PeerFacts& facts) {
  if (peer.user == 0 || peer.user == facts.agent) return ipc::Who::kRoot;
  if (facts.is_in_group(peer)) return ipc::Who::kGroup;
  if (facts.has_active_session(peer)) return ipc::Who::kActiveSession;
  return ipc::Who::kOther;
}

}  // namespace rsip::agent
