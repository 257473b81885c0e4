#include <algorithm>
#include <string>

#include "agent/app/gateway_client.h"

// Single leases: what people ask about them, and whether they are extended in time.
namespace rsip::agent {
namespace {

/// Goes out with any flow: neither a server's nor for IPsec.
bool is_outgoing(const Lease& lease) {
  return !lease.listening && lease.spis.empty();
}

/// Ports that count towards max_ports.
std::size_t ports_held(const Session& session) {
  std::size_t held = 0;
  for (const Lease& lease : session.leases()) {
    if (lease.spis.empty()) held += port_count(lease.ports);
  }
  return held;
}

/// When a lease should have been extended by all means: an eighth of its life is left.
TimePoint overdue_at(const Lease& lease) {
  return lease.expires_at - lease.granted / 8;
}

}  // namespace

Result<void> GatewayClient::request_lease(const RemoteScope& remote) {
  if (!session_ || !session_->client() || !session_->policy()) {
    return fail(ErrorKind::kState, "this host is not registered with " + config_.name,
                "rsipctl status says why");
  }
  if (auto named = check_remote(remote); !named) return named;
  const bool whole = config_.method == msg::Method::kRsaIp;
  if (!whole && ports_held(*session_) >= config_.max_ports) {
    return fail(ErrorKind::kNoResources,
                "all " + std::to_string(config_.max_ports) + " ports that may be leased from " +
                    config_.name + " are leased",
                "give some back: rsipctl lease release --unused; or raise max_ports");
  }
  if (!session_->may_grow()) {
    return fail(ErrorKind::kNoResources, config_.name + " had no more to lease a moment ago",
                "try again in half a minute");
  }
  feed(PortsWanted{{remote}});
  return {};
}

/// Whether a lease for that remote makes sense under the gateway's flow policy (RFC 3103 section
/// 7.2).
Result<void> GatewayClient::check_remote(const RemoteScope& remote) const {
  const auto policy = session_->policy()->remote;
  if (policy == msg::RemoteFlowPolicy::kNone) {
    if (config_.method != msg::Method::kRsaIp) return {};
    return fail(ErrorKind::kState, "with a whole address leased there is no more to lease",
                "set addresses in [[gateway]] for more than one address");
  }
  if (!remote.address || (policy == msg::RemoteFlowPolicy::kMicro && !remote.port)) {
    const bool port = policy == msg::RemoteFlowPolicy::kMicro;
    return fail(
        ErrorKind::kUsage,
        config_.name + " leases for one remote " + (port ? "address and port" : "address") +
            " at a time (its flow policy)",
        std::string("name it: rsipctl lease request --remote 198.51.100.7") + (port ? ":443" : ""));
  }
  const auto refused = session_->refused();
  const bool denied = std::ranges::any_of(refused, [&remote](const RemoteScope& scope) {
    return scope.address == remote.address && (!scope.port || scope.port == remote.port);
  });
  if (!denied) return {};
  return fail(ErrorKind::kDenied,
              config_.name + " refused " + remote.address->to_string() + " a moment ago",
              "ask its operator");
}

// The last one carries this host's traffic, and the agent would ask for another at once: giving
// everything back is what `down` is for. SPIs belong to security associations.
Result<void> GatewayClient::may_release(const std::vector<BindId>& binds) const {
  if (!session_) return {};
  const auto named = [&binds](const Lease& lease) {
    return std::ranges::find(binds, lease.bind) != binds.end();
  };
  const auto& leases = session_->leases();
  for (const Lease& lease : leases) {
    if (!named(lease) || lease.spis.empty()) continue;
    return fail(ErrorKind::kState,
                "bind " + std::to_string(lease.bind.value) + " has the SPIs that IPsec uses",
                "the agent gives it back by itself when no security association uses it");
  }
  const bool takes_some = std::ranges::any_of(
      leases, [&](const Lease& lease) { return named(lease) && is_outgoing(lease); });
  const bool leaves_some = std::ranges::any_of(leases, [&](const Lease& lease) {
    return !named(lease) && is_outgoing(lease) && !lease.retiring;
  });
  if (!takes_some || leaves_some) return {};
  return fail(ErrorKind::kState, "that would leave nothing leased from " + config_.name,
              "to give everything back: rsipctl down " + config_.name);
}

void GatewayClient::release(const std::vector<BindId>& binds) {
  for (const BindId bind : binds) {
    const Lease* const lease = lease_of(bind);
    if (lease == nullptr || !lease->listening) continue;
    std::erase_if(listens_, [lease](const ListenWish& wish) {
      return wish.server_port == lease->server_port;
    });
  }
  feed(ReleaseWanted{binds});
}

/// In two steps, like what has been idle for long: a flow may be about to begin.
Result<void> GatewayClient::release_unused() {
  if (config_.forward) {
    return fail(ErrorKind::kState,
                "what the hosts behind this one use of " + config_.name + " cannot be known",
                "name the binds to give back");
  }
  LeasesIdle idle;
  for (const BindingUse& use : tunnel_.use()) {
    const bool needed = use.in_use || is_anchor(use.bind) || is_for_ipsec(use.bind);
    if (!needed && !use.retiring && !notes_.is_held(use.bind)) idle.idle.push_back(use.bind);
  }
  if (idle.idle.empty()) return {};
  feed(idle);
  check_use_at_ = std::min(check_use_at_, platform_.now() + std::chrono::seconds(1));
  events_.changed();
  return {};
}

void GatewayClient::hold(BindId bind, bool hold) {
  notes_.hold(bind, hold);
  if (hold) feed(HoldWanted{bind});
  events_.changed();
}

/// When it is to be told that a lease was not extended in time; told ones do not count.
TimePoint GatewayClient::next_overdue() const {
  TimePoint next = TimePoint::max();
  for (const Lease& lease : session_->leases()) {
    if (!lease.retiring && !notes_.has_failed(lease.bind)) next = std::min(next, overdue_at(lease));
  }
  return next;
}

void GatewayClient::look_after_renewals(TimePoint now) {
  if (!session_ || now < next_overdue()) return;
  const Error why = problem_.value_or(
      Error{ErrorKind::kTimeout, "gateway " + config_.name + " has not extended it so far",
            "the agent asks again until its end"});
  for (const Lease& lease : session_->leases()) {
    if (lease.retiring || now < overdue_at(lease) || notes_.has_failed(lease.bind)) continue;
    notes_.failed(lease.bind, why, to_iso(platform_.wall()));
    // After a sleep it may be over as well, which is told by itself.
    if (now < lease.expires_at) happenings_.renewal_failed(lease, why, now);
  }
  events_.changed();
}

}  // namespace rsip::agent
