#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "agent/datapath/flow.h"
#include "agent/datapath/flow_table.h"
#include "agent/datapath/port_pool.h"
#include "agent/datapath/traffic_book.h"

namespace rsip::agent {

/// TCP, UDP and ICMP query identifiers are separate spaces over the same leased numbers; nothing
/// for a protocol without ports.
std::optional<std::size_t> port_space(std::uint8_t protocol);
inline constexpr std::size_t kPortSpaces = 3;

/// A binding of the table, and what lives on it.
struct HeldBinding {
  Binding binding;
  ScopePool* pool = nullptr;
  /// When its last tuple has rested or will have, if no flow lives on it.
  TimePoint quiet_since;
  HookedList<PortMapping, struct OfBinding> mappings;
  std::unordered_map<std::uint16_t, std::uint32_t>
      users_of_port;       ///< Its ports that mappings have.
  BindingTraffic traffic;  ///< Not told to a TrafficBook yet.
  std::uint64_t seen = 0;  ///< Generation of the set that still had it.
};

/// The server behind a port of a LISTEN.
struct ListeningPort {
  HeldBinding* binding = nullptr;
  std::uint16_t leased = 0;
  std::uint16_t server = 0;  ///< The application's port.
};

/// What is leased of one address for one remote scope.
struct ScopePool {
  ScopePool(Ipv4Address address, const RemoteScope& scope) : local(address), remote(scope) {}

  Ipv4Address local;
  RemoteScope remote;
  std::vector<HeldBinding*> whole;  ///< RSA-IP.
  std::unordered_multimap<std::uint16_t, HeldBinding*> ports;
  std::unordered_multimap<std::uint16_t, ListeningPort> listening;  ///< By leased port.
  std::unordered_multimap<std::uint16_t, ListeningPort> servers;    ///< By the application's port.
  std::array<PortPool, kPortSpaces> free;
  std::size_t bindings = 0;
  std::size_t mappings = 0;

  /// The binding that has the port of a mapping now; prefers one that stays. Null: none has.
  [[nodiscard]] HeldBinding* binding_of(MappingKind kind, std::uint16_t leased,
                                        std::uint16_t server) const;
  /// Any binding that has a port, or the whole address. Null: none has.
  [[nodiscard]] HeldBinding* binding_of(std::uint16_t port) const;
  /// What a remote reaches at a leased port. Null: nobody listens, or is about to stop.
  [[nodiscard]] const ListeningPort* listener(std::uint16_t leased) const;
  /// Where the server on an application's port is reached: a leased port that suits(). Same.
  template <class Suits>
  [[nodiscard]] const ListeningPort* server(std::uint16_t port, const Suits& suits) const {
    const auto [first, last] = servers.equal_range(port);
    for (auto it = first; it != last; ++it) {
      const ListeningPort& found = it->second;
      if (!found.binding->binding.retiring && suits(found.leased)) return &found;
    }
    return nullptr;
  }
};

/// The bindings of the table that the data path goes by, found by address, remote and port. A new
/// table costs its length in comparisons and beyond that only what has changed.
class BindingSet {
 public:
  /// Pools, the most specific first; null where there is none.
  using Pools = std::array<ScopePool*, 3>;
  /// Stands in for the remote port of protocols without ports where a lease has to name one: echo.
  static constexpr std::uint16_t kPortOfPortless = 7;

  BindingSet() = default;
  BindingSet(const BindingSet&) = delete;
  BindingSet& operator=(const BindingSet&) = delete;

  /// Goes by a new table. Bindings that differ in nothing but `retiring` go on.
  ///
  /// returns  bindings that are gone; their pools know them no more, their mappings are the
  ///          caller's to move or end
  std::vector<std::unique_ptr<HeldBinding>> use(const FlowTable& table, TimePoint now);

  /// True if packets with this source are ours. While the table is suspended that includes
  /// addresses that were leased before.
  [[nodiscard]] bool knows(Ipv4Address address) const { return addresses_.contains(address); }
  [[nodiscard]] bool is_leased(Ipv4Address address) const;
  /// As knows(), of whole addresses.
  [[nodiscard]] bool has_all_ports(Ipv4Address address) const;
  /// Some SPIs of the address are leased, by bindings that retire perhaps.
  [[nodiscard]] bool has_spis(Ipv4Address local) const { return with_spis_.contains(local); }
  /// Some SPIs of the address are leased for the remote.
  [[nodiscard]] bool allows_ipsec(Ipv4Address local, Ipv4Address remote) const;
  /// This one is. With RSA-IP all are.
  [[nodiscard]] bool has_spi(Ipv4Address local, Ipv4Address remote, std::uint32_t spi) const;
  /// Pools that a flow begun here may take a port from, by FlowTable::detail (RFC 3103 section
  /// 7.2): with a remote policy only those that name the remote.
  [[nodiscard]] Pools serving(const FlowKey& flow);
  /// Pools whose scope contains the remote.
  [[nodiscard]] Pools containing(const FlowKey& flow);
  [[nodiscard]] bool refuses(const FlowKey& flow) const;
  /// What a lease that serves the flow has to name.
  [[nodiscard]] RemoteScope scope_wanted(const FlowKey& flow) const;
  [[nodiscard]] bool suspended() const { return suspended_; }
  [[nodiscard]] bool may_grow() const { return may_grow_; }
  /// Whether another lease can be asked for, for this remote: where remotes have to be named there
  /// is one for each (RFC 3103 section 7.2).
  [[nodiscard]] bool may_grow(Ipv4Address local, const RemoteScope& wanted) const;

  /// Says whose the packet at hand is, for payer().
  void note_served(HeldBinding* binding) { served_ = binding; }
  /// The binding that the packet at hand counts to, once it may pass. What belongs to no flow
  /// (IPsec, ICMP errors, later fragments) counts to the address's first binding. Null: there is
  /// none.
  [[nodiscard]] HeldBinding* payer(Ipv4Address address);
  /// Moves what was counted into the book.
  void tell_traffic(TrafficBook& book);

  /// Forgets a pool that neither bindings nor mappings need.
  void drop_if_unused(ScopePool& pool);
  /// Calls visit(const HeldBinding&) for each, those with one bind ID after another.
  template <class Visit>
  void for_each(const Visit& visit) const {
    for (const auto& [bind, held] : held_) visit(*held);
  }

 private:
  struct PoolKey {
    Ipv4Address local;
    RemoteScope remote;
    bool operator==(const PoolKey&) const = default;
  };
  struct Hash {
    std::size_t operator()(const PoolKey& key) const;
  };
  struct Address {
    std::size_t bindings = 0;
    bool all_ports = false;
    HeldBinding* first = nullptr;  ///< By bind ID.
  };

  [[nodiscard]] HeldBinding* find_unseen(const Binding& binding);
  void add(const Binding& binding, TimePoint now);
  void set_retiring(HeldBinding& held, bool retiring);
  std::vector<std::unique_ptr<HeldBinding>> take_unseen();
  void remove(HeldBinding& held);
  void note_addresses();
  template <class Is>
  [[nodiscard]] bool any_with_spis(Ipv4Address local, Ipv4Address remote, const Is& is) const;
  [[nodiscard]] ScopePool* find(Ipv4Address local, const RemoteScope& remote);

  std::uint64_t generation_ = 0;
  RemoteDetail detail_ = RemoteDetail::kNone;
  bool suspended_ = false;
  bool may_grow_ = false;
  std::unordered_set<RemoteScope, RemoteScopeHash> refused_;
  std::unordered_map<Ipv4Address, Address> addresses_;
  std::unordered_map<Ipv4Address, std::vector<const Binding*>> with_spis_;  ///< Few.
  std::unordered_map<PoolKey, ScopePool, Hash> pools_;
  std::unordered_multimap<BindId, std::unique_ptr<HeldBinding>> held_;
  HeldBinding* served_ = nullptr;
};

}  // namespace rsip::agent
