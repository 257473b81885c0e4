#include "gui/models/throughput_history.h"

#include <algorithm>

namespace rsip::gui {
namespace {

/// A later call than that leaves out seconds, it is not merely late.
constexpr std::int64_t kLateMilliseconds = 2500;

}  // namespace

void ThroughputHistory::add(std::int64_t now, std::uint64_t sent, std::uint64_t received) {
  const std::optional<Counters> before = before_;
  before_ = Counters{now, sent, received};
  if (!before || now <= before->at) return;
  const std::int64_t passed = now - before->at;
  if (passed > kLateMilliseconds) {
    const auto missed = std::min<std::int64_t>(passed / 1000, std::int64_t(kSeconds));
    for (std::int64_t i = 0; i < missed; ++i) push(std::nullopt);
    return;
  }
  if (sent < before->sent || received < before->received) return push(std::nullopt);
  push(Rate{double(sent - before->sent) * 1000 / double(passed),
            double(received - before->received) * 1000 / double(passed)});
}

void ThroughputHistory::interrupt() {
  if (before_) push(std::nullopt);
  before_.reset();
}

std::vector<ThroughputHistory::Sample> ThroughputHistory::last(std::size_t seconds) const {
  const std::size_t count = std::min(seconds, filled_);
  std::vector<Sample> samples;
  samples.reserve(count);
  for (std::size_t i = count; i > 0; --i)
    samples.push_back(ring_[(next_ + kSeconds - i) % kSeconds]);
  return samples;
}

ThroughputHistory::Sample ThroughputHistory::newest() const {
  return filled_ == 0 ? std::nullopt : ring_[(next_ + kSeconds - 1) % kSeconds];
}

double ThroughputHistory::peak(std::size_t seconds) const {
  double peak = 0;
  for (const Sample& sample : last(seconds)) {
    if (sample) peak = std::max({peak, sample->up, sample->down});
  }
  return peak;
}

void ThroughputHistory::push(const Sample& sample) {
  ring_[next_] = sample;
  next_ = (next_ + 1) % kSeconds;
  filled_ = std::min(filled_ + 1, kSeconds);
}

}  // namespace rsip::gui
