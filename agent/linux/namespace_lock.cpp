#include "agent/linux/namespace_lock.h"

#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>

#include "agent/linux/system_error.h"

namespace rsip::agent {
namespace {

constexpr std::string_view kName{"\0rsipd", 6};

struct Name {
  sockaddr_un address{};
  socklen_t length = offsetof(sockaddr_un, sun_path) + kName.size();

  Name() {
    address.sun_family = AF_UNIX;
    kName.copy(address.sun_path, kName.size());
  }
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
};

UniqueFd open_socket() {
  return UniqueFd(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

/// "process 1234 of user 0"; empty if the holder cannot be asked.
std::string holder() {
  const UniqueFd socket = open_socket();
  ucred peer{};
  socklen_t length = sizeof peer;
  const Name name;
  if (connect(socket.get(), name.get(), name.length) != 0 ||
      getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) {
    return "";
  }
  return "process " + std::to_string(peer.pid) + " of user " + std::to_string(peer.uid);
}

}  // namespace

Result<NamespaceLock> NamespaceLock::acquire() {
  UniqueFd socket = open_socket();
  if (!socket.valid()) return fail_errno(errno, "open a Unix socket");
  const Name name;
  if (bind(socket.get(), name.get(), name.length) != 0) {
    if (errno != EADDRINUSE) return fail_errno(errno, "bind the abstract Unix socket rsipd");
    const std::string who = holder();
    return fail(ErrorKind::kInUse,
                "another rsipd runs in this network namespace" + (who.empty() ? "" : ": " + who),
                "one agent serves the whole namespace; stop it first");
  }
  // Whoever finds the lock taken learns from a connection who has it; nothing is ever accepted.
  if (listen(socket.get(), SOMAXCONN) != 0) return fail_errno(errno, "listen on a Unix socket");
  return NamespaceLock(std::move(socket));
}

}  // namespace rsip::agent
