#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "agent/app/gateway_client.h"

// What people ask a client for.
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

}  // namespace

void GatewayClient::put_down() {
  if (!std::exchange(up_, false)) return;
  searching_ = false;
  candidates_.clear();
  spdlog::info("gateway.down name={}", config_.name);
  if (session_) end_ipsec();
}

void GatewayClient::put_up() {
  if (std::exchange(up_, true)) return;
  spdlog::info("gateway.up name={}", config_.name);
  if (stopping_) return;  // for good
  problem_.reset();
  if (!session_) start();
}

void GatewayClient::renew(const std::vector<BindId>& binds) {
  feed(RenewWanted{binds});
}

void GatewayClient::listen(const ListenWish& wish, WaitingCalls::ListenAnswered answered) {
  if (!session_ || !up_) {
    return answered(
        fail(ErrorKind::kState, "gateway " + config_.name + " is not in use", "first: rsipctl up"));
  }
  std::erase_if(listens_, [&](const ListenWish& l) { return l.server_port == wish.server_port; });
  listens_.push_back(wish);
  calls_.add(wish, std::move(answered));
  feed(ListenWanted{wish});
  answer_met_listens();
}

/// What is had already is not asked for again. With a whole address leased that is every port (RFC
/// 3103 section 9.16).
void GatewayClient::answer_met_listens() {
  if (!session_ || session_->leases().empty()) return;
  for (const Lease& lease : session_->leases()) {
    if (lease.listening) calls_.granted(lease);
  }
  if (config_.method != msg::Method::kRsaIp) return;
  for (const ListenWish& wish : session_->listens()) {
    Lease lease = session_->leases().front();
    lease.server_port = wish.server_port;
    lease.ports = {{wish.server_port, 1}};
    calls_.granted(lease);
  }
}

Result<void> GatewayClient::unlisten(std::uint16_t server_port) {
  const auto erased = std::erase_if(
      listens_, [&](const ListenWish& wish) { return wish.server_port == server_port; });
  if (erased == 0) {
    return fail(ErrorKind::kNotFound,
                "no server on port " + std::to_string(server_port) + " is reachable through " +
                    config_.name,
                "rsipctl listen list shows which are");
  }
  feed(ListenUnwanted{server_port});
  return {};
}

void GatewayClient::query(const QueryWanted& query, WaitingCalls::QueryAnswered answered) {
  if (!session_ || !session_->client()) {
    return answered(fail(ErrorKind::kState, "this host is not registered with " + config_.name,
                         "rsipctl status says why"));
  }
  calls_.add(query, std::move(answered));
  feed(query);
}

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

}  // namespace rsip::agent
