#pragma once

#include <string>

#include "common/base/result.h"

namespace rsip::agent {

/// Says "this agent is the one behind this socket path" for as long as the process lives, however
/// it ends: a lock on <path>.lock, which the kernel drops with the process.
class SocketLock {
 public:
  SocketLock() = default;
  ~SocketLock();
  SocketLock(const SocketLock&) = delete;
  SocketLock& operator=(const SocketLock&) = delete;

  /// errors   kInUse if another agent holds it; kPermission or kOther if the file cannot be made
  Result<void> acquire(const std::string& socket_path);
  void release();

 private:
  int descriptor_ = -1;
  std::string path_;
};

}  // namespace rsip::agent
