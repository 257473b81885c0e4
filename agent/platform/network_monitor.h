#pragma once

#include <functional>

#include "common/base/result.h"

namespace rsip::agent {

/// Notices that something in the host's network changed, whoever did it: links, IPv4 addresses,
/// routes, rules.
class NetworkMonitor {
 public:
  virtual ~NetworkMonitor() = default;

  /// Calls back from the event loop, at most every 200 ms however much changes.
  ///
  /// errors   kNoResources or kOther if the system cannot tell; nothing is called then
  virtual Result<void> start(std::function<void()> changed) = 0;
  /// No further call.
  virtual void stop() = 0;
};

}  // namespace rsip::agent
