#pragma once

#include <cstdint>
#include <unordered_map>

#include "common/base/ipv4.h"
#include "common/base/time.h"

namespace rsip::gateway {

/// A token bucket for each host: so many requests a second, and as many at once (RFC 3103
/// section 11). It remembers at most kMaxHosts: one that floods from more (forged) addresses than
/// that is not slowed down by it.
class RequestLimiter {
 public:
  static constexpr std::size_t kMaxHosts = 65536;

  /// per_second   0: any number
  explicit RequestLimiter(std::uint32_t per_second) : per_second_(per_second) {}

  /// Whether one more request of the host may be served now.
  bool admit(Ipv4Address host, TimePoint now);

 private:
  struct Bucket {
    double tokens = 0;
    TimePoint at;
  };
  void forget_idle(TimePoint now);

  std::uint32_t per_second_;
  std::unordered_map<Ipv4Address, Bucket> buckets_;
  TimePoint swept_;
};

}  // namespace rsip::gateway
