#include "agent/linux/path_lookup.h"

#include <algorithm>
#include <cstring>
#include <net/if.h>
#include <string>

#include <linux/rtnetlink.h>

#include "agent/linux/system_error.h"

namespace rsip::agent {
namespace {

/// What a route look-up says.
struct Way {
  Ipv4Address source;
  Ipv4Address router;
  std::uint32_t link = 0;
  std::uint32_t mtu = 0;  ///< Of the route, or learned from ICMP; 0: that of the link.

  void read(nlmsghdr* reply) {
    const NetlinkAttributes<rtmsg, RTA_MAX> route(reply);
    source = route.address(RTA_PREFSRC);
    router = route.address(RTA_GATEWAY);
    link = route.u32(RTA_OIF, 0);
    nlattr* metrics[RTAX_MAX + 1] = {};
    if (route.get(RTA_METRICS) == nullptr) return;
    nla_parse_nested(metrics, RTAX_MAX, route.get(RTA_METRICS), nullptr);
    if (metrics[RTAX_MTU] != nullptr) mtu = nla_get_u32(metrics[RTAX_MTU]);
  }
};

tl::unexpected<Error> no_route(Ipv4Address destination, const std::string& reason) {
  return fail(ErrorKind::kUnreachable,
              "there is no route to " + destination.to_string() + ": " + reason,
              "check the network connection");
}

}  // namespace

// A route that forbids answers with "permission denied": to us that is one more way to have none.
Result<NetworkPath> look_up_path(NetlinkSocket& netlink, Ipv4Address destination,
                                 std::span<const std::uint32_t> tunnels) {
  rtmsg header{};
  header.rtm_family = AF_INET;
  header.rtm_dst_len = 32;
  NetlinkMessage request(RTM_GETROUTE, 0, header);
  request.put_address(RTA_DST, destination).put_u32(RTA_MARK, kTunnelMark);
  Way way;
  const int code = netlink.talk(request, [&](nlmsghdr* reply) { way.read(reply); });
  if (code != 0) return no_route(destination, std::strerror(code));
  if (way.link != 0 && std::ranges::find(tunnels, way.link) != tunnels.end()) {
    return no_route(destination, "it leads into a tunnel");
  }
  const auto link = look_up_link(netlink, way.link);
  if (!link) return tl::unexpected(link.error());
  char name[IF_NAMESIZE] = {};
  if_indextoname(way.link, name);
  return NetworkPath{way.source, way.mtu != 0 ? way.mtu : link->mtu, way.link, way.router, name};
}

Result<LinkState> look_up_link(NetlinkSocket& netlink, std::uint32_t index) {
  ifinfomsg header{};
  header.ifi_index = static_cast<int>(index);
  LinkState state;
  const int code = netlink.talk({RTM_GETLINK, 0, header}, [&](nlmsghdr* reply) {
    state.up = (static_cast<const ifinfomsg*>(nlmsg_data(reply))->ifi_flags & IFF_UP) != 0;
    state.mtu = NetlinkAttributes<ifinfomsg, IFLA_MAX>(reply).u32(IFLA_MTU, 0);
  });
  if (code == EINVAL) return fail_errno(ENODEV, "read interface " + std::to_string(index));
  if (code != 0) return fail_errno(code, "read interface " + std::to_string(index));
  return state;
}

}  // namespace rsip::agent
