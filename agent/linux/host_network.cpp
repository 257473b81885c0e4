#include "agent/linux/host_network.h"

#include <algorithm>
#include <net/if.h>
#include <sys/socket.h>

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "agent/linux/path_lookup.h"
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

std::uint8_t prefix_length(nlmsghdr* reply) {
  return static_cast<const ifaddrmsg*>(nlmsg_data(reply))->ifa_prefixlen;
}

/// A connected network's first and last address: its broadcasts, RFC 1122 section 3.2.1.3.
void add_broadcasts(std::vector<Ipv4Address>& to, Ipv4Address address, std::uint8_t length) {
  if (length == 0 || length >= 31) return;  // RFC 3021 has none
  const std::uint32_t mask = Ipv4Prefix{address, length}.mask();
  to.push_back({address.value & mask});
  to.push_back({address.value | ~mask});
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
    if (priority == kRulePriorityForward) objects.emplace_back(ForwardRule{rule.address(FRA_SRC)});
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

}  // namespace

// New objects come before old ones go: packets never fall through to the main table in between.
Result<void> LinuxHostNetwork::apply(const NetworkPlan& plan) {
  const auto wanted = objects_of(plan);
  if (auto in = bring_in(wanted); !in) return in;
  devices_.clear();
  for (const TunnelPlan& tunnel : plan.tunnels) devices_.push_back(tunnel.device);
  if (auto out = take_out_all_but(wanted); !out) return out;
  installed_ = wanted;  // the same, in the plan's order
  return {};
}

// What this changes is announced like any other change: the repair that follows finds all in place.
Result<std::size_t> LinuxHostNetwork::repair() {
  std::size_t restored = 0;
  for (const NetworkObject& object : installed_) {
    const auto put_back = installer_.restore(object);
    if (!put_back) return tl::unexpected(put_back.error());
    if (*put_back) ++restored;
  }
  return restored;
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

Result<NetworkPath> LinuxHostNetwork::path_to(Ipv4Address destination) {
  const auto netlink = installer_.netlink();
  if (!netlink) return tl::unexpected(netlink.error());
  std::vector<std::uint32_t> tunnels;
  for (const std::string& device : devices_) tunnels.push_back(if_nametoindex(device.c_str()));
  return look_up_path(**netlink, destination, tunnels);
}

Result<std::vector<Ipv4Address>> LinuxHostNetwork::own_addresses() {
  const auto netlink = installer_.netlink();
  if (!netlink) return tl::unexpected(netlink.error());
  ifaddrmsg request{};
  request.ifa_family = AF_INET;
  std::vector<Ipv4Address> own;
  const int code = (*netlink)->talk({RTM_GETADDR, NLM_F_DUMP, request}, [&](nlmsghdr* reply) {
    const NetlinkAttributes<ifaddrmsg, IFA_MAX> address(reply);
    own.push_back(address.address(IFA_LOCAL));
    add_broadcasts(own, address.address(IFA_ADDRESS), prefix_length(reply));
  });
  if (code != 0) return fail_errno(code, "list this host's addresses");
  std::erase_if(own, [this](Ipv4Address address) {
    return std::ranges::any_of(installed_, [&](const NetworkObject& object) {
      const auto* const leased = std::get_if<LeasedAddress>(&object);
      return leased != nullptr && leased->address == address;
    });
  });
  return own;
}

}  // namespace rsip::agent
