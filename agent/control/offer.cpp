#include "agent/control/offer.h"

#include <algorithm>

namespace rsip::agent {
namespace {

template <class T>
bool offers(const std::vector<T>& offered, T wanted, T when_silent) {
  return offered.empty() ? wanted == when_silent
                         : std::ranges::find(offered, wanted) != offered.end();
}

}  // namespace

Offer::Offer(msg::Method method, std::vector<msg::TunnelType> tunnels)
    : method_(method), usable_(std::move(tunnels)) {
  if (usable_.empty()) usable_.push_back(msg::TunnelType::kIpIp);
  tunnels_ = usable_;
}

void Offer::read(const msg::RegisterResponse& message) {
  policy_ = message.policy;
  unsupported_.clear();
  methods_ = {message.methods.begin(), message.methods.end()};
  tunnel_ = 0;
  tunnels_ = usable_;
  std::erase_if(tunnels_, [&](msg::TunnelType tunnel) {
    return !offers(message.tunnels, tunnel, msg::TunnelType::kIpIp);
  });
  obstacle_ = nullptr;
  if (tunnels_.empty()) {
    tunnels_ = usable_;
    obstacle_ = "offers no tunnel that this host can use";
  }
  if (!offers(message.methods, method_, msg::Method::kRsapIp)) {
    obstacle_ = "does not offer the configured method";
  }
}

// RFC 3103 section 7.1: RSA-IP goes with macro-flow local policy only.
const char* Offer::obstacle() const {
  if (obstacle_ == nullptr && method_ == msg::Method::kRsaIp && one_port_at_a_time()) {
    return "leases single ports only (micro-flow local policy), which excludes method rsa-ip";
  }
  return obstacle_;
}

bool Offer::can_use(msg::TunnelType tunnel) const {
  return std::ranges::find(usable_, tunnel) != usable_.end();
}

bool Offer::try_next_tunnel() {
  if (tunnel_ + 1 >= tunnels_.size()) return false;
  ++tunnel_;
  return true;
}

bool Offer::one_port_at_a_time() const {
  return policy_ && policy_->local == msg::LocalFlowPolicy::kMicro;
}

bool Offer::names_remotes() const {
  return policy_ && policy_->remote != msg::RemoteFlowPolicy::kNone;
}

std::optional<RemoteScope> Offer::scope_for(const RemoteScope& remote) const {
  if (!names_remotes()) return RemoteScope{};
  if (!remote.address) return std::nullopt;
  if (policy_->remote == msg::RemoteFlowPolicy::kMacro) return RemoteScope{remote.address, {}};
  if (!remote.port) return std::nullopt;
  return remote;
}

bool Offer::demand_more_detail() {
  if (!policy_) return false;
  if (policy_->remote == msg::RemoteFlowPolicy::kNone) {
    policy_->remote = msg::RemoteFlowPolicy::kMacro;
  } else if (policy_->remote == msg::RemoteFlowPolicy::kMacro) {
    policy_->remote = msg::RemoteFlowPolicy::kMicro;
  } else if (policy_->local == msg::LocalFlowPolicy::kMacro) {
    policy_->local = msg::LocalFlowPolicy::kMicro;
  } else {
    return false;
  }
  return true;
}

}  // namespace rsip::agent
