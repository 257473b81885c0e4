#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "common/auth/opener.h"
#include "common/auth/sealer.h"
#include "tests/gateway/server/recent_map.h"
#include "tests/gateway/server/server_settings.h"

namespace rsip::gateway {

/// Decides whose messages count, and seals what goes back (common/auth/README.md). Counters are
/// kept for each host and key.
class Authenticator {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// wall_clock_us   microseconds since 1970, where counters of seals begin
  Authenticator(AuthSettings settings, std::function<std::uint64_t()> wall_clock_us);

  struct Admitted {
    std::optional<std::uint32_t> key;   ///< That proved it; none if it was not sealed.
    std::vector<std::uint8_t> message;  ///< Without the seal.
  };

  /// Judges one whole message. Without any key in the settings, seals are ignored.
  ///
  /// errors   kNotSealed only if this host has to seal: all have to, or it did lately
  Result<Admitted, auth::SealFault> admit(Ipv4Address host, std::span<const std::uint8_t> message,
                                          Time now);

  /// Seals a message to the host by the key of its last one, unless it never sealed.
  ///
  /// errors   kOther: too long with the seal
  Result<void> seal(Ipv4Address host, std::vector<std::uint8_t>& message, Time now);

  /// Whether this host has to seal.
  [[nodiscard]] bool must_seal(Ipv4Address host, Time now);

 private:
  /// Both ways of the talk with one host by one key.
  struct Channel {
    auth::Opener opener;
    auth::Sealer sealer;
  };
  struct Peer {
    std::vector<Channel> channels;  ///< One for each key that it has used.
    std::uint32_t current = 0;      ///< The key used last.
    Time heard;
  };

  [[nodiscard]] const auth::Key* find_key(std::uint32_t id, Ipv4Address host) const;
  [[nodiscard]] Channel new_channel(const auth::Key& key) const;
  static Channel* find_channel(Peer* peer, std::uint32_t key);
  Peer* recent_peer(Ipv4Address host, Time now);

  AuthSettings settings_;
  std::function<std::uint64_t()> wall_clock_us_;
  RecentMap<Ipv4Address, Peer> peers_;  ///< Only hosts that have proved to have a key.
};

}  // namespace rsip::gateway
