#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "common/base/ids.h"

namespace rsip::agent {

/// What moved by one lease.
struct BindingTraffic {
  std::uint64_t sent_packets = 0;
  std::uint64_t sent_bytes = 0;  ///< Inner bytes, as in DatapathStats.
  std::uint64_t received_packets = 0;
  std::uint64_t received_bytes = 0;

  BindingTraffic& operator+=(const BindingTraffic& more) {
    sent_packets += more.sent_packets;
    sent_bytes += more.sent_bytes;
    received_packets += more.received_packets;
    received_bytes += more.received_bytes;
    return *this;
  }
  bool operator==(const BindingTraffic&) const = default;
};

/// What moved since somebody last looked. It outlives the tunnels that write into it, so nothing is
/// lost with a lease or a tunnel, and there are no totals that begin again.
///
/// thread   any
class TrafficBook {
 public:
  using Traffic = std::unordered_map<BindId, BindingTraffic>;

  void add(BindId bind, const BindingTraffic& moved) {
    const std::lock_guard lock(mutex_);
    moved_[bind] += moved;
  }
  [[nodiscard]] Traffic take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(moved_, {});
  }

 private:
  std::mutex mutex_;
  Traffic moved_;
};

}  // namespace rsip::agent
