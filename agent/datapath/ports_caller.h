#pragma once

#include <functional>
#include <unordered_map>
#include <vector>

#include "agent/datapath/flow_key.h"
#include "common/base/remote_scope.h"
#include "common/base/time.h"

namespace rsip::agent {

/// Calls for leases: for each scope once a second at most while the need lasts, for the scopes of
/// one batch of packets in one call.
class PortsCaller {
 public:
  /// Scopes called for within a second; more have to wait.
  static constexpr std::size_t kScopes = 1024;
  static constexpr Duration kSpacing = std::chrono::seconds(1);

  /// ports_wanted   see DatapathEvents; may be empty
  explicit PortsCaller(std::function<void(std::vector<RemoteScope>)> ports_wanted);

  /// A packet waits for a lease with this scope.
  void want(const RemoteScope& scope, TimePoint now);
  /// A packet that waited for it was served: what is still missing is a need of its own.
  void served(const RemoteScope& scope) { silent_until_.erase(scope); }
  /// Calls for what was wanted since the last call.
  void call();

 private:
  void forget_old(TimePoint now);

  std::function<void(std::vector<RemoteScope>)> ports_wanted_;
  std::unordered_map<RemoteScope, TimePoint, RemoteScopeHash> silent_until_;
  std::vector<RemoteScope> wanted_;
  TimePoint next_cleaning_;
};

}  // namespace rsip::agent
