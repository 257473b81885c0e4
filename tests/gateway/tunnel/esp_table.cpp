#include "tests/gateway/tunnel/esp_table.h"

#include <algorithm>

namespace rsip::gateway {

void EspTable::learn(const EspKey& key, Ipv4Address host, TimePoint now) {
  Bucket& bucket = buckets_[bucket_of(key)];
  auto place = std::ranges::find(bucket, key, &Entry::key);
  if (place == bucket.end()) {
    place = std::ranges::min_element(bucket, {}, &Entry::until);
  } else if (place->host != host && place->until > now) {
    return;
  }
  *place = {key, host, now + kLifetime};
}

std::optional<Ipv4Address> EspTable::find(const EspKey& key, TimePoint now) const {
  const Bucket& bucket = buckets_[bucket_of(key)];
  const auto known = std::ranges::find(bucket, key, &Entry::key);
  if (known == bucket.end() || known->until <= now) return std::nullopt;
  return known->host;
}

std::size_t EspTable::bucket_of(const EspKey& key) {
  std::uint64_t mixed = std::uint64_t{key.spi} << 32 | key.remote.value;
  mixed = (mixed ^ key.protocol) * 0x9E3779B97F4A7C15U;
  mixed = (mixed ^ mixed >> 32 ^ key.local.value) * 0x9E3779B97F4A7C15U;
  return mixed >> 52 & (kBuckets - 1);
}

}  // namespace rsip::gateway
