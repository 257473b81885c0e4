#include "agent/datapath/binding_set.h"

#include <algorithm>
#include <utility>

#include "common/packet/ipv4_packet.h"

namespace rsip::agent {
namespace {

using packet::Protocol;

bool stays(const HeldBinding* held) {
  return !held->binding.retiring;
}

/// One that stays if there is one.
template <class Candidates, class Binding>
HeldBinding* best_of(const Candidates& candidates, const Binding& binding_of) {
  HeldBinding* found = nullptr;
  for (const auto& candidate : candidates) {
    HeldBinding* const held = binding_of(candidate);
    if (held != nullptr && (found == nullptr || !stays(found))) found = held;
  }
  return found;
}

template <class Map>
auto range_of(Map& map, std::uint16_t key) {
  const auto [first, last] = map.equal_range(key);
  return std::ranges::subrange(first, last);
}

template <class Map, class Is>
void erase_one(Map& map, std::uint16_t key, const Is& is) {
  const auto [first, last] = map.equal_range(key);
  const auto found = std::find_if(first, last, [&](const auto& entry) { return is(entry.second); });
  if (found != last) map.erase(found);
}

template <class Visit>
void for_each_port(const Binding& binding, const Visit& visit) {
  for (const PortRange& range : binding.ports) {
    const std::uint32_t end = std::uint32_t{range.first} + range.count;
    for (std::uint32_t port = range.first; port < end; ++port) {
      visit(static_cast<std::uint16_t>(port));
    }
  }
}

/// The first leased port has its server where the table says, others listen under their own.
std::uint16_t server_of(const Binding& binding, std::uint16_t leased) {
  const bool first = leased == binding.ports.front().first;
  return first && binding.server_port != 0 ? binding.server_port : leased;
}

/// Whether flows can take the port follows from who has it.
void refresh(ScopePool& pool, std::uint16_t port) {
  const bool for_flows = std::ranges::any_of(range_of(pool.ports, port),
                                             [](const auto& entry) { return stays(entry.second); });
  for (PortPool& space : pool.free) {
    for_flows ? space.add(port) : space.withdraw(port);
  }
}

void claim(HeldBinding& held) {
  ScopePool& pool = *held.pool;
  ++pool.bindings;
  if (held.binding.all_ports) pool.whole.push_back(&held);
  for_each_port(held.binding, [&](std::uint16_t port) {
    if (held.binding.listening) {
      const ListeningPort listening{&held, port, server_of(held.binding, port)};
      pool.listening.emplace(port, listening);
      pool.servers.emplace(listening.server, listening);
    } else {
      pool.ports.emplace(port, &held);
      refresh(pool, port);
    }
  });
}

void give_up(HeldBinding& held) {
  ScopePool& pool = *held.pool;
  --pool.bindings;
  std::erase(pool.whole, &held);
  const auto is_of_held = [&](const ListeningPort& port) { return port.binding == &held; };
  for_each_port(held.binding, [&](std::uint16_t port) {
    if (held.binding.listening) {
      erase_one(pool.listening, port, is_of_held);
      erase_one(pool.servers, server_of(held.binding, port), is_of_held);
    } else {
      erase_one(pool.ports, port, [&](const HeldBinding* other) { return other == &held; });
      refresh(pool, port);
    }
  });
}

std::uint16_t remote_port_of(const FlowKey& flow) {
  const bool has_ports = flow.protocol == static_cast<std::uint8_t>(Protocol::kTcp) ||
                         flow.protocol == static_cast<std::uint8_t>(Protocol::kUdp);
  return has_ports ? flow.remote_port : BindingSet::kPortOfPortless;
}

bool differ_in_retiring_at_most(const Binding& a, const Binding& b) {
  if (a.retiring == b.retiring) return a == b;
  Binding same = b;
  same.retiring = a.retiring;
  return a == same;
}

}  // namespace

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

HeldBinding* ScopePool::binding_of(MappingKind kind, std::uint16_t leased,
                                   std::uint16_t server_port) const {
  switch (kind) {
    case MappingKind::kPort:
      return best_of(range_of(ports, leased), [](const auto& entry) { return entry.second; });
    case MappingKind::kListening:
      return best_of(range_of(listening, leased), [&](const auto& entry) {
        return entry.second.server == server_port ? entry.second.binding : nullptr;
      });
    case MappingKind::kWhole:
      break;
  }
  return best_of(whole, [](HeldBinding* held) { return held; });
}

HeldBinding* ScopePool::binding_of(std::uint16_t port) const {
  if (!whole.empty()) return whole.front();
  if (const auto found = ports.find(port); found != ports.end()) return found->second;
  const auto found = listening.find(port);
  return found == listening.end() ? nullptr : found->second.binding;
}

const ListeningPort* ScopePool::listener(std::uint16_t leased) const {
  for (const auto& [number, port] : range_of(listening, leased)) {
    if (stays(port.binding)) return &port;
  }
  return nullptr;
}

std::size_t BindingSet::Hash::operator()(const PoolKey& key) const {
  return mix(RemoteScopeHash()(key.remote) ^ key.local.value);
}

std::vector<std::unique_ptr<HeldBinding>> BindingSet::use(const FlowTable& table, TimePoint now) {
  ++generation_;
  detail_ = table.detail;
  suspended_ = table.suspended;
  may_grow_ = table.may_grow;
  refused_ = {table.refused.begin(), table.refused.end()};
  for (const Binding& binding : table.bindings) {
    HeldBinding* const known = find_unseen(binding);
    if (known == nullptr) {
      add(binding, now);
      continue;
    }
    known->seen = generation_;
    set_retiring(*known, binding.retiring);
  }
  auto lost = take_unseen();
  note_addresses();
  return lost;
}

HeldBinding* BindingSet::find_unseen(const Binding& binding) {
  const auto [first, last] = held_.equal_range(binding.bind);
  const auto found = std::find_if(first, last, [&](const auto& entry) {
    return entry.second->seen != generation_ &&
           differ_in_retiring_at_most(entry.second->binding, binding);
  });
  return found == last ? nullptr : found->second.get();
}

void BindingSet::add(const Binding& binding, TimePoint now) {
  auto held = std::make_unique<HeldBinding>();
  held->binding = binding;
  held->pool =
      &pools_.try_emplace(PoolKey{binding.local, binding.remote}, binding.local, binding.remote)
           .first->second;
  held->quiet_since = now;
  held->seen = generation_;
  claim(*held);
  held_.emplace(binding.bind, std::move(held));
}

void BindingSet::set_retiring(HeldBinding& held, bool retiring) {
  if (held.binding.retiring == retiring) return;
  held.binding.retiring = retiring;
  if (held.binding.listening) return;
  for_each_port(held.binding, [&](std::uint16_t port) { refresh(*held.pool, port); });
}

std::vector<std::unique_ptr<HeldBinding>> BindingSet::take_unseen() {
  std::vector<std::unique_ptr<HeldBinding>> lost;
  for (auto next = held_.begin(); next != held_.end();) {
    const auto entry = next++;
    if (entry->second->seen == generation_) continue;
    give_up(*entry->second);
    drop_if_unused(*entry->second->pool);
    lost.push_back(std::move(entry->second));
    held_.erase(entry);
  }
  return lost;
}

void BindingSet::note_addresses() {
  served_ = nullptr;
  for (auto& [address, state] : addresses_) {
    state.bindings = 0;
    state.first = nullptr;
  }
  with_spis_.clear();
  for (const auto& [bind, held] : held_) {
    if (!held->binding.spis.empty()) with_spis_[held->binding.local].push_back(&held->binding);
    Address& state = addresses_[held->binding.local];
    if (state.bindings++ == 0) state.all_ports = false;
    state.all_ports |= held->binding.all_ports;
    if (state.first == nullptr || bind < state.first->binding.bind) state.first = held.get();
  }
  if (suspended_) return;
  std::erase_if(addresses_, [](const auto& entry) { return entry.second.bindings == 0; });
}

HeldBinding* BindingSet::payer(Ipv4Address address) {
  if (served_ != nullptr) return std::exchange(served_, nullptr);
  const auto found = addresses_.find(address);
  return found == addresses_.end() ? nullptr : found->second.first;
}

void BindingSet::tell_traffic(TrafficBook& book) {
  for (const auto& [bind, held] : held_) {
    const BindingTraffic moved = std::exchange(held->traffic, {});
    if (moved != BindingTraffic{}) book.add(bind, moved);
  }
}

bool BindingSet::is_leased(Ipv4Address address) const {
  const auto found = addresses_.find(address);
  return found != addresses_.end() && found->second.bindings > 0;
}

bool BindingSet::has_all_ports(Ipv4Address address) const {
  const auto found = addresses_.find(address);
  return found != addresses_.end() && found->second.all_ports;
}

// What has no ports is judged by its address alone.
template <class Is>
bool BindingSet::any_with_spis(Ipv4Address local, Ipv4Address remote, const Is& is) const {
  const auto found = with_spis_.find(local);
  return found != with_spis_.end() &&
         std::ranges::any_of(found->second, [&](const Binding* binding) {
           return binding->remote.allows(remote, std::nullopt) && is(*binding);
         });
}

bool BindingSet::allows_ipsec(Ipv4Address local, Ipv4Address remote) const {
  return any_with_spis(local, remote, [](const Binding&) { return true; });
}

bool BindingSet::has_spi(Ipv4Address local, Ipv4Address remote, std::uint32_t spi) const {
  return any_with_spis(local, remote, [spi](const Binding& binding) {
    return binding.all_ports || contains(binding.spis, spi);
  });
}

BindingSet::Pools BindingSet::containing(const FlowKey& flow) {
  const std::uint16_t port = remote_port_of(flow);
  return {find(flow.local, {flow.remote, port}), find(flow.local, {flow.remote, std::nullopt}),
          find(flow.local, {})};
}

BindingSet::Pools BindingSet::serving(const FlowKey& flow) {
  Pools pools = containing(flow);
  if (detail_ != RemoteDetail::kNone) pools[2] = nullptr;
  if (detail_ == RemoteDetail::kAddressAndPort) pools[1] = nullptr;
  return pools;
}

bool BindingSet::refuses(const FlowKey& flow) const {
  if (refused_.empty()) return false;
  return refused_.contains({flow.remote, remote_port_of(flow)}) ||
         refused_.contains({flow.remote, std::nullopt}) || refused_.contains({});
}

RemoteScope BindingSet::scope_wanted(const FlowKey& flow) const {
  switch (detail_) {
    case RemoteDetail::kAddress:
      return {flow.remote, std::nullopt};
    case RemoteDetail::kAddressAndPort:
      return {flow.remote, remote_port_of(flow)};
    case RemoteDetail::kNone:
      break;
  }
  return {};
}

bool BindingSet::may_grow(Ipv4Address local, const RemoteScope& wanted) const {
  if (!may_grow_ || detail_ == RemoteDetail::kNone) return may_grow_;
  const auto found = pools_.find({local, wanted});
  return found == pools_.end() || std::ranges::none_of(found->second.ports, [](const auto& port) {
           return stays(port.second);
         });
}

// Without bindings there is nothing to have from a pool, though mappings may keep it.
ScopePool* BindingSet::find(Ipv4Address local, const RemoteScope& remote) {
  const auto found = pools_.find({local, remote});
  return found == pools_.end() || found->second.bindings == 0 ? nullptr : &found->second;
}

void BindingSet::drop_if_unused(ScopePool& pool) {
  if (pool.bindings == 0 && pool.mappings == 0) pools_.erase({pool.local, pool.remote});
}

}  // namespace rsip::agent
