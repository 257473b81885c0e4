#include <algorithm>

#include "tests/gateway/engine/engine.h"

// REGISTER and DE-REGISTER (RFC 3103 sections 9.2 to 9.5), and which class a host belongs to.
namespace rsip::gateway {
namespace {

using msg::ErrorCode;

bool any_contains(const std::vector<Ipv4Prefix>& prefixes, Ipv4Address address) {
  return std::ranges::any_of(prefixes, [&](const Ipv4Prefix& p) { return p.contains(address); });
}

bool belongs(const ClassSettings& to, const Sender& sender) {
  const bool by_key = sender.key && std::ranges::find(to.keys, *sender.key) != to.keys.end();
  return by_key || any_contains(to.hosts, sender.host);
}

/// The L2TP tunnel id of a host.
std::uint16_t tunnel_id(ClientId client) {
  return static_cast<std::uint16_t>(client.value);
}

}  // namespace

void Engine::handle(const Context& request, const msg::RegisterRequest&) {
  const Sender& sender = request.sender;
  if (const Registration* known = find(sender.host)) {
    Context named = request;
    named.client = known->client;
    return refuse(named, {ErrorCode::kAlreadyRegistered});
  }
  const auto index = class_of(sender);
  if (!index) return refuse(request, {ErrorCode::kRegistrationDenied});
  if (hosts_.size() >= settings_.hosts.max_hosts) {
    return refuse(request, {ErrorCode::kRegistrationDenied, "limit of hosts"});
  }
  const ClassSettings& host_class = classes_[*index];
  const msg::LeaseTime lease = lease_for(std::nullopt, host_class.quota);
  Registration& host = hosts_[sender.host];
  host.client = next_client();
  host.transport = sender.transport;
  host.account = {sender.key, host_class.name};
  host.class_index = *index;
  tunnel_ids_.insert(tunnel_id(host.client));
  set_expiry(sender.host, host, request.now + lease);
  table_.add_host(sender.host, host.client);
  act(HostRegistered{sender.host, host.client, lease});
  reply(request, msg::RegisterResponse{host.client,
                                       lease,
                                       {settings_.policy.local, settings_.policy.remote},
                                       methods_for(host_class, request.now),
                                       settings_.tunnels,
                                       {}});
}

void Engine::handle(const Context& request, const msg::DeRegisterRequest&) {
  if (find(request.sender.host) == nullptr) {
    return refuse(request, {settings_.deregister_refusal});
  }
  const Registration* const host = admit(request);
  if (host == nullptr) return;
  const ClientId client = host->client;
  end_registration(request.sender.host, "deregistered", request.now);
  reply(request, msg::DeRegisterResponse{client, {}});
}

std::optional<std::size_t> Engine::class_of(const Sender& sender) const {
  if (any_contains(settings_.hosts.deny, sender.host)) return std::nullopt;
  for (std::size_t i = 0; i < settings_.classes.size(); ++i) {
    if (belongs(settings_.classes[i], sender)) return i;
  }
  if (!any_contains(settings_.hosts.allow, sender.host)) return std::nullopt;
  return settings_.classes.size();
}

std::vector<msg::Method> Engine::methods_for(const ClassSettings& of, TimePoint now) const {
  std::vector<msg::Method> methods;
  for (const msg::Method method : {msg::Method::kRsaIp, msg::Method::kRsapIp}) {
    // RFC 3103 section 7.1: RSA-IP goes with the local macro policy alone.
    if (method == msg::Method::kRsaIp && settings_.policy.local == msg::LocalFlowPolicy::kMicro) {
      continue;
    }
    const auto& promised = settings_.promised;
    const bool comes = std::ranges::find(promised, method) != promised.end();
    if (comes || !pools_.allowed(of, method, now).empty()) methods.push_back(method);
  }
  const bool ipsec = of.quota.ipsec && !pools_.allowed(of, msg::Method::kRsipsec, now).empty();
  if (ipsec) methods.push_back(msg::Method::kRsipsec);
  return methods;
}

msg::LeaseTime Engine::lease_for(const std::optional<msg::LeaseTime>& suggested,
                                 const Quota& quota) const {
  const LeaseSettings& lease = settings_.lease;
  const std::chrono::seconds wanted = suggested ? std::chrono::seconds(*suggested) : lease.standard;
  std::chrono::seconds granted = std::clamp(wanted, lease.minimum, lease.maximum);
  if (quota.max_lease) granted = std::min(granted, *quota.max_lease);
  return msg::LeaseTime(static_cast<std::uint32_t>(granted.count()));
}

msg::LeaseTime Engine::lease_for(const std::optional<msg::LeaseTime>& suggested, const Quota& quota,
                                 PoolId pool, TimePoint now) const {
  const auto left = std::chrono::floor<std::chrono::seconds>(pools_.until(pool) - now);
  const std::chrono::seconds granted =
      std::min(std::chrono::seconds(lease_for(suggested, quota)), left);
  return msg::LeaseTime(
      static_cast<std::uint32_t>(std::max(granted, std::chrono::seconds(0)).count()));
}

ClientId Engine::next_client() {
  do {
    ++last_client_;
  } while (tunnel_id({last_client_}) == 0 || tunnel_ids_.contains(tunnel_id({last_client_})));
  return {last_client_};
}

}  // namespace rsip::gateway
