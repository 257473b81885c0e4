#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "common/base/remote_scope.h"
#include "common/rsip/messages.h"

namespace rsip::agent {

/// The terms of a gateway: what its REGISTER_RESPONSE said (RFC 3103 sections 7 and 9.3), and what
/// its errors taught since.
class Offer {
 public:
  /// method    that this host wants to use
  /// tunnels   that it can use, the one it likes best first
  Offer(msg::Method method, std::vector<msg::TunnelType> tunnels);

  void read(const msg::RegisterResponse& message);
  /// The registration is over and so is what it said.
  void forget() { policy_.reset(); }

  [[nodiscard]] const std::optional<msg::FlowPolicy>& policy() const { return policy_; }
  /// Static text saying why this host cannot work on these terms; nullptr if it can.
  [[nodiscard]] const char* obstacle() const;

  /// The tunnel to suggest.
  [[nodiscard]] msg::TunnelType tunnel() const { return tunnels_.at(tunnel_); }
  [[nodiscard]] bool can_use(msg::TunnelType tunnel) const;
  /// The gateway refuses tunnel(): another one takes its place. False if there is none left.
  bool try_next_tunnel();

  /// Micro-flow local policy: exactly one port in each request (section 7.1).
  [[nodiscard]] bool one_port_at_a_time() const;
  /// Each request names the remote it is for (section 7.2).
  [[nodiscard]] bool names_remotes() const;
  /// As much of a remote as a request has to name; nothing if it does not say enough.
  [[nodiscard]] std::optional<RemoteScope> scope_for(const RemoteScope& remote) const;
  /// Error 103: takes the policy for stricter than it was said to be. False if it is the strictest.
  bool demand_more_detail();

  /// It was in the list of methods; with none there it is RSAP-IP alone.
  [[nodiscard]] bool announces(msg::Method method) const { return methods_.contains(method); }
  [[nodiscard]] bool supports(msg::MessageType request) const {
    return !unsupported_.contains(request);
  }
  void mark_unsupported(msg::MessageType request) { unsupported_.insert(request); }

 private:
  msg::Method method_;
  std::vector<msg::TunnelType> usable_;
  std::vector<msg::TunnelType> tunnels_;  ///< Of those the ones on offer; all if none is.
  std::size_t tunnel_ = 0;
  const char* obstacle_ = nullptr;
  std::optional<msg::FlowPolicy> policy_;
  std::set<msg::Method> methods_;
  std::set<msg::MessageType> unsupported_;
};

}  // namespace rsip::agent
