#pragma once

#include <algorithm>
#include <cmath>
#include <random>

#include "common/base/time.h"

namespace rsip::agent {

/// How long to leave something alone that failed: about 1, 2, 4 ... up to 60 seconds, 20 % of
/// jitter either way, so that hosts that failed together do not come back together. A failure long
/// after the last one counts as the first.
class Backoff {
 public:
  static constexpr Duration kLongest = std::chrono::seconds(60);
  static constexpr Duration kForgotten = std::chrono::minutes(10);

  explicit Backoff(std::uint64_t seed) : random_(seed) {}

  void fail(TimePoint now) {
    forgive(now);
    const double jitter = std::uniform_real_distribution(0.8, 1.2)(random_);
    const std::chrono::duration<double> wait(std::exp2(std::min(failures_, 6)) * jitter);
    until_ = now + std::min(std::chrono::duration_cast<Duration>(wait), kLongest);
    ++failures_;
  }
  /// Lets the first failure in a row pass and slows down those that follow.
  void fail_gently(TimePoint now) {
    forgive(now);
    failures_ == 0 ? void(++failures_) : fail(now);
  }
  /// A pause of its own length, for what will not mend itself soon.
  void pause(TimePoint until) { until_ = std::max(until_, until); }
  void reset() {
    failures_ = 0;
    until_ = TimePoint::min();
  }

  [[nodiscard]] TimePoint until() const { return until_; }
  [[nodiscard]] bool over(TimePoint now) const { return now >= until_; }

 private:
  void forgive(TimePoint now) {
    if (last_failure_ != TimePoint::min() && now - last_failure_ > kForgotten) failures_ = 0;
    last_failure_ = now;
  }

  std::mt19937_64 random_;
  int failures_ = 0;  ///< In a row.
  TimePoint until_ = TimePoint::min();
  TimePoint last_failure_ = TimePoint::min();
};

}  // namespace rsip::agent
