#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "agent/usage/usage_rows.h"
#include "common/base/time.h"

namespace rsip::agent {

/// A moment by both clocks: one tells how long something took, sleep included, the other on which
/// day it was. Only the second one can be set.
struct UsageMoment {
  TimePoint boot;
  std::int64_t unix_seconds = 0;
};

/// Turns what leases there are and what they move into amounts of days. What happened since it
/// looked last is placed by the wall clock as it is now: after somebody has set the clock, the new
/// time is the one to believe. Nothing is counted twice or lost by that, it only stands on another
/// day.
///
/// Decides only: no clock, file or timer.
class UsageMeter {
 public:
  using Moved = std::unordered_map<std::uint32_t, UsageAmount>;  ///< By bind ID.

  /// leases   of the gateway from now on; until now there were those of the call before
  /// moved    since the call before
  void look(const std::string& gateway, const std::vector<UsageLease>& leases, const Moved& moved,
            UsageMoment now);
  /// True while anything is leased.
  [[nodiscard]] bool measures() const;
  /// True if look() would find other leases than the last time.
  [[nodiscard]] bool is_news(const std::string& gateway,
                             const std::vector<UsageLease>& leases) const;
  /// What was added since this was called last.
  [[nodiscard]] UsageRows take();

 private:
  struct Gateway {
    /// Each lease and up to when its time is counted: whole seconds, the rest is for next time.
    std::map<UsageLease, TimePoint> leases;
    std::deque<UsageLease> ended;  ///< What these moved last may be told later.
    TimePoint looked_at;
  };

  void count_time(Gateway& gateway, UsageMoment now);
  void count_traffic(const std::string& name, Gateway& gateway, const Moved& moved,
                     UsageMoment now);
  void replace_leases(Gateway& gateway, const std::vector<UsageLease>& leases, TimePoint now);

  std::map<std::string, Gateway> gateways_;
  UsageRows added_;
};

}  // namespace rsip::agent
