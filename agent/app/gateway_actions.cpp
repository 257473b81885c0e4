#include <algorithm>
#include <bit>

#include <spdlog/spdlog.h>

#include "agent/app/gateway_client.h"

// What a session wants done, one function each.
namespace rsip::agent {
namespace {

std::int64_t seconds_between(TimePoint from, TimePoint to) {
  return std::chrono::duration_cast<std::chrono::seconds>(to - from).count();
}

std::string ports_of(const Lease& lease) {
  if (!lease.ports.empty()) return to_string(lease.ports);
  return lease.spis.empty() ? "all" : "none";
}

std::string spis_of(const Lease& lease) {
  return lease.spis.empty() ? "" : " spis=\"" + to_string(lease.spis) + "\"";
}

/// An answer that nobody can read leaves its request unanswered.
std::string unreadable(const msg::DecodeError& error) {
  return std::string("; what it sent cannot be read: ") + msg::to_string(error.code) + " at byte " +
         std::to_string(error.offset) + ", \"" + std::string(error.detail) + '"';
}

/// The networks that a gateway calls local; a netmask with holes names none.
std::vector<Ipv4Prefix> networks_in(const msg::QueryResponse& answer) {
  std::vector<Ipv4Prefix> networks;
  for (const msg::AddressTuple& tuple : answer.local_addresses) {
    if (const auto address = msg::ipv4_of(tuple.address)) networks.push_back({*address, 32});
  }
  for (const msg::NetworkTuple& tuple : answer.local_networks) {
    const auto address = msg::ipv4_of(tuple.network);
    const auto* const mask = std::get_if<msg::Ipv4Netmask>(&tuple.netmask);
    if (!address || mask == nullptr) continue;
    const auto length = static_cast<std::uint8_t>(std::countl_one(mask->value));
    const Ipv4Prefix network{{address->value & mask->value}, length};
    if (network.mask() == mask->value && length > 0) networks.push_back(network);
  }
  return networks;
}

}  // namespace

void GatewayClient::carry_out(const std::vector<SessionAction>& actions) {
  for (const SessionAction& action : actions) {
    std::visit([this](const auto& a) { carry_out(a); }, action);
  }
}

void GatewayClient::carry_out(const OpenLink&) {
  spdlog::debug("link.opening gateway={} port={} transport={}", target_->address.to_string(),
                target_->port, to_string(target_->transport));
  look_for_way();
  link_source_ = last_source_ = source_to_gateway();
  if (link_ == nullptr) link_ = platform_.make_link(config_, *target_, link_events());
  link_->open();
}

void GatewayClient::carry_out(const CloseLink&) {
  if (link_ != nullptr) link_->close();
}

void GatewayClient::carry_out(const Send& action) {
  spdlog::debug("message.sent type={}", msg::to_string(msg::type_of(action.message)));
  unread_.reset();
  link_->send(action.message);
}

void GatewayClient::carry_out(const SendAgain&) {
  spdlog::debug("message.sent_again gateway={}", config_.name);
  link_->send_again();
}

// Nothing was registered yet, so the transport may still change (RFC 3103 section 5).
void GatewayClient::carry_out(const UseTcp&) {
  spdlog::info("link.use_tcp gateway={}", config_.name);
  if (link_ != nullptr) link_->close();
  link_.reset();
  target_->transport = Transport::kTcp;
}

void GatewayClient::carry_out(const Registered& action) {
  spdlog::info("gateway.registered gateway={} client={} policy={}/{} lease_s={}", config_.name,
               action.response.client.value, msg::to_string(action.response.policy.local),
               msg::to_string(action.response.policy.remote), action.response.lease.count());
  happenings_.registered();
}

void GatewayClient::carry_out(const LeaseGranted& action) {
  problem_.reset();
  spdlog::info("lease.granted bind={} address={} ports=\"{}\"{} expires_in_s={}",
               action.lease.bind.value, action.lease.local.to_string(), ports_of(action.lease),
               spis_of(action.lease), seconds_between(platform_.now(), action.lease.expires_at));
  notes_.granted(action.lease, to_iso(platform_.wall()));
  happenings_.granted(action.lease, session_->leases().size() == 1);
  if (action.lease.listening) calls_.granted(action.lease);
}

void GatewayClient::carry_out(const LeaseExtended& action) {
  problem_.reset();
  spdlog::debug("lease.extended bind={} expires_in_s={}", action.lease.bind.value,
                seconds_between(platform_.now(), action.lease.expires_at));
  notes_.extended(action.lease, to_iso(platform_.wall()));
  happenings_.extended(action.lease);
}

void GatewayClient::carry_out(const LeaseLost& action) {
  notes_.lost(action.lease.bind);
  happenings_.lost(action.lease, action.reason, problem_);
  spdlog::info("lease.ended bind={} address={} ports=\"{}\" reason={}", action.lease.bind.value,
               action.lease.local.to_string(), ports_of(action.lease), action.reason);
}

void GatewayClient::carry_out(const LocalityKnown& action) {
  calls_.located(action);
  if (!action.asked_everything) return;
  auto networks = networks_in(action.answer);
  if (networks == local_networks_) return;
  local_networks_ = std::move(networks);
  spdlog::info("networks.local gateway={} count={}", config_.name, local_networks_.size());
  match_host();
}

void GatewayClient::carry_out(const SpisRefused& action) {
  spdlog::warn("spis.refused gateway={} count={} {}", config_.name, action.wanted.count,
               to_line(action.error));
  if (ipsec_ != nullptr) ipsec_->refused(action.wanted.exactly, action.error);
}

void GatewayClient::carry_out(const ListenFailed& action) {
  spdlog::warn("listen.failed port={} {}", action.wish.server_port, to_line(action.error));
  happenings_.listen_failed(action);
  std::erase(listens_, action.wish);
  calls_.failed(action);
}

void GatewayClient::carry_out(const Problem& action) {
  Error error = action.error;
  if (error.kind == ErrorKind::kTimeout && unread_) error.message += unreadable(*unread_);
  // A gateway does not answer whom it cannot tell from a forger.
  const bool sealed = !config_.trust.secret_file.empty();
  if (error.kind == ErrorKind::kTimeout && sealed &&
      !(link_ != nullptr && link_->authenticated())) {
    error.hint = "check that key id and secret are the same here and at the gateway";
  }
  if (problem_ != error) spdlog::warn("problem: gateway {}: {}", config_.name, to_line(error));
  problem_ = error;
  tell_trouble(action, error);
  if (fail_fast_ && action.fatal_for_start) fail_for_good(error);
}

/// Why a renewal failed is told of its lease. Without any way it is the host that cannot be
/// reached, not the gateway.
void GatewayClient::tell_trouble(const Problem& action, const Error& error) {
  const TimePoint now = platform_.now();
  if (!action.renewal) {
    if (has_way_ || error.kind != ErrorKind::kUnreachable) happenings_.trouble(error, now);
    return;
  }
  const bool first = notes_.failed(*action.renewal, error, to_iso(platform_.wall()));
  const Lease* const lease = lease_of(*action.renewal);
  if (first && lease != nullptr) happenings_.renewal_failed(*lease, error, now);
}

void GatewayClient::carry_out(const LeasesChanged&) {
  match_host();
}

void GatewayClient::carry_out(const Finished&) {
  finished_ = true;
}

}  // namespace rsip::agent
