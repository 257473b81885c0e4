#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "common/base/ipv4.h"
#include "common/base/port_range.h"
#include "common/rsip/registry.h"

namespace rsip::gateway {

/// Addresses of the public realm that are leased by one method.
struct PoolSettings {
  msg::Method method = msg::Method::kRsapIp;  ///< kRsapIp or kRsaIp.
  std::vector<Ipv4Prefix> addresses;
  PortRange ports{1024, 64512};  ///< Of each address; RSAP-IP only.
};

struct LeaseSettings {
  std::chrono::seconds minimum{30};
  std::chrono::seconds standard{1800};  ///< When a host suggests none, and for registrations.
  std::chrono::seconds maximum{7200};
  std::chrono::seconds hold{120};  ///< Freed tuples rest that long (RFC 3102 section 6.1).
};

/// Which hosts are served, and how much one of them may have.
struct HostSettings {
  std::vector<Ipv4Prefix> allow{Ipv4Prefix{}};  ///< 0.0.0.0/0: everybody.
  std::vector<Ipv4Prefix> deny;                 ///< Goes before allow.
  std::uint32_t max_hosts = 4096;               ///< At most 65535: each has a tunnel id of 16 bits.
  std::uint32_t max_ports = 4096;               ///< Of one host, over all its binds.
  std::uint32_t max_addresses = 4;              ///< Of one host, RSA-IP.
};

struct EngineSettings {
  std::vector<PoolSettings> pools;
  LeaseSettings lease;
  HostSettings hosts;
  std::vector<Ipv4Prefix> local_networks;  ///< What QUERY_RESPONSE calls local.
  /// How a DE-REGISTER_REQUEST of an unknown host is refused: RFC 3103 section 9.4 says
  /// REGISTER_FIRST, its appendix A also has ALREADY_UNREGISTERED.
  msg::ErrorCode deregister_refusal = msg::ErrorCode::kRegisterFirst;
};

}  // namespace rsip::gateway
