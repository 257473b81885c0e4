#pragma once

#include <string>
#include <variant>
#include <vector>

#include "agent/platform/host_network.h"

namespace rsip::agent {

// The objects of the kernel that a NetworkPlan consists of.

struct DeviceUp {
  std::string device;
  std::uint32_t mtu = 0;
  bool operator==(const DeviceUp&) const = default;
};

/// No interface answers ARP requests for these (RFC 3102 section 3.1).
struct ArpSilence {
  std::vector<Ipv4Address> addresses;
  bool operator==(const ArpSilence&) const = default;
};

struct LeasedAddress {
  std::string device;
  Ipv4Address address;
  bool operator==(const LeasedAddress&) const = default;
};

/// Into the tunnel, in kRouteTable.
struct TunnelRoute {
  Ipv4Prefix to;
  std::string device;
  Ipv4Address source;
  bool operator==(const TunnelRoute&) const = default;
};

/// Past the tunnel: ends the look-up in kRouteTable, the main table decides.
struct DirectRoute {
  Ipv4Prefix to;
  bool operator==(const DirectRoute&) const = default;
};

/// Packets of other hosts that this one is a gateway for: what comes from the address looks into
/// kForwardTable.
struct ForwardRule {
  Ipv4Address from;
  bool operator==(const ForwardRule&) const = default;
};

/// Where the packets of all forwarded addresses go: the default route of kForwardTable.
struct ForwardRoute {
  std::string device;
  bool operator==(const ForwardRoute&) const = default;
};

/// Design decision D6.
enum class PolicyRule : std::uint8_t {
  kConnected,  ///< Main table without its default route: connected networks always win.
  kTunnel,     ///< What is not the tunnel's own looks into kRouteTable.
};

using NetworkObject = std::variant<DeviceUp, ArpSilence, LeasedAddress, DirectRoute, TunnelRoute,
                                   ForwardRoute, ForwardRule, PolicyRule>;

/// What a plan consists of, in the order of installation: nothing is announced before it works, and
/// ARP is silent before there is an address. Removal goes the other way round.
std::vector<NetworkObject> objects_of(const NetworkPlan& plan);

/// True if both cannot exist at a time: one replaces the other.
bool same_place(const NetworkObject& a, const NetworkObject& b);

/// `ip`-like: "addr 203.0.113.10/32 dev rsip0".
std::string to_string(const NetworkObject& object);

}  // namespace rsip::agent
