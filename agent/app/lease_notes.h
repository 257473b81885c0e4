#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/control/lease_book.h"
#include "common/base/result.h"
#include "common/ipc/status.h"

namespace rsip::agent {

/// What the leases of one gateway went through, and which of them somebody wants kept. It goes with
/// the lease.
class LeaseNotes {
 public:
  static constexpr std::size_t kMostRemembered = 16;

  /// time   ISO 8601, UTC
  void granted(const Lease& lease, const std::string& time);
  void extended(const Lease& lease, const std::string& time);
  /// True the first time since it was granted or extended.
  bool failed(BindId bind, const Error& why, const std::string& time);
  void lost(BindId bind) { notes_.erase(bind.value); }

  void hold(BindId bind, bool hold) { notes_[bind.value].held = hold; }
  [[nodiscard]] bool is_held(BindId bind) const;
  [[nodiscard]] bool has_failed(BindId bind) const;
  /// Oldest first.
  [[nodiscard]] std::vector<ipc::RenewalStatus> history(BindId bind) const;

 private:
  struct Note {
    std::deque<ipc::RenewalStatus> history;
    bool held = false;
    bool failed = false;
  };
  static void remember(Note& note, ipc::RenewalStatus renewal);
  [[nodiscard]] const Note* find(BindId bind) const;

  std::map<std::uint32_t, Note> notes_;  ///< By bind.
};

}  // namespace rsip::agent
