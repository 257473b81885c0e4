#pragma once

#include <cstdint>

#include "common/base/time.h"

namespace rsip {

/// Says yes so many times a second at most, for answers that anybody can provoke.
class RateLimit {
 public:
  explicit RateLimit(std::uint32_t per_second) : per_second_(per_second), left_(per_second) {}

  bool allow(TimePoint now) {
    if (now >= refill_at_) {
      left_ = per_second_;
      refill_at_ = now + std::chrono::seconds(1);
    }
    if (left_ == 0) return false;
    --left_;
    return true;
  }

 private:
  std::uint32_t per_second_;
  std::uint32_t left_;
  TimePoint refill_at_ = TimePoint::min();
};

}  // namespace rsip
