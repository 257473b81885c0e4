#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "common/base/time.h"

namespace rsip::agent {

/// IKE messages that wait until SPIs are leased. Pure.
class SpiWaits {
 public:
  /// Longer than that nobody waits: the daemon sends the message again.
  static constexpr Duration kLongest = std::chrono::seconds(5);

  /// returns   the SPIs that are to be asked for: nobody waits for them yet
  std::vector<std::uint32_t> add(std::uint64_t hold, std::set<std::uint32_t> spis, TimePoint now);
  /// returns   the holds that wait for nothing any more
  std::vector<std::uint64_t> leased(const std::function<bool(std::uint32_t spi)>& is_leased);
  /// returns   the holds that waited for it
  std::vector<std::uint64_t> refused(std::uint32_t spi);
  /// Forgets those that nobody answered.
  void forget(TimePoint now);
  [[nodiscard]] bool waits_for(std::uint32_t spi) const;
  [[nodiscard]] bool empty() const { return holds_.empty(); }

 private:
  struct Hold {
    std::set<std::uint32_t> spis;
    TimePoint until;
  };
  std::map<std::uint64_t, Hold> holds_;
};

}  // namespace rsip::agent
