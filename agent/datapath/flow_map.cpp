#include "agent/datapath/flow_map.h"

#include <algorithm>
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

bool is(std::uint8_t protocol, Protocol which) {
  return protocol == static_cast<std::uint8_t>(which);
}

bool is_reset(const FlowKey& flow, std::uint8_t tcp_flags) {
  return is(flow.protocol, Protocol::kTcp) && (tcp_flags & packet::kTcpRst) != 0;
}

/// A packet that begins something: others may be the rest of what this host has forgotten.
bool is_first_from_outside(const FlowKey& flow, std::uint8_t tcp_flags) {
  using namespace packet;
  if (!is(flow.protocol, Protocol::kTcp)) return is(flow.protocol, Protocol::kUdp);
  return (tcp_flags & (kTcpSyn | kTcpAck | kTcpRst | kTcpFin)) == kTcpSyn;
}

bool takes_new_flows(const PortMapping& mapping) {
  return mapping.binding != nullptr && !mapping.binding->binding.retiring;
}

}  // namespace

bool FlowMap::use(const FlowTable& table, TimePoint now) {
  const auto lost = bindings_.use(table, now);
  HookedList<PortMapping, struct OfBinding> waiting;
  waiting.swap(mappings_.orphans());
  settle(waiting);
  for (const auto& binding : lost) settle(binding->mappings);
  return !lost.empty();
}

void FlowMap::settle(HookedList<PortMapping, struct OfBinding>& homeless) {
  while (!homeless.empty()) {
    PortMapping& mapping = homeless.front();
    if (!mappings_.move(mapping) && !bindings_.suspended()) end_flows(mapping);
  }
}

void FlowMap::end_flows(PortMapping& mapping) {
  for (bool last = false; !last;) {
    Flow& flow = mapping.flows.front();
    last = &flow == &mapping.flows.back();
    forget(flow);
  }
}

FlowMap::Port FlowMap::outbound(const FlowKey& flow, std::uint8_t tcp_flags, TimePoint now,
                                std::size_t bytes) {
  if (const auto found = by_application_.find(flow); found != by_application_.end()) {
    Flow& known = *found->second;
    if (known.due > now) {
      if (known.mapping->binding == nullptr) return tl::unexpected(DropReason::kNoFreePort);
      known.life.outbound(tcp_flags);
      known.sent_bytes += bytes;
      note_proof(known);
      keep_alive(known, now);
      return known.leased;
    }
    end(known, known.due);
  }
  if (!bindings_.knows(flow.local)) return tl::unexpected(DropReason::kSourceNotLeased);
  if (!port_space(flow.protocol) && !bindings_.has_all_ports(flow.local)) {
    return tl::unexpected(DropReason::kProtocolNotLeased);
  }
  // A reset that opens a flow would take a port for nothing.
  if (is_reset(flow, tcp_flags)) return tl::unexpected(DropReason::kNoFlow);
  return open(flow, tcp_flags, now, bytes);
}

FlowMap::Port FlowMap::inbound(const FlowKey& flow, std::uint8_t tcp_flags, TimePoint now,
                               std::size_t bytes) {
  const auto found = flows_.find(flow);
  if (found == flows_.end() || found->second.mapping == nullptr || found->second.due <= now) {
    return admit(flow, tcp_flags, now, bytes);
  }
  Flow& known = found->second;
  if (known.mapping->binding == nullptr) return tl::unexpected(DropReason::kNoLease);
  known.life.inbound(tcp_flags);
  known.received_bytes += bytes;
  note_proof(known);
  keep_alive(known, now);
  return known.app.port;
}

std::optional<std::uint16_t> FlowMap::leased_port(const FlowKey& flow, TimePoint now) const {
  const auto found = by_application_.find(flow);
  if (found == by_application_.end()) return std::nullopt;
  const Flow& known = *found->second;
  if (known.due <= now || known.mapping->binding == nullptr) return std::nullopt;
  return known.leased;
}

std::optional<std::uint16_t> FlowMap::application_port(const FlowKey& flow, TimePoint now) const {
  const auto found = flows_.find(flow);
  if (found == flows_.end()) return std::nullopt;
  const Flow& known = found->second;
  if (known.mapping == nullptr || known.due <= now || known.mapping->binding == nullptr) {
    return std::nullopt;
  }
  return known.app.port;
}

FlowMap::Port FlowMap::open(const FlowKey& flow, std::uint8_t tcp_flags, TimePoint now,
                            std::size_t bytes) {
  if (bindings_.refuses(flow)) return tl::unexpected(DropReason::kRemoteRefused);
  if (!has_room(BegunBy::kHost, now)) return tl::unexpected(DropReason::kTooManyFlows);
  PortMapping* const mapping = mapping_for(flow, now);
  if (mapping == nullptr) return tl::unexpected(DropReason::kNoFreePort);
  Flow& opened = start(flow, *mapping, BegunBy::kHost);
  opened.life.outbound(tcp_flags);
  opened.sent_bytes = bytes;
  keep_alive(opened, now);
  return opened.leased;
}

FlowMap::Port FlowMap::admit(const FlowKey& flow, std::uint8_t tcp_flags, TimePoint now,
                             std::size_t bytes) {
  const ListeningPort* const port = listener(flow);
  if (port == nullptr || !is_first_from_outside(flow, tcp_flags)) return refuse(flow);
  if (bindings_.refuses(flow)) return tl::unexpected(DropReason::kRemoteRefused);
  if (!has_room(BegunBy::kRemote, now)) return tl::unexpected(DropReason::kTooManyFlows);
  FlowKey app = flow;
  app.port = port->server;
  // The stack could not tell this flow from one it has with the same remote by another leased port.
  if (const auto known = by_application_.find(app); known != by_application_.end()) {
    if (known->second->due > now) return tl::unexpected(DropReason::kUnsolicited);
    end(*known->second, known->second->due);
  }
  const auto known = flows_.find(flow);
  if (known != flows_.end() && known->second.mapping != nullptr) {
    end(known->second, known->second.due);
  }
  ScopePool& pool = *port->binding->pool;
  Flow& opened = start(app, mapping_to(socket_of(app), pool, port->leased), BegunBy::kRemote);
  unproven_.push_back(opened);
  opened.life.inbound(tcp_flags);
  opened.received_bytes = bytes;
  keep_alive(opened, now);
  return app.port;
}

const ListeningPort* FlowMap::listener(const FlowKey& flow) {
  for (const ScopePool* pool : bindings_.containing(flow)) {
    if (pool == nullptr) continue;
    if (const ListeningPort* const port = pool->listener(flow.port)) return port;
  }
  return nullptr;
}

FlowMap::Port FlowMap::refuse(const FlowKey& flow) {
  for (const ScopePool* pool : bindings_.containing(flow)) {
    if (pool == nullptr) continue;
    const bool leased =
        port_space(flow.protocol) ? pool->binding_of(flow.port) != nullptr : !pool->whole.empty();
    if (leased) return tl::unexpected(DropReason::kUnsolicited);
  }
  return tl::unexpected(DropReason::kNoLease);
}

bool FlowMap::has_room(BegunBy begun_by, TimePoint now) {
  const auto full = [&] {
    return flows_.size() >= kMaxFlows ||
           (begun_by == BegunBy::kRemote && from_outside_ >= kMaxFlowsFromOutside);
  };
  if (full()) expire(now);
  return !full() || evict_unproven(now);
}

bool FlowMap::evict_unproven(TimePoint now) {
  if (unproven_.empty()) return false;
  end(unproven_.front(), now);
  return true;
}

Flow& FlowMap::start(const FlowKey& app, PortMapping& mapping, BegunBy begun_by) {
  FlowKey key = app;
  key.port = mapping.leased;
  if (const auto earlier = flows_.find(key); earlier != flows_.end()) forget(earlier->second);
  Flow& flow = flows_.try_emplace(key, app, mapping.leased, begun_by).first->second;
  flow.mapping = &mapping;
  mapping.flows.push_back(flow);
  by_application_[app] = &flow;
  if (begun_by == BegunBy::kRemote) ++from_outside_;
  return flow;
}

// A remembered tuple is only good for the socket that had it before.
bool FlowMap::may_use(const FlowKey& flow, std::uint16_t leased, TimePoint now) const {
  FlowKey key = flow;
  key.port = leased;
  const auto found = flows_.find(key);
  if (found == flows_.end()) return true;
  const Flow& earlier = found->second;
  return earlier.mapping == nullptr && (earlier.due <= now || earlier.app.port == flow.port);
}

// A server goes on with the port that its clients know.
PortMapping* FlowMap::mapping_for(const FlowKey& flow, TimePoint now) {
  const BindingSet::Pools pools = bindings_.serving(flow);
  for (ScopePool* const pool : pools) {
    if (pool == nullptr) continue;
    if (PortMapping* const mapping = mapping_of_server(flow, *pool, now)) return mapping;
  }
  for (ScopePool* const pool : pools) {
    if (pool == nullptr) continue;
    if (PortMapping* const mapping = known_mapping(flow, *pool, now)) return mapping;
    if (PortMapping* const mapping = take_rested_port(flow, *pool, now)) return mapping;
  }
  return new_mapping(flow, pools, now);
}

PortMapping* FlowMap::mapping_of_server(const FlowKey& flow, ScopePool& pool, TimePoint now) {
  if (pool.servers.empty() || is(flow.protocol, Protocol::kIcmp) || !port_space(flow.protocol)) {
    return nullptr;
  }
  const ListeningPort* const port =
      pool.server(flow.port, [&](std::uint16_t leased) { return may_use(flow, leased, now); });
  return port != nullptr ? &mapping_to(socket_of(flow), pool, port->leased) : nullptr;
}

PortMapping& FlowMap::mapping_to(const SocketKey& server, ScopePool& pool, std::uint16_t leased) {
  PortMapping* const known = mappings_.find(server, pool, [&](const PortMapping& mapping) {
    return mapping.kind == MappingKind::kListening && mapping.leased == leased &&
           takes_new_flows(mapping);
  });
  return known != nullptr ? *known : mappings_.add(server, pool, leased, MappingKind::kListening);
}

PortMapping* FlowMap::known_mapping(const FlowKey& flow, ScopePool& pool, TimePoint now) {
  return mappings_.find(socket_of(flow), pool, [&](const PortMapping& mapping) {
    return mapping.kind != MappingKind::kListening && takes_new_flows(mapping) &&
           may_use(flow, mapping.leased, now);
  });
}

// Flows that ended may still hold their ports.
PortMapping* FlowMap::new_mapping(const FlowKey& flow, const BindingSet::Pools& pools,
                                  TimePoint now) {
  bool more = true;
  for (int calls = 0; more && calls < kExpiriesForAPort; ++calls) {
    const auto before = std::pair(flows_.size(), by_application_.size());
    more = expire(now);
    if (before == std::pair(flows_.size(), by_application_.size())) continue;
    for (ScopePool* const pool : pools) {
      if (pool == nullptr) continue;
      if (PortMapping* const mapping = take_rested_port(flow, *pool, now)) return mapping;
    }
  }
  if (bindings_.may_grow(flow.local, bindings_.scope_wanted(flow))) return nullptr;
  // No other port is to be had. A tuple that has rested longest is better than no connection.
  for (ScopePool* const pool : pools) {
    if (pool == nullptr) continue;
    if (PortMapping* const mapping = take_any_port(flow, *pool)) return mapping;
  }
  return nullptr;
}

PortMapping* FlowMap::take_rested_port(const FlowKey& flow, ScopePool& pool, TimePoint now) {
  const auto suits = [&](std::uint16_t port) { return may_use(flow, port, now); };
  const HeldBinding* const whole = pool.binding_of(MappingKind::kWhole, 0, 0);
  if (whole != nullptr && !whole->binding.retiring && suits(flow.port)) {
    return &mappings_.add(socket_of(flow), pool, flow.port, MappingKind::kWhole);
  }
  const auto space = port_space(flow.protocol);
  if (!space) return nullptr;
  PortPool& free = pool.free[*space];
  std::optional<std::uint16_t> port;
  if (free.is_free(flow.port) && suits(flow.port)) {
    free.take(port.emplace(flow.port));
  } else {
    port = free.take_any(suits);
  }
  return port ? &mappings_.add(socket_of(flow), pool, *port, MappingKind::kPort) : nullptr;
}

// Not one that lives: with overlapping scopes two pools may have the same port.
PortMapping* FlowMap::take_any_port(const FlowKey& flow, ScopePool& pool) {
  const auto space = port_space(flow.protocol);
  if (!space) return nullptr;
  const auto port = pool.free[*space].take_any([&](std::uint16_t number) {
    FlowKey key = flow;
    key.port = number;
    const auto found = flows_.find(key);
    return found == flows_.end() || found->second.mapping == nullptr;
  });
  return port ? &mappings_.add(socket_of(flow), pool, *port, MappingKind::kPort) : nullptr;
}

void FlowMap::keep_alive(Flow& flow, TimePoint now) {
  bindings_.note_served(flow.mapping->binding);
  const TimePoint due = now + flow.life.idle_limit();
  if (flow.next == nullptr || due < flow.due) {
    wheel_.schedule(flow, due);
  } else {
    flow.due = due;
  }
}

void FlowMap::note_proof(Flow& flow) {
  using Hook = ListHook<struct Unproven>;
  if (flow.begun_by == BegunBy::kHost || flow.life.unproven() == flow.Hook::is_linked()) return;
  if (flow.Hook::is_linked()) {
    flow.Hook::unlink();
  } else {
    unproven_.push_back(flow);
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

// The port goes back; the tuple of a TCP connection stays remembered, unless it could not go to
// another socket anyway.
void FlowMap::end(Flow& flow, TimePoint when) {
  const bool remember = flow.life.leaves_time_wait() && flow.mapping->kind == MappingKind::kPort;
  const TimePoint last_packet = flow.due - flow.life.idle_limit();
  const TimePoint rested = (remember ? when : last_packet) + kTimeWait;
  if (HeldBinding* const binding = flow.mapping->binding) {
    binding->quiet_since = std::max({binding->quiet_since, when, rested});
  }
  if (!remember) return forget(flow);
  release_mapping(flow);
  wheel_.schedule(flow, when + kTimeWait);
}

void FlowMap::forget(Flow& flow) {
  wheel_.remove(flow);
  release_mapping(flow);
  if (flow.begun_by == BegunBy::kRemote) --from_outside_;
  flows_.erase(flow.leased_side());
}

void FlowMap::release_mapping(Flow& flow) {
  if (flow.mapping == nullptr) return;
  using OfMappingHook = ListHook<struct OfMapping>;
  by_application_.erase(flow.app);
  flow.OfMappingHook::unlink();
  PortMapping* const mapping = std::exchange(flow.mapping, nullptr);
  if (mapping->flows.empty()) mappings_.remove(*mapping, bindings_);
}

}  // namespace rsip::agent
