#include "agent/datapath/flow_map.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "common/packet/ipv4_packet.h"
#include "common/packet/transport_header.h"

namespace rsip::agent {
namespace {

using packet::Protocol;

/// Flows looked at per call of expire(): some microseconds.
constexpr int kExpiryBudget = 64;
/// Calls of expire() when a port is needed and none is free.
constexpr int kExpiriesForAPort = 16;

/// Which of an address's pools; nothing for a protocol without ports.
std::optional<std::size_t> port_space(std::uint8_t protocol) {
  switch (static_cast<Protocol>(protocol)) {
    case Protocol::kTcp:
      return 0;
    case Protocol::kUdp:
      return 1;
    case Protocol::kIcmp:
      return 2;
    default:
      return std::nullopt;
  }
}

bool is_reset(std::uint8_t protocol, std::uint8_t tcp_flags) {
  return protocol == static_cast<std::uint8_t>(Protocol::kTcp) &&
         (tcp_flags & packet::kTcpRst) != 0;
}

}  // namespace

void FlowMap::use(const FlowTable& table) {
  may_grow_ = table.may_grow;
  std::unordered_map<Ipv4Address, Binding> wanted;
  for (const Binding& binding : table.bindings) {
    Binding& merged = wanted[binding.local];
    merged.ports.insert(merged.ports.end(), binding.ports.begin(), binding.ports.end());
    merged.all_ports |= binding.all_ports;
  }
  for (const auto& [address, state] : addresses_) wanted.try_emplace(address);
  std::unordered_set<Ipv4Address> changed_kind;
  for (const auto& [address, merged] : wanted) {
    Address& state = addresses_[address];
    if (state.all_ports != merged.all_ports) changed_kind.insert(address);
    state.all_ports = merged.all_ports;
    for (PortPool& pool : state.pools) pool.set_leased(merged.ports);
  }
  for (auto it = flows_.begin(); it != flows_.end();) {
    Flow& flow = (it++)->second;
    const SocketKey leased{flow.app.protocol, flow.app.local, flow.leased};
    const bool stays = is_leased(leased) && !changed_kind.contains(leased.local);
    if (flow.mapping != nullptr && !stays) forget(flow);
  }
  std::erase_if(addresses_, [&](const auto& entry) {
    return std::ranges::none_of(table.bindings,
                                [&](const Binding& b) { return b.local == entry.first; });
  });
}

FlowMap::Port FlowMap::outbound(const FlowKey& flow, std::uint8_t tcp_flags, TimePoint now) {
  if (const auto found = by_application_.find(flow); found != by_application_.end()) {
    Flow& known = *found->second;
    if (known.due > now) {
      known.life.outbound(tcp_flags);
      keep_alive(known, now);
      return known.leased;
    }
    end(known, known.due);
  }
  if (!is_leased(flow.local)) return tl::unexpected(DropReason::kSourceNotLeased);
  if (!covers(flow)) return tl::unexpected(DropReason::kProtocolNotLeased);
  // A reset that opens a flow would take a port for nothing.
  if (is_reset(flow.protocol, tcp_flags)) return tl::unexpected(DropReason::kNoFlow);
  return open(flow, tcp_flags, now);
}

FlowMap::Port FlowMap::inbound(const FlowKey& flow, std::uint8_t tcp_flags, TimePoint now) {
  const auto found = flows_.find(flow);
  if (found == flows_.end() || found->second.mapping == nullptr || found->second.due <= now) {
    const bool leased = is_leased(socket_of(flow));
    return tl::unexpected(leased ? DropReason::kUnsolicited : DropReason::kNoLease);
  }
  Flow& known = found->second;
  known.life.inbound(tcp_flags);
  keep_alive(known, now);
  return known.app.port;
}

std::optional<std::uint16_t> FlowMap::leased_port(const FlowKey& flow, TimePoint now) const {
  const auto found = by_application_.find(flow);
  if (found == by_application_.end() || found->second->due <= now) return std::nullopt;
  return found->second->leased;
}

std::optional<std::uint16_t> FlowMap::application_port(const FlowKey& flow, TimePoint now) const {
  const auto found = flows_.find(flow);
  if (found == flows_.end()) return std::nullopt;
  if (found->second.mapping == nullptr || found->second.due <= now) return std::nullopt;
  return found->second.app.port;
}

bool FlowMap::has_all_ports(Ipv4Address address) const {
  const auto found = addresses_.find(address);
  return found != addresses_.end() && found->second.all_ports;
}

FlowKey FlowMap::leased_side(const FlowKey& app, std::uint16_t leased) {
  FlowKey key = app;
  key.port = leased;
  return key;
}

bool FlowMap::covers(const FlowKey& flow) const {
  return has_all_ports(flow.local) || port_space(flow.protocol).has_value();
}

bool FlowMap::is_leased(const SocketKey& leased) const {
  const auto found = addresses_.find(leased.local);
  if (found == addresses_.end()) return false;
  if (found->second.all_ports) return true;
  const auto space = port_space(leased.protocol);
  return space && found->second.pools[*space].is_leased(leased.port);
}

// A remembered tuple is only good for the socket that had it before.
bool FlowMap::may_use(const FlowKey& flow, std::uint16_t leased, TimePoint now) const {
  const auto found = flows_.find(leased_side(flow, leased));
  if (found == flows_.end()) return true;
  const Flow& earlier = found->second;
  return earlier.mapping == nullptr && (earlier.due <= now || earlier.app.port == flow.port);
}

FlowMap::Port FlowMap::open(const FlowKey& flow, std::uint8_t tcp_flags, TimePoint now) {
  if (flows_.size() >= kMaxFlows) expire(now);
  if (flows_.size() >= kMaxFlows) return tl::unexpected(DropReason::kTooManyFlows);
  Mapping* const mapping = mapping_for(flow, now);
  if (mapping == nullptr) return tl::unexpected(DropReason::kNoFreePort);
  const FlowKey key = leased_side(flow, mapping->leased);
  if (const auto earlier = flows_.find(key); earlier != flows_.end()) forget(earlier->second);

  Flow& opened = flows_.try_emplace(key, flow, mapping->leased).first->second;
  opened.mapping = mapping;
  ++mapping->flows;
  by_application_[flow] = &opened;
  opened.life.outbound(tcp_flags);
  keep_alive(opened, now);
  return opened.leased;
}

FlowMap::Mapping* FlowMap::mapping_for(const FlowKey& flow, TimePoint now) {
  const SocketKey socket = socket_of(flow);
  const auto [first, last] = mappings_.equal_range(socket);
  for (auto it = first; it != last; ++it) {
    if (may_use(flow, it->second.leased, now)) return &it->second;
  }
  const auto port = take_port(flow, now);
  if (!port) return nullptr;
  if (port_space(flow.protocol)) ++users_of_port_[{0, flow.local, *port}];
  return &mappings_.emplace(socket, Mapping{*port})->second;
}

std::optional<std::uint16_t> FlowMap::take_port(const FlowKey& flow, TimePoint now) {
  Address& address = addresses_.at(flow.local);
  if (address.all_ports) return flow.port;
  PortPool& pool = address.pools[*port_space(flow.protocol)];
  auto port = take_rested_port(pool, flow, now);
  // Flows that ended may still hold theirs.
  bool more = true;
  for (int calls = 0; !port && more && calls < kExpiriesForAPort; ++calls) {
    more = expire(now);
    port = take_rested_port(pool, flow, now);
  }
  if (port || may_grow_) return port;
  // No other port is to be had. A tuple that has rested longest is better than no connection.
  return pool.take_any([](std::uint16_t) { return true; });
}

std::optional<std::uint16_t> FlowMap::take_rested_port(PortPool& pool, const FlowKey& flow,
                                                       TimePoint now) {
  if (pool.is_free(flow.port) && may_use(flow, flow.port, now)) {
    pool.take(flow.port);
    return flow.port;
  }
  return pool.take_any([&](std::uint16_t port) { return may_use(flow, port, now); });
}

void FlowMap::keep_alive(Flow& flow, TimePoint now) {
  const TimePoint due = now + flow.life.idle_limit();
  if (flow.next == nullptr || due < flow.due) {
    wheel_.schedule(flow, due);
  } else {
    flow.due = due;
  }
}

bool FlowMap::expire(TimePoint now) {
  for (int budget = kExpiryBudget; budget > 0; --budget) {
    auto* const flow = static_cast<Flow*>(wheel_.next_due(now));
    if (flow == nullptr) return false;
    if (flow->due > now) {
      wheel_.schedule(*flow, flow->due);
    } else if (flow->mapping == nullptr) {
      forget(*flow);
    } else {
      end(*flow, flow->due);
    }
  }
  return true;
}

// The port goes back; the tuple of a TCP connection stays remembered.
void FlowMap::end(Flow& flow, TimePoint when) {
  if (!flow.life.leaves_time_wait()) return forget(flow);
  release_mapping(flow);
  wheel_.schedule(flow, when + kTimeWait);
}

void FlowMap::forget(Flow& flow) {
  wheel_.remove(flow);
  release_mapping(flow);
  flows_.erase(leased_side(flow.app, flow.leased));
}

void FlowMap::release_mapping(Flow& flow) {
  if (flow.mapping == nullptr) return;
  by_application_.erase(flow.app);
  Mapping* const mapping = std::exchange(flow.mapping, nullptr);
  if (--mapping->flows > 0) return;

  if (const auto space = port_space(flow.app.protocol)) {
    addresses_.at(flow.app.local).pools[*space].give_back(flow.leased);
    const auto users = users_of_port_.find({0, flow.app.local, flow.leased});
    if (--users->second == 0) users_of_port_.erase(users);
  }
  const auto [first, last] = mappings_.equal_range(socket_of(flow.app));
  mappings_.erase(
      std::find_if(first, last, [&](const auto& entry) { return &entry.second == mapping; }));
}

}  // namespace rsip::agent
