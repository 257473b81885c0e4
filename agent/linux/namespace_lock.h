#pragma once

#include "agent/linux/unique_fd.h"
#include "common/base/result.h"

namespace rsip::agent {

/// Says "this is the rsipd of this network namespace" for as long as it lives, however the process
/// ends: an abstract Unix address, of which each network namespace has its own. Two agents would
/// take each other's rules for leftovers, and be one host to the gateway.
class NamespaceLock {
 public:
  /// errors   kInUse naming the process that holds it
  static Result<NamespaceLock> acquire();

 private:
  explicit NamespaceLock(UniqueFd socket) : socket_(std::move(socket)) {}
  UniqueFd socket_;
};

}  // namespace rsip::agent
