#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/linux/netlink.h"
#include "agent/platform/route_oracle.h"
#include "common/base/ipv4.h"
#include "common/base/result.h"

namespace rsip::agent {

/// From and to, both included.
struct RuleRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  [[nodiscard]] bool contains(std::uint32_t value) const { return first <= value && value <= last; }
};

/// A routing policy rule for IPv4, as `ip rule` lists them.
struct PolicyRoutingRule {
  std::uint32_t priority = 0;
  std::uint8_t action = 0;  ///< FR_ACT_*
  std::uint32_t table = 0;
  std::uint32_t goes_to = 0;  ///< Priority that FR_ACT_GOTO jumps to.
  bool inverted = false;
  std::optional<Ipv4Prefix> from;
  std::optional<Ipv4Prefix> to;
  std::uint8_t tos = 0;
  std::uint32_t mark = 0;
  std::uint32_t mark_mask = 0;  ///< 0: whatever mark.
  std::string in_device;
  std::string out_device;
  bool of_vrf = false;  ///< The table of the VRF that the device belongs to.
  std::optional<RuleRange> users;
  std::uint8_t protocol = 0;
  std::optional<RuleRange> source_ports;
  std::optional<RuleRange> destination_ports;
  bool of_tunnel_id = false;
  std::optional<std::uint32_t> suppress_prefix_length;  ///< Shorter or equal ones do not count.
};

/// All rules in the order the kernel asks them.
///
/// errors   kOther
Result<std::vector<PolicyRoutingRule>> list_rules(NetlinkSocket& netlink);

/// Names of routing tables, those of iproute2's rt_tables included.
std::map<std::uint32_t, std::string> table_names();

/// As `ip rule` prints it: "32766: from all lookup main".
std::string to_string(const PolicyRoutingRule& rule,
                      const std::map<std::uint32_t, std::string>& tables);

/// The rule that led to a route, by asking them one after the other as the kernel does for an
/// unmarked packet that this host sends. Null: none does, the rules have changed meanwhile.
///
/// table          where the route was found
/// prefix_length  of the route
const PolicyRoutingRule* decisive_rule(const std::vector<PolicyRoutingRule>& rules,
                                       const RouteQuestion& question, std::uint32_t table,
                                       std::uint8_t prefix_length);

}  // namespace rsip::agent
