#include <algorithm>

#include "tests/gateway/engine/engine.h"
#include "tests/gateway/engine/granted.h"

// ASSIGN and LISTEN (RFC 3103 sections 9.6 to 9.9, 9.16 and 9.17).
namespace rsip::gateway {
namespace {

using msg::ErrorCode;

/// A bind's id is an L2TP session id as well, which has 16 bits and is never 0.
constexpr std::uint32_t kLastBindId = 65535;

/// Why a host that has its limit of binds gets nothing more.
ErrorCode none_left(msg::Method method) {
  switch (method) {
    case msg::Method::kRsaIp:
      return ErrorCode::kLocalAddrUnavailable;
    case msg::Method::kRsipsec:
      return ErrorCode::kIpsecSpiUnavailable;
    case msg::Method::kRsapIp:
      break;
  }
  return ErrorCode::kLocalAddrportUnavailable;
}

}  // namespace

void Engine::handle(const Context& request, const msg::AssignRequestRsaIp& message) {
  Registration* const host = admit(request);
  if (host == nullptr) return;
  const auto granted = grant(request, *host, wanted_by(message));
  if (!granted) return refuse(request, granted.error());
  const Bind& bind = *granted->bind;
  reply(request, msg::AssignResponseRsaIp{host->client,
                                          bind.id,
                                          bind.address,
                                          remote_address(bind.remote),
                                          remote_ports(bind.remote),
                                          granted->lease,
                                          bind.tunnel,
                                          endpoint(),
                                          {}});
}

void Engine::handle(const Context& request, const msg::AssignRequestRsapIp& message) {
  Registration* const host = admit(request);
  if (host == nullptr) return;
  const auto granted = grant(request, *host, wanted_by(message));
  if (!granted) return refuse(request, granted.error());
  const Bind& bind = *granted->bind;
  reply(request, msg::AssignResponseRsapIp{host->client,
                                           bind.id,
                                           bind.address,
                                           granted_ports(bind),
                                           remote_address(bind.remote),
                                           remote_ports(bind.remote),
                                           granted->lease,
                                           bind.tunnel,
                                           endpoint(),
                                           {}});
}

void Engine::handle(const Context& request, const msg::ListenRequest& message) {
  Registration* const host = admit(request);
  if (host == nullptr) return;
  const auto granted = grant(request, *host, wanted_by(message));
  if (!granted) return refuse(request, granted.error());
  const Bind& bind = *granted->bind;
  reply(request, msg::ListenResponse{host->client,
                                     bind.id,
                                     bind.address,
                                     granted_ports(bind),
                                     remote_address(bind.remote),
                                     remote_ports(bind.remote),
                                     bind.tunnel,
                                     granted->lease,
                                     endpoint(),
                                     {}});
}

Result<Engine::Granted, Engine::Refusal> Engine::grant(const Context& request, Registration& host,
                                                       const Wanted& wanted) {
  const ClassSettings& host_class = class_of(host);
  const auto pools = pools_.allowed(host_class, wanted.method, request.now);
  const bool none_yet =
      std::ranges::find(settings_.promised, wanted.method) != settings_.promised.end();
  const bool ipsec = wanted.method == msg::Method::kRsipsec;
  if (ipsec && (pools.empty() || !host_class.quota.ipsec)) {
    return tl::unexpected(Refusal{ErrorCode::kIpsecUnallowed});
  }
  if (pools.empty() && !none_yet) return tl::unexpected(Refusal{ErrorCode::kUnsupportedMessage});
  auto bind = draft(wanted);
  if (!bind) return tl::unexpected(bind.error());
  if (host.binds.size() >= host_class.quota.max_binds) {
    return tl::unexpected(Refusal{none_left(wanted.method), "limit of binds per host"});
  }
  if (pools.empty())
    return tl::unexpected(Refusal{ErrorCode::kLocalAddrUnavailable, "no pool yet"});
  const auto taken = take_some(*bind, request, host, wanted, pools);
  if (!taken) return tl::unexpected(taken.error());
  const msg::LeaseTime lease = lease_for(wanted.lease, host_class.quota, bind->pool, request.now);
  return Granted{&add_bind(request, host, std::move(*bind), lease), lease};
}

Result<void, Engine::Refusal> Engine::take_some(Bind& bind, const Context& request,
                                                const Registration& host, const Wanted& wanted,
                                                PoolIds pools) {
  switch (wanted.method) {
    case msg::Method::kRsaIp:
      return take_address(bind, request, host, wanted, pools);
    case msg::Method::kRsapIp:
      return take_ports(bind, request, host, wanted, pools);
    case msg::Method::kRsipsec:
      return take_spis(bind, request, host, wanted, pools);
  }
  return tl::unexpected(Refusal{ErrorCode::kUnsupportedMessage});
}

Result<Bind, Engine::Refusal> Engine::draft(const Wanted& wanted) const {
  const auto tunnel = chosen_tunnel(settings_.tunnels, wanted.tunnels);
  if (!tunnel) return tl::unexpected(Refusal{tunnel.error()});
  const bool micro = settings_.policy.local == msg::LocalFlowPolicy::kMicro;
  const msg::Ports* const ports = wanted.local_ports;
  const bool one_port = ports != nullptr && ports->count == 1;
  const bool no_port = ports != nullptr && ports->form == msg::Form::kDontNeed;
  if (micro && !one_port && !no_port) {
    return tl::unexpected(Refusal{ErrorCode::kFlowPolicyViolation, "not exactly one port"});
  }
  const auto remote = remote_scope(settings_.policy, wanted.remote, wanted.remote_ports);
  if (!remote) return tl::unexpected(Refusal{remote.error()});
  Bind bind;
  bind.method = wanted.method;
  bind.remote = *remote;
  bind.tunnel = *tunnel;
  bind.listens = wanted.listens;
  return bind;
}

Result<void, Engine::Refusal> Engine::take_address(Bind& bind, const Context& request,
                                                   const Registration& host, const Wanted& wanted,
                                                   PoolIds pools) {
  const auto wish = wished_address(wanted.local);
  if (!wish) return tl::unexpected(Refusal{wish.error()});
  if (host.whole_addresses >= class_of(host).quota.max_addresses) {
    return tl::unexpected(Refusal{ErrorCode::kLocalAddrUnavailable, "limit of addresses per host"});
  }
  const auto leased = pools_.addresses.assign(*wish, request.sender.host, pools, request.now);
  if (!leased) return tl::unexpected(Refusal{leased.error()});
  bind.address = leased->address;
  bind.pool = leased->pool;
  return {};
}

Result<void, Engine::Refusal> Engine::take_ports(Bind& bind, const Context& request,
                                                 const Registration& host, const Wanted& wanted,
                                                 PoolIds pools) {
  const auto wish = wished_ports(wanted.local, *wanted.local_ports);
  if (!wish) return tl::unexpected(Refusal{wish.error()});
  if (host.ports + wish->count > class_of(host).quota.max_ports) {
    return tl::unexpected(Refusal{ErrorCode::kLocalAddrportUnavailable, "limit of ports per host"});
  }
  auto tuple =
      pools_.ports.assign(*wish, request.sender.host, addresses_of(host), pools, request.now);
  if (!tuple) return tl::unexpected(Refusal{tuple.error()});
  bind.address = tuple->address;
  bind.pool = tuple->pool;
  bind.ports = std::move(tuple->ports);
  return {};
}

std::optional<msg::Address> Engine::endpoint() const {
  if (!settings_.endpoint) return std::nullopt;
  return msg::Address(*settings_.endpoint);
}

const Bind& Engine::add_bind(const Context& request, Registration& host, Bind bind,
                             msg::LeaseTime lease) {
  const Ipv4Address address = request.sender.host;
  do {
    bind.id = {host.last_bind = host.last_bind % kLastBindId + 1};
  } while (host.binds.contains(bind.id));
  bind.usage = std::make_shared<Usage>();
  bind.granted_at = request.now;
  set_expiry(address, bind, request.now + lease);
  set_expiry(address, host, std::max(host.expires_at, bind.expires_at));
  table_.set_tunnel(address, bind.tunnel);
  const Owner owner{address, bind.id, bind.remote, bind.listens, bind.usage};
  if (bind.method == msg::Method::kRsaIp) {
    ++host.whole_addresses;
    table_.add_whole(bind.address, owner);
  } else {
    ++host.shared_addresses[bind.address];
    host.ports += static_cast<std::uint32_t>(port_count(bind.ports));
    host.spis += static_cast<std::uint32_t>(spi_count(bind.spis));
    table_.add(bind.address, bind.ports, owner, bind.spis);
  }
  act(LeaseGranted{address, host.client, bind, lease, host.account});
  return host.binds.emplace(bind.id, std::move(bind)).first->second;
}

}  // namespace rsip::gateway
