#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "common/base/ipv4.h"
#include "common/base/result.h"

namespace rsip::agent {

/// A network that is reached from an address of this host's own inside an IPsec tunnel.
struct InnerRoute {
  Ipv4Prefix to;
  Ipv4Address source;
  auto operator<=>(const InnerRoute&) const = default;
};

/// One tunnel of a NetworkPlan.
struct TunnelPlan {
  std::string device;                  ///< TUN device, "rsip0"; it exists already.
  std::uint32_t mtu = 0;               ///< Of the device, in bytes.
  std::vector<Ipv4Address> addresses;  ///< Leased, /32 on the device; no ARP answer elsewhere.
  Ipv4Address source;                  ///< Preferred source of tunnelled traffic.
  std::vector<Ipv4Prefix> routes;      ///< Into the device, in the agent's own table.
  /// Leased for other hosts, to which this one is a gateway: not on the device; packets from these
  /// that come through this host go into it, wherever they go to.
  std::vector<Ipv4Address> forwarded{};
  /// Into the device as well, and their sources on it. What no IPsec policy takes up ends in the
  /// tunnel: it does not come from a leased address.
  std::vector<InnerRoute> inner{};
  bool operator==(const TunnelPlan&) const = default;
};

/// What the agent wants the host's network to look like: a plain, printable value.
/// An empty plan (no tunnel) is a clean host.
struct NetworkPlan {
  std::vector<TunnelPlan> tunnels;  ///< No prefix is routed into two of them.
  std::vector<Ipv4Prefix> direct;   ///< Never into a tunnel (gateways, excludes).
  bool operator==(const NetworkPlan&) const = default;
};

/// One line per object, `ip`-like: "addr 203.0.113.10/32 dev rsip0". For logs and tests.
std::string to_string(const NetworkPlan& plan);

/// Numbers by which the agent knows its own objects (design decision D6).
inline constexpr std::uint32_t kRouteTable = 4555;
inline constexpr std::uint32_t kTunnelMark =
    0x11CB;  // 4555: our own packets stay out of the tunnel
inline constexpr std::uint32_t kRulePriorityConnected = 4553;  // main table, default route ignored
inline constexpr std::uint32_t kRulePriorityTunnel = 4554;     // unmarked packets to kRouteTable
inline constexpr std::uint32_t kRulePriorityForward = 4552;    // forwarded leases to kForwardTable
inline constexpr std::uint32_t kForwardTable = 4556;

/// The way to an address past the tunnels.
struct NetworkPath {
  Ipv4Address source;       ///< What a packet sent there has as source.
  std::uint32_t mtu = 0;    ///< In bytes.
  std::uint32_t link = 0;   ///< Index of the interface.
  Ipv4Address router{};     ///< Next hop; unspecified: none, it is in a connected network.
  std::string link_name{};  ///< Of the interface, "wlan0".
  bool operator==(const NetworkPath&) const = default;
};

/// Makes the host's network match a plan, touching only what it installed itself.
class HostNetwork {
 public:
  virtual ~HostNetwork() = default;

  /// Installs and removes whatever differs from the plan applied before. Equal plan: no change.
  /// errors   kPermission, kInUse, kOther, each naming object and kernel's answer; what was
  ///          installed for this plan up to there is removed again
  virtual Result<void> apply(const NetworkPlan& plan) = 0;

  /// Puts back what others removed of the plan applied last. Changes nothing if all is there.
  ///
  /// returns  how many objects it put back
  /// errors   kNotFound if the device itself is gone; as apply() otherwise
  virtual Result<std::size_t> repair() = 0;

  /// Removes what an earlier agent that was killed left behind (rules, routes without device).
  virtual Result<void> remove_leftovers() = 0;

  /// The way to an address, ignoring the tunnel.
  ///
  /// errors   kUnreachable if there is none, whatever stands in the way
  virtual Result<NetworkPath> path_to(Ipv4Address destination) = 0;

  /// Addresses that mean this host: its own, and the broadcasts of the networks it is on. Those
  /// that the agent leased are left out.
  ///
  /// errors   kOther if the kernel does not say
  virtual Result<std::vector<Ipv4Address>> own_addresses() = 0;
};

}  // namespace rsip::agent
