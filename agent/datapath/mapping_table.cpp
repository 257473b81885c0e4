#include "agent/datapath/mapping_table.h"

#include <algorithm>

namespace rsip::agent {

namespace {

/// What uses a port of a binding, or does no more.
void count(PortMapping& mapping, int change) {
  if (mapping.binding == nullptr || !port_space(mapping.socket.protocol)) return;
  auto& users = mapping.binding->users_of_port;
  const auto port = users.try_emplace(mapping.leased, 0U).first;
  port->second += static_cast<std::uint32_t>(change);
  if (port->second == 0) users.erase(port);
}

}  // namespace

std::size_t MappingTable::Hash::operator()(const Key& key) const {
  return mix(std::hash<SocketKey>()(key.socket) ^ reinterpret_cast<std::uintptr_t>(key.pool));
}

PortMapping& MappingTable::add(const SocketKey& socket, ScopePool& pool, std::uint16_t leased,
                               MappingKind kind) {
  PortMapping& mapping =
      mappings_
          .emplace(std::piecewise_construct, std::forward_as_tuple(Key{socket, &pool}),
                   std::forward_as_tuple())
          ->second;
  mapping.socket = socket;
  mapping.leased = leased;
  mapping.kind = kind;
  mapping.pool = &pool;
  ++pool.mappings;
  if (port_space(socket.protocol)) ++users_of_port_[{0, socket.local, leased}];
  high_water_ = std::max(high_water_, users_of_port_.size());
  move(mapping);
  return mapping;
}

void MappingTable::remove(PortMapping& mapping, BindingSet& bindings) {
  ScopePool& pool = *mapping.pool;
  if (const auto space = port_space(mapping.socket.protocol)) {
    if (mapping.kind == MappingKind::kPort) pool.free[*space].give_back(mapping.leased);
    const auto users = users_of_port_.find({0, mapping.socket.local, mapping.leased});
    if (--users->second == 0) users_of_port_.erase(users);
  }
  count(mapping, -1);
  const auto [first, last] = mappings_.equal_range({mapping.socket, &pool});
  mappings_.erase(
      std::find_if(first, last, [&](const auto& entry) { return &entry.second == &mapping; }));
  --pool.mappings;
  bindings.drop_if_unused(pool);
}

bool MappingTable::move(PortMapping& mapping) {
  using Hook = ListHook<struct OfBinding>;
  mapping.Hook::unlink();
  count(mapping, -1);
  mapping.binding = mapping.pool->binding_of(mapping.kind, mapping.leased, mapping.socket.port);
  auto& list = mapping.binding != nullptr ? mapping.binding->mappings : orphans_;
  list.push_back(mapping);
  count(mapping, 1);
  return mapping.binding != nullptr;
}

}  // namespace rsip::agent
