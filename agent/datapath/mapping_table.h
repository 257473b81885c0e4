#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "agent/datapath/binding_set.h"
#include "agent/datapath/flow.h"

namespace rsip::agent {

/// Which sockets of applications have which leased ports at present. A socket may have several: one
/// per pool, and more in a pool where it met a tuple that it cannot use.
class MappingTable {
 public:
  /// A mapping of the socket in the pool that suits; null if there is none.
  template <class Suits>
  PortMapping* find(const SocketKey& socket, ScopePool& pool, const Suits& suits) {
    const auto [first, last] = mappings_.equal_range({socket, &pool});
    for (auto it = first; it != last; ++it) {
      if (suits(it->second)) return &it->second;
    }
    return nullptr;
  }
  /// Makes a mapping. Its port is taken already; it must get a flow.
  PortMapping& add(const SocketKey& socket, ScopePool& pool, std::uint16_t leased,
                   MappingKind kind);
  /// Ends a mapping whose last flow is gone, and frees its port.
  void remove(PortMapping& mapping, BindingSet& bindings);

  /// Puts a mapping whose binding is gone onto another one that has its port now.
  ///
  /// returns  false if there is none; then it is among the orphans
  bool move(PortMapping& mapping);
  /// Mappings whose ports are not leased at present.
  HookedList<PortMapping, struct OfBinding>& orphans() { return orphans_; }

  /// Numbers that at least one protocol uses.
  [[nodiscard]] std::size_t ports_in_use() const { return users_of_port_.size(); }
  /// The most that were at a time.
  [[nodiscard]] std::size_t ports_high_water() const { return high_water_; }

 private:
  struct Key {
    SocketKey socket;
    const ScopePool* pool = nullptr;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const;
  };

  HookedList<PortMapping, struct OfBinding> orphans_;
  std::unordered_multimap<Key, PortMapping, Hash> mappings_;
  std::unordered_map<SocketKey, std::uint32_t> users_of_port_;  ///< Protocol left at 0.
  std::size_t high_water_ = 0;
};

}  // namespace rsip::agent
