#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "agent/control/session_types.h"
#include "common/base/result.h"
#include "common/base/time.h"
#include "common/ipc/events.h"

namespace rsip::agent {

/// Says what happens to one gateway and its leases in sentences for people, and not the same thing
/// over and over.
class Happenings {
 public:
  using Tell = std::function<void(ipc::Happening)>;

  /// Refusals go on for as long as the agent asks: a person is told this often.
  static constexpr Duration kRefusalSpacing = std::chrono::minutes(10);

  /// gateway   its name
  Happenings(std::string gateway, Tell tell)
      : gateway_(std::move(gateway)), tell_(std::move(tell)) {}

  void registered();
  /// alone   no other lease is held: its address is how this host is reached from now on
  void granted(const Lease& lease, bool alone);
  void extended(const Lease& lease);
  void renewal_failed(const Lease& lease, const Error& why, TimePoint now);
  /// reason   of LeaseLost
  /// why      the trouble that this gateway is in, if any
  void lost(const Lease& lease, std::string_view reason, const std::optional<Error>& why);
  void listen_failed(const ListenFailed& failure);
  /// The gateway refuses something, has nothing left, or cannot be reached.
  void trouble(const Error& error, TimePoint now);
  /// The gateway said something: it is there.
  void alive() { unreachable_ = false; }

 private:
  void tell(std::string kind, std::string words, const Lease* lease, const Error* problem) const;
  void tell_address(const Lease& lease);

  std::string gateway_;
  Tell tell_;
  std::optional<Ipv4Address> address_;  ///< By which this host was reached last.
  bool unreachable_ = false;            ///< Told, and nothing came from the gateway since.
  TimePoint next_refusal_at_ = TimePoint::min();
  TimePoint next_pool_full_at_ = TimePoint::min();
};

/// Of the agent's own: there is no way to any gateway, or there is one again.
ipc::Happening network_lost();
ipc::Happening network_back();

}  // namespace rsip::agent
