#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/ipv4.h"
#include "common/base/time.h"

namespace rsip::gateway {

/// The way of an ESP or AH packet that a host sent. The SPI is its peer's.
struct EspKey {
  std::uint8_t protocol = 50;  ///< 50, 51, or 17: ESP in UDP.
  std::uint32_t spi = 0;
  Ipv4Address local;   ///< Leased address.
  Ipv4Address remote;  ///< The peer, who has given the SPI to one host only.

  bool operator==(const EspKey&) const = default;
};

/// Remembers which host has sent ESP or AH with an SPI of a peer, so that an ICMP error about it
/// ("fragmentation needed" above all) finds its way back: it quotes that SPI, which nobody has
/// leased. Fixed size: in a full bucket the oldest entry gives way. An entry of another host stays
/// as long as it lives, so that nobody can draw another's errors to itself.
class EspTable {
 public:
  static constexpr Duration kLifetime = std::chrono::seconds(60);

  EspTable() : buckets_(kBuckets) {}

  void learn(const EspKey& key, Ipv4Address host, TimePoint now);
  [[nodiscard]] std::optional<Ipv4Address> find(const EspKey& key, TimePoint now) const;

 private:
  struct Entry {
    EspKey key;
    Ipv4Address host;
    TimePoint until = TimePoint::min();
  };
  static constexpr std::size_t kBuckets = 4096;  // a power of two
  using Bucket = std::array<Entry, 4>;

  static std::size_t bucket_of(const EspKey& key);

  std::vector<Bucket> buckets_;
};

}  // namespace rsip::gateway
