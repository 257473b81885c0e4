#pragma once

#include <algorithm>
#include <deque>
#include <vector>

#include "common/base/remote_scope.h"
#include "common/base/time.h"

namespace rsip::agent {

/// Remotes that the gateway refused lately (errors 314 and 315): not asked for again for a minute.
class RefusedRemotes {
 public:
  static constexpr Duration kKept = std::chrono::seconds(60);
  static constexpr std::size_t kMost = 256;  ///< Then the oldest are forgotten early.

  void add(const RemoteScope& remote, TimePoint now) {
    if (list_.size() >= kMost) list_.pop_front();
    list_.push_back({remote, now + kKept});
  }
  /// True if one of them is forgotten now.
  bool expire(TimePoint now) {
    const std::size_t before = list_.size();
    while (!list_.empty() && list_.front().until <= now) list_.pop_front();
    return list_.size() != before;
  }
  [[nodiscard]] TimePoint next_expiry() const {
    return list_.empty() ? TimePoint::max() : list_.front().until;
  }
  /// What is refused for an address is refused for all of its ports.
  [[nodiscard]] bool contains(const RemoteScope& remote) const {
    return std::ranges::any_of(list_, [&remote](const Entry& entry) {
      return entry.remote.address == remote.address &&
             (!entry.remote.port || entry.remote.port == remote.port);
    });
  }
  [[nodiscard]] std::vector<RemoteScope> all() const {
    std::vector<RemoteScope> remotes;
    for (const Entry& entry : list_) remotes.push_back(entry.remote);
    return remotes;
  }

 private:
  struct Entry {
    RemoteScope remote;
    TimePoint until;
  };
  std::deque<Entry> list_;  ///< The first to be forgotten first.
};

}  // namespace rsip::agent
