#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/ipv4.h"
#include "common/base/time.h"

namespace rsip::gateway {

/// What makes an ICMP request and its reply belong together (RFC 3102 section 6.2).
struct EchoKey {
  std::uint16_t id = 0;
  std::uint16_t sequence = 0;
  Ipv4Address local;   ///< Leased address: source of the request.
  Ipv4Address remote;  ///< Destination of the request.

  bool operator==(const EchoKey&) const = default;
};

/// Remembers which host sent an ICMP request, so that the reply finds its way back. Fixed size: in
/// a full bucket the oldest entry gives way. Allocates nothing after construction.
class EchoTable {
 public:
  static constexpr Duration kLifetime = std::chrono::seconds(60);

  EchoTable() : buckets_(kBuckets) {}

  void learn(const EchoKey& key, Ipv4Address host, TimePoint now);
  [[nodiscard]] std::optional<Ipv4Address> find(const EchoKey& key, TimePoint now) const;

 private:
  struct Entry {
    EchoKey key;
    Ipv4Address host;
    TimePoint until = TimePoint::min();
  };
  static constexpr std::size_t kBuckets = 4096;  // a power of two
  using Bucket = std::array<Entry, 4>;

  static std::size_t bucket_of(const EchoKey& key);

  std::vector<Bucket> buckets_;
};

}  // namespace rsip::gateway
