#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/ipv4.h"
#include "common/base/port_range.h"
#include "common/base/spi_range.h"
#include "common/rsip/registry.h"
#include "tests/gateway/engine/flow_policy.h"

namespace rsip::gateway {

/// From 0x1000 on, as IKE daemons choose them.
inline constexpr SpiRange kUsualSpis{0x1000, 0xFFFFF000};

/// Addresses of the public realm that are leased by one method.
struct PoolSettings {
  msg::Method method = msg::Method::kRsapIp;  ///< kRsapIp or kRsaIp.
  std::vector<Ipv4Prefix> addresses;
  PortRange ports{1024, 64512};  ///< Of each address; RSAP-IP only.
  std::string name = {};         ///< By which classes of hosts refer to it; may be empty.
  /// Of each address, for IPsec (RFC 3104); none: not for IPsec. RSAP-IP only.
  SpiRange spis = kUsualSpis;
};

struct LeaseSettings {
  std::chrono::seconds minimum{30};
  std::chrono::seconds standard{1800};  ///< When a host suggests none, and for registrations.
  std::chrono::seconds maximum{7200};
  std::chrono::seconds hold{120};  ///< Freed tuples rest that long (RFC 3102 section 6.1).
};

/// How much one host may have (RFC 3103 section 11).
struct Quota {
  std::uint32_t max_ports = 4096;  ///< Over all its binds.
  std::uint32_t max_addresses = 4;
  std::uint32_t max_binds = 1024;                      ///< At most 65535: each has a session id.
  std::optional<std::chrono::seconds> max_lease = {};  ///< Besides LeaseSettings::maximum.
  bool ipsec = true;                                   ///< May lease SPIs at all.
  std::uint32_t max_spis = 1024;                       ///< Over all its binds.
};

/// Which hosts are served, and what those of no class may have.
struct HostSettings {
  std::vector<Ipv4Prefix> allow{Ipv4Prefix{}};  ///< 0.0.0.0/0: everybody.
  std::vector<Ipv4Prefix> deny;                 ///< Goes before allow and before classes.
  std::uint32_t max_hosts = 4096;               ///< At most 65535: each has a tunnel id of 16 bits.
  Quota quota;
  std::uint32_t max_requests_per_second = 200;  ///< Of one host; 0: any.
};

/// Hosts that are served differently. One belongs to it that has authenticated itself with one of
/// the keys, or whose address is in one of the networks.
struct ClassSettings {
  std::string name;
  std::vector<Ipv4Prefix> hosts;
  std::vector<std::uint32_t> keys;
  std::vector<std::string> pools;  ///< Empty: those that no class names.
  Quota quota;
};

struct EngineSettings {
  std::vector<PoolSettings> pools;
  /// Methods for which pools may come later, see Engine::add_pool(): they are announced, and
  /// requests are refused with "try again later" meanwhile.
  std::vector<msg::Method> promised;
  LeaseSettings lease;
  HostSettings hosts;
  std::vector<ClassSettings> classes;  ///< The first that fits is a host's.
  PolicySettings policy;
  std::vector<msg::TunnelType> tunnels{msg::TunnelType::kIpIp};  ///< The preferred one first.
  std::optional<Ipv4Address> endpoint;     ///< Of tunnels, if it is not where hosts talk to.
  bool udp = true;                         ///< Or every request over UDP is told to use TCP.
  std::vector<Ipv4Prefix> local_networks;  ///< What QUERY_RESPONSE calls local.
  /// How a DE-REGISTER_REQUEST of an unknown host is refused: RFC 3103 section 9.4 says
  /// REGISTER_FIRST, its appendix A also has ALREADY_UNREGISTERED.
  msg::ErrorCode deregister_refusal = msg::ErrorCode::kRegisterFirst;
};

}  // namespace rsip::gateway
