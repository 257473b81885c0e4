#include "tests/gateway/engine/request_limiter.h"

#include <algorithm>

namespace rsip::gateway {

bool RequestLimiter::admit(Ipv4Address host, TimePoint now) {
  if (per_second_ == 0) return true;
  if (buckets_.size() >= kMaxHosts && !buckets_.contains(host)) forget_idle(now);
  if (buckets_.size() >= kMaxHosts && !buckets_.contains(host)) return true;
  const double full = per_second_;
  Bucket& bucket = buckets_.try_emplace(host, Bucket{full, now}).first->second;
  const std::chrono::duration<double> passed = now - bucket.at;
  bucket.tokens = std::min(full, bucket.tokens + passed.count() * full);
  bucket.at = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

// After a second every bucket is full again, and as good as none.
void RequestLimiter::forget_idle(TimePoint now) {
  if (now - swept_ < std::chrono::seconds(1)) return;  // looking at all is not for every request
  swept_ = now;
  std::erase_if(buckets_, [now](const auto& entry) {
    return now - entry.second.at >= std::chrono::seconds(1);
  });
}

}  // namespace rsip::gateway
