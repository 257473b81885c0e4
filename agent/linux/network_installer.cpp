#include "agent/linux/network_installer.h"

#include <net/if.h>
#include <sys/socket.h>

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "agent/linux/path_lookup.h"
#include "agent/linux/system_error.h"

namespace rsip::agent {
namespace {

/// How a request of the three kinds is flagged.
struct Verb {
  bool remove = false;
  int flags = 0;

  [[nodiscard]] int type(int make, int unmake) const { return remove ? unmake : make; }
};

constexpr Verb kInstallVerb{false, NLM_F_CREATE | NLM_F_EXCL};
constexpr Verb kReplaceVerb{false, NLM_F_CREATE | NLM_F_REPLACE};
constexpr Verb kRemoveVerb{true, 0};

int index_of(const std::string& device) {
  return static_cast<int>(if_nametoindex(device.c_str()));
}

NetlinkMessage message(const Verb& verb, const DeviceUp& link) {
  ifinfomsg header{};
  header.ifi_index = index_of(link.device);
  header.ifi_flags = verb.remove ? 0 : IFF_UP;
  header.ifi_change = IFF_UP;
  NetlinkMessage request(RTM_NEWLINK, 0, header);
  if (!verb.remove) request.put_u32(IFLA_MTU, link.mtu);
  return request;
}

NetlinkMessage message(const Verb& verb, const LeasedAddress& leased) {
  ifaddrmsg header{};
  header.ifa_family = AF_INET;
  header.ifa_prefixlen = 32;
  header.ifa_index = static_cast<unsigned>(index_of(leased.device));
  NetlinkMessage request(verb.type(RTM_NEWADDR, RTM_DELADDR), verb.flags, header);
  request.put_address(IFA_LOCAL, leased.address).put_address(IFA_ADDRESS, leased.address);
  return request;
}

// Scope "universe" keeps the tunnel from vouching for others' gateways: a next hop has to be found
// on a link, and must not be found in the tunnel only because no network is connected any more.
NetlinkMessage route_message(const Verb& verb, const Ipv4Prefix& to, unsigned char type,
                             std::uint32_t table = kRouteTable) {
  rtmsg header{};
  header.rtm_family = AF_INET;
  header.rtm_dst_len = to.length;
  header.rtm_table = RT_TABLE_COMPAT;  // the number does not fit a byte
  header.rtm_protocol = kOriginRsip;
  header.rtm_type = type;
  header.rtm_scope = RT_SCOPE_UNIVERSE;
  NetlinkMessage request(verb.type(RTM_NEWROUTE, RTM_DELROUTE), verb.flags, header);
  request.put_u32(RTA_TABLE, table);
  if (to.length > 0) request.put_address(RTA_DST, to.address);
  return request;
}

NetlinkMessage message(const Verb& verb, const DirectRoute& route) {
  return route_message(verb, route.to, RTN_THROW);
}

NetlinkMessage message(const Verb& verb, const TunnelRoute& route) {
  NetlinkMessage request = route_message(verb, route.to, RTN_UNICAST);
  request.put_u32(RTA_OIF, static_cast<std::uint32_t>(index_of(route.device)));
  request.put_address(RTA_PREFSRC, route.source);
  return request;
}

NetlinkMessage message(const Verb& verb, const ForwardRoute& route) {
  NetlinkMessage request = route_message(verb, {}, RTN_UNICAST, kForwardTable);
  request.put_u32(RTA_OIF, static_cast<std::uint32_t>(index_of(route.device)));
  return request;
}

NetlinkMessage message(const Verb& verb, const ForwardRule& rule) {
  fib_rule_hdr header{};
  header.family = AF_INET;
  header.action = FR_ACT_TO_TBL;
  header.src_len = 32;
  NetlinkMessage request(verb.type(RTM_NEWRULE, RTM_DELRULE), verb.flags, header);
  request.put_u8(FRA_PROTOCOL, kOriginRsip).put_u32(FRA_PRIORITY, kRulePriorityForward);
  request.put_u32(FRA_TABLE, kForwardTable).put_address(FRA_SRC, rule.from);
  return request;
}

NetlinkMessage message(const Verb& verb, PolicyRule rule) {
  const bool connected = rule == PolicyRule::kConnected;
  fib_rule_hdr header{};
  header.family = AF_INET;
  header.action = FR_ACT_TO_TBL;
  header.table = connected ? RT_TABLE_MAIN : RT_TABLE_UNSPEC;
  header.flags = connected ? 0 : FIB_RULE_INVERT;
  NetlinkMessage request(verb.type(RTM_NEWRULE, RTM_DELRULE), verb.flags, header);
  request.put_u8(FRA_PROTOCOL, kOriginRsip);
  request.put_u32(FRA_PRIORITY, connected ? kRulePriorityConnected : kRulePriorityTunnel);
  request.put_u32(FRA_TABLE, connected ? std::uint32_t{RT_TABLE_MAIN} : kRouteTable);
  if (connected) {
    request.put_u32(FRA_SUPPRESS_PREFIXLEN, 0);
  } else {
    request.put_u32(FRA_FWMARK, kTunnelMark).put_u32(FRA_FWMASK, 0xFFFFFFFF);
  }
  return request;
}

/// returns   0 or an errno value
int request(NetlinkSocket& netlink, const Verb& verb, const NetworkObject& object) {
  return std::visit(
      [&](const auto& concrete) {
        if constexpr (std::is_same_v<std::decay_t<decltype(concrete)>, ArpSilence>) {
          return 0;  // nftables' business
        } else {
          return netlink.talk(message(verb, concrete));
        }
      },
      object);
}

/// The kernel's answer to the removal of something that somebody else removed, or that went away
/// with its device.
bool is_gone(int code) {
  return code == ENOENT || code == ESRCH || code == ENODEV || code == EADDRNOTAVAIL;
}

}  // namespace

Result<NetlinkSocket*> NetworkInstaller::netlink() {
  if (!netlink_) {
    auto opened = NetlinkSocket::open();
    if (!opened) return tl::unexpected(opened.error());
    netlink_.emplace(std::move(*opened));
  }
  return &*netlink_;
}

Result<void> NetworkInstaller::install(const NetworkObject& object) {
  return perform(Action::kInstall, object);
}

Result<void> NetworkInstaller::replace(const NetworkObject& object) {
  return perform(Action::kReplace, object);
}

Result<void> NetworkInstaller::remove(const NetworkObject& object) {
  return perform(Action::kRemove, object);
}

// The ARP table belongs to this process: nobody else can remove it.
Result<bool> NetworkInstaller::restore(const NetworkObject& object) {
  if (std::holds_alternative<ArpSilence>(object)) return false;
  if (const auto* link = std::get_if<DeviceUp>(&object)) {
    const auto in_place = is_in_place(*link);
    if (!in_place) return tl::unexpected(in_place.error());
    if (*in_place) return false;
  }
  const auto socket = netlink();
  if (!socket) return tl::unexpected(socket.error());
  const int code = request(**socket, kInstallVerb, object);
  if (code == 0) return true;
  if (code == EEXIST) return false;
  return fail_errno(code, "put back " + to_string(object));
}

Result<bool> NetworkInstaller::is_in_place(const DeviceUp& link) {
  const auto socket = netlink();
  if (!socket) return tl::unexpected(socket.error());
  const unsigned index = if_nametoindex(link.device.c_str());
  if (index == 0) return fail_errno(ENODEV, "find interface " + link.device);
  const auto state = look_up_link(**socket, index);
  if (!state) return tl::unexpected(state.error());
  return state->up && state->mtu == link.mtu;
}

Result<void> NetworkInstaller::perform(Action action, const NetworkObject& object) {
  if (const auto* silence = std::get_if<ArpSilence>(&object)) {
    return action == Action::kRemove ? arp_silence_.remove() : arp_silence_.set(silence->addresses);
  }
  const auto socket = netlink();
  if (!socket) return tl::unexpected(socket.error());
  const Verb& verb = action == Action::kInstall   ? kInstallVerb
                     : action == Action::kReplace ? kReplaceVerb
                                                  : kRemoveVerb;
  const int code = request(**socket, verb, object);
  if (code == 0 || (verb.remove && is_gone(code))) return {};
  return fail_errno(code, (verb.remove ? "remove " : "install ") + to_string(object));
}

}  // namespace rsip::agent
