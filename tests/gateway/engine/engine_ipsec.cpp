#include <algorithm>

#include "tests/gateway/engine/engine.h"
#include "tests/gateway/engine/granted.h"

// ASSIGN_REQUEST_RSIPSEC (RFC 3104 section 6.2): an address, SPIs and perhaps ports, all or
// nothing.
namespace rsip::gateway {
namespace {

using msg::ErrorCode;

bool is_about_spis(ErrorCode error) {
  return error == ErrorCode::kIpsecSpiUnavailable || error == ErrorCode::kIpsecSpiInuse;
}

}  // namespace

void Engine::handle(const Context& request, const msg::AssignRequestRsipsec& message) {
  Registration* const host = admit(request);
  if (host == nullptr) return;
  const auto granted = grant(request, *host, wanted_by(message));
  if (!granted) return refuse(request, granted.error());
  const Bind& bind = *granted->bind;
  const bool no_remote_ports = message.remote_ports.form == msg::Form::kDontNeed;
  reply(request, msg::AssignResponseRsipsec{
                     host->client,
                     bind.id,
                     bind.address,
                     granted_ports(bind),
                     remote_address(bind.remote),
                     no_remote_ports ? msg::Ports::dont_need() : remote_ports(bind.remote),
                     granted_spis(bind),
                     granted->lease,
                     bind.tunnel,
                     endpoint(),
                     {}});
}

Result<void, Engine::Refusal> Engine::take_spis(Bind& bind, const Context& request,
                                                const Registration& host, const Wanted& wanted,
                                                PoolIds pools) {
  const auto address = wished_address(wanted.local);
  if (!address) return tl::unexpected(Refusal{address.error()});
  const auto ports = wished_ipsec_ports(wanted.local, *wanted.local_ports);
  if (!ports) return tl::unexpected(Refusal{ports.error()});
  const auto spis = wished_spis(*wanted.spis);
  if (!spis) return tl::unexpected(Refusal{spis.error()});
  const Quota& quota = class_of(host).quota;
  if (host.spis + spis->count > quota.max_spis) {
    return tl::unexpected(Refusal{ErrorCode::kIpsecSpiUnavailable, "limit of SPIs per host"});
  }
  if (*ports && host.ports + (*ports)->count > quota.max_ports) {
    return tl::unexpected(Refusal{ErrorCode::kLocalAddrportUnavailable, "limit of ports per host"});
  }
  const IpsecWish wish{request.sender.host, *ports, *spis};
  const auto taken = *address ? take_spis_at(**address, bind, wish, pools, request.now)
                              : take_spis_anywhere(bind, wish, host, pools, request.now);
  if (!taken) return tl::unexpected(Refusal{taken.error()});
  return {};
}

// The addresses that the host has; then the one with the most ports to spare, or any if it needs
// none, so that hosts are spread; then whatever is left.
Result<void, ErrorCode> Engine::take_spis_anywhere(Bind& bind, const IpsecWish& wish,
                                                   const Registration& host, PoolIds pools,
                                                   TimePoint now) {
  Result<void, ErrorCode> taken = tl::unexpected(ErrorCode::kLocalAddrUnavailable);
  bool ports_lack = false;
  const auto succeeds = [&](Ipv4Address address) {
    if (!pools_.spis.pool_of(address, pools)) return false;
    taken = take_spis_at(address, bind, wish, pools, now);
    ports_lack = ports_lack || (!taken && !is_about_spis(taken.error()));
    return taken.has_value();
  };
  if (std::ranges::any_of(addresses_of(host), succeeds)) return taken;
  const auto next =
      wish.ports ? pools_.ports.roomiest_address(pools) : pools_.spis.some_address(pools);
  if (next && succeeds(*next)) return taken;
  if (std::ranges::any_of(pools_.spis.addresses(pools), succeeds)) return taken;
  // No address was named, so that it is not one that is full.
  if (ports_lack && (is_about_spis(taken.error()) || taken.error() == ErrorCode::kLocalAddrInuse)) {
    return tl::unexpected(ErrorCode::kLocalAddrportUnavailable);
  }
  return taken;
}

Result<void, ErrorCode> Engine::take_spis_at(Ipv4Address address, Bind& bind, const IpsecWish& wish,
                                             PoolIds pools, TimePoint now) {
  const auto pool = pools_.spis.pool_of(address, pools);
  if (!pool) return tl::unexpected(ErrorCode::kLocalAddrUnallowed);
  if (auto free = pools_.spis.check(*pool, address, wish.spis, wish.host, now); !free) return free;
  if (wish.ports) {
    PortWish ports = *wish.ports;
    ports.address = address;
    auto tuple = pools_.ports.assign(ports, wish.host, {}, {&*pool, 1}, now);
    if (!tuple) return tl::unexpected(tuple.error());
    bind.ports = std::move(tuple->ports);
  }
  bind.address = address;
  bind.pool = *pool;
  bind.spis = pools_.spis.take(*pool, address, wish.spis);
  return {};
}

}  // namespace rsip::gateway
