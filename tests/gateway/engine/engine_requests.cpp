#include <algorithm>

#include "tests/gateway/engine/engine.h"

// EXTEND, FREE and QUERY (RFC 3103 sections 9.10 to 9.15).
namespace rsip::gateway {

using msg::ErrorCode;

void Engine::handle(const Context& request, const msg::ExtendRequest& message) {
  Registration* const host = admit(request);
  if (host == nullptr) return;
  const auto known = host->binds.find(message.bind);
  if (known == host->binds.end()) return refuse(request, {ErrorCode::kBadBindId});
  Bind& bind = known->second;
  const msg::LeaseTime lease =
      lease_for(message.lease, class_of(*host).quota, bind.pool, request.now);
  if (lease == msg::LeaseTime(0)) {  // its pool ends: section 9.10.3
    end_bind(request.sender.host, *host, message.bind, "pool_ends", request.now);
    return reply(request, msg::FreeResponse{host->client, message.bind, {}});
  }
  set_expiry(request.sender.host, bind, request.now + lease);
  set_expiry(request.sender.host, *host, std::max(host->expires_at, bind.expires_at));
  act(LeaseExtended{request.sender.host, host->client, bind.id, lease});
  reply(request, msg::ExtendResponse{host->client, bind.id, lease, {}});
}

void Engine::handle(const Context& request, const msg::FreeRequest& message) {
  Registration* const host = admit(request);
  if (host == nullptr) return;
  if (!host->binds.contains(message.bind)) return refuse(request, {ErrorCode::kBadBindId});
  end_bind(request.sender.host, *host, message.bind, "freed", request.now);
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

bool Engine::is_local(const msg::NetworkTuple& tuple) const {
  const auto address = msg::ipv4_of(tuple.network);
  const auto* const mask = std::get_if<msg::Ipv4Netmask>(&tuple.netmask);
  if (!address || mask == nullptr) return false;
  return std::ranges::any_of(settings_.local_networks, [&](const Ipv4Prefix& network) {
    return network.contains(*address) && (mask->value & network.mask()) == network.mask();
  });
}

}  // namespace rsip::gateway
