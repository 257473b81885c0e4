#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include <boost/asio/ip/udp.hpp>

#include "tests/gateway/server/recent_map.h"
#include "tests/gateway/server/server_settings.h"

namespace rsip::gateway {

/// How many datagrams may still be taken: refilled with time, up to one second's worth.
class Allowance {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Allowance(std::uint32_t per_second) : per_second_(per_second), left_(per_second) {}
  bool take(Time now);

 private:
  double per_second_;
  double left_;
  Time last_{};
};

/// What the UDP side knows of each host that it was talking to: from where, and the last message
/// (RFC 3103 section 10.1). Bounded in hosts and bytes; who was silent for longest is dropped.
class LastMessages {
 public:
  using Time = Allowance::Time;
  using Bytes = std::vector<std::uint8_t>;
  using Endpoint = boost::asio::ip::udp::endpoint;

  struct Entry {
    explicit Entry(std::uint32_t rate) : allowance(rate) {}

    Endpoint from;
    std::uint64_t heard = 0;  ///< Tick.
    Time at;
    Bytes request;
    std::vector<Bytes> replies;
    Allowance allowance;
  };

  explicit LastMessages(const UdpSettings& settings)
      : settings_(settings), entries_(settings.max_hosts) {}

  Entry* find(Ipv4Address host) { return entries_.find(host); }

  /// Whether this is a copy of the last request: same bytes, from the same port, and soon enough.
  [[nodiscard]] bool is_copy(const Entry& entry, const Endpoint& from,
                             std::span<const std::uint8_t> request, Time now) const;

  /// A new request of a host. What was kept of its last one is forgotten.
  Entry& begin(Ipv4Address host, const Endpoint& from, std::span<const std::uint8_t> request,
               Time now);
  /// The answers to the request that the host has begun.
  void keep(Ipv4Address host, std::vector<Bytes> replies);

  [[nodiscard]] std::size_t kept_bytes() const { return kept_bytes_; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  void make_room();

  UdpSettings settings_;
  RecentMap<Ipv4Address, Entry> entries_;
  std::size_t kept_bytes_ = 0;
};

}  // namespace rsip::gateway
