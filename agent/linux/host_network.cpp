#include "agent/linux/host_network.h"

#include <algorithm>
#include <sys/socket.h>

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "agent/linux/system_error.h"

namespace rsip::agent {
namespace {

auto find_place(std::vector<NetworkObject>& objects, const NetworkObject& object) {
  return std::ranges::find_if(objects,
                              [&](const NetworkObject& o) { return same_place(o, object); });
}

bool has_place(const std::vector<NetworkObject>& objects, const NetworkObject& object) {
  return std::ranges::any_of(objects,
                             [&](const NetworkObject& o) { return same_place(o, object); });
}

/// Our own rules and routes that are there.
struct Leftovers {
  std::vector<NetworkObject> objects;

  void add_rule(nlmsghdr* reply) {
    const NetlinkAttributes<fib_rule_hdr, FRA_MAX> rule(reply);
    if (rule.u8(FRA_PROTOCOL, 0) != kOriginRsip) return;
    const std::uint32_t priority = rule.u32(FRA_PRIORITY, 0);
    if (priority == kRulePriorityConnected) objects.emplace_back(PolicyRule::kConnected);
    if (priority == kRulePriorityTunnel) objects.emplace_back(PolicyRule::kTunnel);
  }

  /// Routes into the device went away with it; those past the tunnel have no device.
  void add_route(nlmsghdr* reply) {
    const auto* const header = static_cast<const rtmsg*>(nlmsg_data(reply));
    const NetlinkAttributes<rtmsg, RTA_MAX> route(reply);
    const bool ours = header->rtm_protocol == kOriginRsip && header->rtm_type == RTN_THROW &&
                      route.u32(RTA_TABLE, header->rtm_table) == kRouteTable;
    if (ours) objects.emplace_back(DirectRoute{{route.address(RTA_DST), header->rtm_dst_len}});
  }
};

/// What a route look-up says about the way to a destination.
struct Way {
  std::uint32_t link = 0;
  std::uint32_t mtu = 0;  ///< Of the route, or learned from ICMP; 0: that of the link.

  void read(nlmsghdr* reply) {
    const NetlinkAttributes<rtmsg, RTA_MAX> route(reply);
    link = route.u32(RTA_OIF, 0);
    nlattr* metrics[RTAX_MAX + 1] = {};
    if (route.get(RTA_METRICS) == nullptr) return;
    nla_parse_nested(metrics, RTAX_MAX, route.get(RTA_METRICS), nullptr);
    if (metrics[RTAX_MTU] != nullptr) mtu = nla_get_u32(metrics[RTAX_MTU]);
  }
};

}  // namespace

// New objects come before old ones go: packets never fall through to the main table in between.
Result<void> LinuxHostNetwork::apply(const NetworkPlan& plan) {
  const auto wanted = objects_of(plan);
  if (auto in = bring_in(wanted); !in) return in;
  return take_out_all_but(wanted);
}

Result<void> LinuxHostNetwork::bring_in(const std::vector<NetworkObject>& wanted) {
  std::vector<Step> done;
  for (const NetworkObject& object : wanted) {
    if (auto in = bring_in(object, done); !in) {
      take_back(done);
      return in;
    }
  }
  return {};
}

Result<void> LinuxHostNetwork::bring_in(const NetworkObject& object, std::vector<Step>& done) {
  const auto place = find_place(installed_, object);
  if (place == installed_.end()) {
    if (auto made = installer_.install(object); !made) return made;
    installed_.push_back(object);
    done.push_back({object, std::nullopt});
  } else if (*place != object) {
    if (auto made = installer_.replace(object); !made) return made;
    done.push_back({object, std::exchange(*place, object)});
  }
  return {};
}

// Best effort: the failure that is reported is the first one.
void LinuxHostNetwork::take_back(const std::vector<Step>& done) {
  for (auto step = done.rbegin(); step != done.rend(); ++step) {
    const auto place = find_place(installed_, step->made);
    if (step->replaced) {
      if (installer_.replace(*step->replaced)) *place = *step->replaced;
    } else if (installer_.remove(step->made)) {
      installed_.erase(place);
    }
  }
}

Result<void> LinuxHostNetwork::take_out_all_but(const std::vector<NetworkObject>& wanted) {
  Result<void> outcome;
  std::vector<NetworkObject> staying;
  for (auto object = installed_.rbegin(); object != installed_.rend(); ++object) {
    if (!has_place(wanted, *object)) {
      const auto removed = installer_.remove(*object);
      if (removed) continue;
      if (outcome) outcome = removed;
    }
    staying.push_back(*object);
  }
  std::ranges::reverse(staying);
  installed_ = std::move(staying);
  return outcome;
}

Result<void> LinuxHostNetwork::remove_leftovers() {
  const auto netlink = installer_.netlink();
  if (!netlink) return tl::unexpected(netlink.error());
  Leftovers found;
  fib_rule_hdr rules{};
  rules.family = AF_INET;
  rtmsg routes{};
  routes.rtm_family = AF_INET;
  int code = (*netlink)->talk({RTM_GETRULE, NLM_F_DUMP, rules},
                              [&](nlmsghdr* reply) { found.add_rule(reply); });
  if (code == 0) {
    code = (*netlink)->talk({RTM_GETROUTE, NLM_F_DUMP, routes},
                            [&](nlmsghdr* reply) { found.add_route(reply); });
  }
  if (code != 0) return fail_errno(code, "list the rules and routes of an earlier agent");
  for (const NetworkObject& object : found.objects) {
    if (auto removed = installer_.remove(object); !removed) return removed;
  }
  return {};
}

Result<std::uint32_t> LinuxHostNetwork::path_mtu(Ipv4Address destination) {
  const auto netlink = installer_.netlink();
  if (!netlink) return tl::unexpected(netlink.error());
  rtmsg header{};
  header.rtm_family = AF_INET;
  header.rtm_dst_len = 32;
  NetlinkMessage request(RTM_GETROUTE, 0, header);
  request.put_address(RTA_DST, destination).put_u32(RTA_MARK, kTunnelMark);
  Way way;
  const int code = (*netlink)->talk(request, [&](nlmsghdr* reply) { way.read(reply); });
  if (code != 0) return fail_errno(code, "find a route to " + destination.to_string());
  if (way.mtu != 0) return way.mtu;
  return link_mtu(way.link);
}

Result<std::uint32_t> LinuxHostNetwork::link_mtu(std::uint32_t index) {
  const auto netlink = installer_.netlink();
  if (!netlink) return tl::unexpected(netlink.error());
  ifinfomsg header{};
  header.ifi_index = static_cast<int>(index);
  std::uint32_t mtu = 0;
  const int code = (*netlink)->talk({RTM_GETLINK, 0, header}, [&](nlmsghdr* reply) {
    mtu = NetlinkAttributes<ifinfomsg, IFLA_MAX>(reply).u32(IFLA_MTU, 0);
  });
  if (code != 0) return fail_errno(code, "read the MTU of interface " + std::to_string(index));
  return mtu;
}

}  // namespace rsip::agent
