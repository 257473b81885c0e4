#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/base/time.h"
#include "tests/gateway/engine/address_pool.h"
#include "tests/gateway/engine/pool_id.h"
#include "tests/gateway/engine/port_pool.h"
#include "tests/gateway/engine/settings.h"
#include "tests/gateway/engine/spi_pool.h"

namespace rsip::gateway {

/// Everything that can be leased: which pools there are, until when, and whose classes of hosts
/// they are for.
class Pools {
 public:
  /// A pool that a class names is for such classes alone.
  Pools(Duration hold, const std::vector<ClassSettings>& classes, RandomBits random);

  /// until   when nothing of it may be leased any more
  PoolId add(const PoolSettings& pool, TimePoint until);
  void set_until(PoolId pool, TimePoint until);
  /// Nothing of the pool may be leased any more.
  void remove(PoolId pool);

  /// The pools of the method (RSIPSEC: of RSAP-IP, with SPIs) that hosts of the class may have
  /// something of, for a second at least.
  [[nodiscard]] std::vector<PoolId> allowed(const ClassSettings& of, msg::Method method,
                                            TimePoint now) const;
  [[nodiscard]] TimePoint until(PoolId pool) const;
  [[nodiscard]] bool knows(PoolId pool) const { return pools_.contains(pool); }

  PortPool ports;
  AddressPool addresses;
  SpiPool spis;

 private:
  struct Pool {
    msg::Method method = msg::Method::kRsapIp;
    std::string name;
    TimePoint until;
  };

  std::map<PoolId, Pool> pools_;
  std::set<std::string> reserved_;  ///< Names of pools that classes name.
  PoolId next_ = 1;
};

}  // namespace rsip::gateway
