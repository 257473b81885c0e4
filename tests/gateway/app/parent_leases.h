#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "common/base/port_range.h"
#include "common/base/result.h"
#include "tests/gateway/engine/engine.h"

namespace rsip::gateway {

/// What a gateway higher up has leased to the agent on this machine.
struct ParentLease {
  std::string gateway;  ///< Its name, as the agent calls it.
  std::uint32_t bind = 0;
  Ipv4Address address;
  std::vector<PortRange> ports;  ///< Empty: the whole address.
  std::chrono::seconds left{0};  ///< Until it expires.
};

/// The leases in the agent's reply to `status`, of all gateways or (name) of one. Both forms of the
/// contract are understood: leases within each of `gateways`, and beside one `gateway`.
///
/// errors   kProtocol if it is no reply of ours; leases that make no sense are left out, and those
///          for IPsec (RFC 3104), which are for the agent's own machine
Result<std::vector<ParentLease>> parse_parent_leases(std::string_view reply,
                                                     const std::string& name);

/// Keeps pools for the leases of a parent: one for each range of ports of each lease.
class ParentPools {
 public:
  /// pool   the name of all of them, for classes of hosts
  explicit ParentPools(std::string pool) : name_(std::move(pool)) {}

  struct Changes {
    std::vector<Action> actions;
    std::vector<Ipv4Address> came;  ///< Addresses that had no pool before,
    std::vector<Ipv4Address> went;  ///< and that have none any more.
  };
  /// Adds, prolongs and removes pools so that they are these leases.
  Changes sync(Engine& engine, const std::vector<ParentLease>& leases, TimePoint now);
  [[nodiscard]] std::size_t size() const { return pools_.size(); }

 private:
  /// Gateway, bind, address and first port; 0 for a whole address.
  using Key = std::tuple<std::string, std::uint32_t, Ipv4Address, PortRange>;

  PoolSettings settings_for(const Key& key) const;

  std::string name_;
  struct Kept {
    PoolId pool = 0;
    TimePoint until;
  };

  std::map<Key, Kept> pools_;
};

}  // namespace rsip::gateway
