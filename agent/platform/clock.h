#pragma once

#include "common/base/time.h"

namespace rsip::agent {

/// Where drivers get the time from that they hand to engines.
class Clock {
 public:
  virtual ~Clock() = default;
  /// thread   any
  [[nodiscard]] virtual TimePoint now() const = 0;
};

}  // namespace rsip::agent
