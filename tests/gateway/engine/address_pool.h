#pragma once

#include <optional>
#include <span>
#include <vector>

#include "common/base/result.h"
#include "tests/gateway/engine/run_pool.h"
#include "tests/gateway/engine/settings.h"

namespace rsip::gateway {

/// The addresses in the prefixes as disjoint runs, none adjacent to another.
std::vector<Run> to_runs(std::span<const Ipv4Prefix> prefixes);

/// All whole addresses for RSA-IP.
class AddressPool {
 public:
  AddressPool(std::span<const PoolSettings> pools, Duration hold);

  /// wish     nothing: any address will do
  /// errors   308, 310 or 312, see RFC 3103 section 9.6.3
  Result<Ipv4Address, msg::ErrorCode> assign(std::optional<Ipv4Address> wish, Ipv4Address host,
                                             TimePoint now);
  /// Takes a leased address back and holds it for the host.
  void give_back(Ipv4Address address, Ipv4Address host, TimePoint now);

  [[nodiscard]] bool empty() const { return empty_; }
  /// Addresses that are neither leased nor held at this time.
  std::uint64_t free_count(TimePoint now);

 private:
  Duration hold_;
  RunPool addresses_;
  bool empty_;
};

}  // namespace rsip::gateway
