#pragma once

#include <atomic>

#include "agent/platform/clock.h"

namespace rsip::fakes {

/// Time that stands still until a test moves it.
class FakeClock : public agent::Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint(Duration(now_.load())); }
  void advance(Duration by) { now_ += by.count(); }

 private:
  std::atomic<Duration::rep> now_ = Duration(std::chrono::hours(1)).count();
};

}  // namespace rsip::fakes
