#include "agent/ipc/socket_lock.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace rsip::agent {

SocketLock::~SocketLock() {
  release();
}

Result<void> SocketLock::acquire(const std::string& socket_path) {
  path_ = socket_path + ".lock";
  descriptor_ = open(path_.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
  if (descriptor_ < 0) {
    const bool denied = errno == EACCES || errno == EROFS;
    return fail(denied ? ErrorKind::kPermission : ErrorKind::kOther,
                "cannot create " + path_ + ": " + std::strerror(errno),
                "run rsipd as root, or set [agent] socket to a path you may write");
  }
  if (flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return {};
  close(std::exchange(descriptor_, -1));
  return fail(ErrorKind::kInUse, "another rsipd runs on this machine with socket " + socket_path,
              "see it with: rsipctl status");
}

// The file stays: removing it would let a third agent lock a new one while a second holds this one.
void SocketLock::release() {
  if (descriptor_ >= 0) close(std::exchange(descriptor_, -1));
}

}  // namespace rsip::agent
