#include <algorithm>

#include "tests/gateway/engine/engine.h"

// Requests of registered hosts: ASSIGN, EXTEND, FREE, QUERY (RFC 3103 sections 9.6 to 9.15).
namespace rsip::gateway {
namespace {

using msg::ErrorCode;

/// A bind's id is an L2TP session id as well, which has 16 bits and is never 0.
constexpr std::uint32_t kLastBindId = 65535;

bool is_dont_care(const msg::Address& address) {
  const auto ipv4 = msg::ipv4_of(address);
  return std::holds_alternative<msg::DontCare>(address) || (ipv4 && ipv4->is_unspecified());
}

/// The local address asked for. 0.0.0.0 stands for "any" as well: section 9.8.3 speaks of zeros.
Result<std::optional<Ipv4Address>, ErrorCode> wished_address(const msg::Address& address) {
  if (is_dont_care(address)) return std::nullopt;
  if (const auto ipv4 = msg::ipv4_of(address)) return ipv4;
  if (std::holds_alternative<msg::Ipv6Address>(address)) {
    return tl::unexpected(ErrorCode::kLocalAddrUnallowed);
  }
  return tl::unexpected(ErrorCode::kBadParam);  // a netmask, or a name (section 8.1)
}

Result<PortWish, ErrorCode> wished_ports(const msg::AssignRequestRsapIp& message) {
  const auto address = wished_address(message.local);
  if (!address) return tl::unexpected(address.error());
  const msg::Ports& ports = message.local_ports;
  const bool any =
      ports.form == msg::Form::kDontCare ||
      (ports.form == msg::Form::kContiguous && ports.numbers == std::vector<std::uint16_t>{0});
  PortWish wish{*address, {}, ports.count};
  if (!any) wish.ports = ports.ranges();
  if (wish.count == 0) return tl::unexpected(ErrorCode::kBadParam);
  if (!any && port_count(wish.ports) != wish.count) return tl::unexpected(ErrorCode::kBadParam);
  return wish;
}

/// The ports of a bind in the form they were asked for: blocks are always one range.
msg::Ports granted_ports(const Bind& bind) {
  if (bind.ports.size() == 1) return msg::Ports::contiguous(bind.ports.front());
  std::vector<std::uint16_t> ports;
  for (const PortRange& range : bind.ports) {
    for (std::uint32_t port = range.first; port <= range.last(); ++port) {
      ports.push_back(static_cast<std::uint16_t>(port));
    }
  }
  return msg::Ports::listed(std::move(ports));
}

bool unknown_tunnel(const std::optional<msg::TunnelType>& tunnel) {
  return tunnel && *tunnel != msg::TunnelType::kIpIp;
}

std::vector<Ipv4Address> addresses_of(const Registration& host) {
  std::vector<Ipv4Address> addresses;
  for (const auto& [address, binds] : host.shared_addresses) addresses.push_back(address);
  return addresses;
}

}  // namespace

void Engine::handle(const Context& request, const msg::AssignRequestRsaIp& message) {
  Registration* const host = admit(request);
  if (host == nullptr) return;
  if (addresses_.empty()) return refuse(request, ErrorCode::kUnsupportedMessage);
  if (unknown_tunnel(message.tunnel)) return refuse(request, ErrorCode::kBadTunnelType);
  const auto wish = wished_address(message.local);
  if (!wish) return refuse(request, wish.error());
  if (host->whole_addresses >= settings_.hosts.max_addresses) {
    return refuse(request, ErrorCode::kLocalAddrUnavailable, "limit of addresses per host");
  }
  const auto address = addresses_.assign(*wish, request.host, request.now);
  if (!address) return refuse(request, address.error());

  const msg::LeaseTime lease = lease_for(message.lease);
  const Bind& bind = add_bind(request, *host, {{}, msg::Method::kRsaIp, *address, {}, {}}, lease);
  // Without a remote flow policy both remote parameters are "don't care" (section 9.7.3).
  reply(request, msg::AssignResponseRsaIp{host->client,
                                          bind.id,
                                          bind.address,
                                          msg::DontCare{},
                                          msg::Ports::dont_care(1),
                                          lease,
                                          msg::TunnelType::kIpIp,
                                          std::nullopt,
                                          {}});
}

void Engine::handle(const Context& request, const msg::AssignRequestRsapIp& message) {
  Registration* const host = admit(request);
  if (host == nullptr) return;
  if (ports_.empty()) return refuse(request, ErrorCode::kUnsupportedMessage);
  if (unknown_tunnel(message.tunnel)) return refuse(request, ErrorCode::kBadTunnelType);
  const auto wish = wished_ports(message);
  if (!wish) return refuse(request, wish.error());
  if (host->ports + wish->count > settings_.hosts.max_ports) {
    return refuse(request, ErrorCode::kLocalAddrportUnavailable, "limit of ports per host");
  }
  auto tuple = ports_.assign(*wish, request.host, addresses_of(*host), request.now);
  if (!tuple) return refuse(request, tuple.error());

  const msg::LeaseTime lease = lease_for(message.lease);
  const Bind& bind =
      add_bind(request, *host,
               {{}, msg::Method::kRsapIp, tuple->address, std::move(tuple->ports), {}}, lease);
  reply(request, msg::AssignResponseRsapIp{host->client,
                                           bind.id,
                                           bind.address,
                                           granted_ports(bind),
                                           msg::DontCare{},
                                           msg::Ports::dont_care(1),
                                           lease,
                                           msg::TunnelType::kIpIp,
                                           std::nullopt,
                                           {}});
}

void Engine::handle(const Context& request, const msg::ExtendRequest& message) {
  Registration* const host = admit(request);
  if (host == nullptr) return;
  const auto known = host->binds.find(message.bind);
  if (known == host->binds.end()) return refuse(request, ErrorCode::kBadBindId);
  Bind& bind = known->second;
  const msg::LeaseTime lease = lease_for(message.lease);
  deadlines_.erase({bind.expires_at, false, request.host, bind.id});
  bind.expires_at = request.now + lease;
  deadlines_.insert({bind.expires_at, false, request.host, bind.id});
  set_expiry(request.host, *host, std::max(host->expires_at, bind.expires_at));
  act(LeaseExtended{request.host, host->client, bind.id, lease});
  reply(request, msg::ExtendResponse{host->client, bind.id, lease, {}});
}

void Engine::handle(const Context& request, const msg::FreeRequest& message) {
  Registration* const host = admit(request);
  if (host == nullptr) return;
  if (!host->binds.contains(message.bind)) return refuse(request, ErrorCode::kBadBindId);
  end_bind(request.host, *host, message.bind, "freed", request.now);
  reply(request, msg::FreeResponse{host->client, message.bind, {}});
}

void Engine::handle(const Context& request, const msg::QueryRequest& message) {
  const Registration* const host = admit(request);
  if (host == nullptr) return;
  msg::QueryResponse response{host->client, {}, {}, {}, {}, {}};
  for (const msg::AddressTuple& tuple : message.addresses) {
    const auto address = msg::ipv4_of(tuple.address);
    const bool local = address && std::ranges::any_of(settings_.local_networks, [&](auto& network) {
                         return network.contains(*address);
                       });
    if (local) response.local_addresses.push_back(tuple);
  }
  std::ranges::copy_if(message.networks, std::back_inserter(response.local_networks),
                       [this](const msg::NetworkTuple& tuple) { return is_local(tuple); });
  if (message.addresses.empty() && message.networks.empty()) {
    for (const Ipv4Prefix& network : settings_.local_networks) {
      response.local_networks.push_back({network.address, msg::Ipv4Netmask{network.mask()}});
    }
  }
  reply(request, std::move(response));
}

void Engine::handle(const Context& request, const msg::ListenRequest&) {
  if (admit(request) != nullptr) refuse(request, ErrorCode::kUnsupportedMessage);
}

void Engine::handle(const Context& request, const msg::AssignRequestRsipsec&) {
  if (admit(request) != nullptr) refuse(request, ErrorCode::kUnsupportedMessage);
}

bool Engine::is_local(const msg::NetworkTuple& tuple) const {
  const auto address = msg::ipv4_of(tuple.network);
  const auto* const mask = std::get_if<msg::Ipv4Netmask>(&tuple.netmask);
  if (!address || mask == nullptr) return false;
  return std::ranges::any_of(settings_.local_networks, [&](const Ipv4Prefix& network) {
    return network.contains(*address) && (mask->value & network.mask()) == network.mask();
  });
}

msg::LeaseTime Engine::lease_for(const std::optional<msg::LeaseTime>& suggested) const {
  const LeaseSettings& lease = settings_.lease;
  const std::chrono::seconds wanted = suggested ? std::chrono::seconds(*suggested) : lease.standard;
  return msg::LeaseTime(
      static_cast<std::uint32_t>(std::clamp(wanted, lease.minimum, lease.maximum).count()));
}

const Bind& Engine::add_bind(const Context& request, Registration& host, Bind bind,
                             msg::LeaseTime lease) {
  do {
    bind.id = {host.last_bind = host.last_bind % kLastBindId + 1};
  } while (host.binds.contains(bind.id));
  bind.usage = std::make_shared<Usage>();
  bind.expires_at = request.now + lease;
  deadlines_.insert({bind.expires_at, false, request.host, bind.id});
  set_expiry(request.host, host, std::max(host.expires_at, bind.expires_at));
  const Owner owner{request.host, bind.id, bind.remote, bind.listens, bind.usage};
  table_.set_tunnel(request.host, bind.tunnel);
  if (bind.method == msg::Method::kRsapIp) {
    ++host.shared_addresses[bind.address];
    host.ports += static_cast<std::uint32_t>(port_count(bind.ports));
    table_.add(bind.address, bind.ports, owner);
  } else {
    ++host.whole_addresses;
    table_.add_whole(bind.address, owner);
  }
  act(LeaseGranted{request.host, host.client, bind, lease});
  return host.binds.emplace(bind.id, std::move(bind)).first->second;
}

void Engine::end_bind(Ipv4Address host, Registration& registration, BindId id, const char* reason,
                      TimePoint now) {
  const auto node = registration.binds.extract(id);
  const Bind& bind = node.mapped();
  deadlines_.erase({bind.expires_at, false, host, id});
  if (bind.method == msg::Method::kRsapIp) {
    const auto uses = registration.shared_addresses.find(bind.address);
    if (--uses->second == 0) registration.shared_addresses.erase(uses);
    registration.ports -= static_cast<std::uint32_t>(port_count(bind.ports));
    table_.remove(bind.address, bind.ports, host);
    ports_.give_back({bind.address, bind.ports}, host, now);
  } else {
    --registration.whole_addresses;
    table_.remove_whole(bind.address);
    addresses_.give_back(bind.address, host, now);
  }
  act(LeaseEnded{host, registration.client, bind, reason});
}

}  // namespace rsip::gateway
