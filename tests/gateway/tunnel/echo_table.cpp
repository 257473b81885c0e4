#include "tests/gateway/tunnel/echo_table.h"

#include <algorithm>

namespace rsip::gateway {

void EchoTable::learn(const EchoKey& key, Ipv4Address host, TimePoint now) {
  Bucket& bucket = buckets_[bucket_of(key)];
  auto place = std::ranges::find(bucket, key, &Entry::key);
  if (place == bucket.end()) place = std::ranges::min_element(bucket, {}, &Entry::until);
  *place = {key, host, now + kLifetime};
}

std::optional<Ipv4Address> EchoTable::find(const EchoKey& key, TimePoint now) const {
  const Bucket& bucket = buckets_[bucket_of(key)];
  const auto known = std::ranges::find(bucket, key, &Entry::key);
  if (known == bucket.end() || known->until <= now) return std::nullopt;
  return known->host;
}

std::size_t EchoTable::bucket_of(const EchoKey& key) {
  std::uint64_t mixed =
      std::uint64_t{key.id} << 48 | std::uint64_t{key.sequence} << 32 | key.remote.value;
  mixed = (mixed ^ std::uint64_t{key.local.value} << 16) * 0x9E3779B97F4A7C15U;
  return mixed >> 52 & (kBuckets - 1);
}

}  // namespace rsip::gateway
