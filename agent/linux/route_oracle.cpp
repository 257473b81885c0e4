#include "agent/linux/route_oracle.h"

#include <arpa/inet.h>
#include <cstring>
#include <net/if.h>
#include <netinet/in.h>

#include <linux/rtnetlink.h>

#include "agent/linux/policy_rules.h"
#include "agent/linux/system_error.h"

namespace rsip::agent {
namespace {

/// What a look-up says.
struct Found {
  int code = 0;  ///< errno
  std::uint8_t type = RTN_UNSPEC;
  std::uint32_t table = 0;
  std::uint32_t link = 0;
  Ipv4Address router;
  Ipv4Address source;
  Ipv4Prefix prefix;
};

void take(nlmsghdr* reply, Found& found) {
  const auto& header = *static_cast<const rtmsg*>(nlmsg_data(reply));
  const NetlinkAttributes<rtmsg, RTA_MAX> route(reply);
  found.type = header.rtm_type;
  found.table = route.u32(RTA_TABLE, header.rtm_table);
  found.link = route.u32(RTA_OIF, 0);
  found.router = route.address(RTA_GATEWAY);
  found.source = route.address(RTA_PREFSRC);
  found.prefix = {route.address(RTA_DST), header.rtm_dst_len};
}

/// flags   RTM_F_*
Found look_up(NetlinkSocket& netlink, const RouteQuestion& question, unsigned flags) {
  rtmsg header{};
  header.rtm_family = AF_INET;
  header.rtm_dst_len = 32;
  header.rtm_flags = flags;
  NetlinkMessage request(RTM_GETROUTE, 0, header);
  request.put_address(RTA_DST, question.destination).put_u32(RTA_UID, question.user);
  if (question.port != 0) {
    const std::uint16_t port = htons(question.port);
    request.put_u8(RTA_IP_PROTO, IPPROTO_TCP);
    nla_put(request.get(), RTA_DPORT, sizeof port, &port);
  }
  Found found;
  found.code = netlink.talk(request, [&](nlmsghdr* reply) { take(reply, found); });
  return found;
}

RouteKind kind_of(std::uint8_t type) {
  switch (type) {
    case RTN_LOCAL:
      return RouteKind::kLocal;
    case RTN_BROADCAST:
      return RouteKind::kBroadcast;
    case RTN_MULTICAST:
      return RouteKind::kMulticast;
    default:
      return RouteKind::kUnicast;
  }
}

std::string name_of(std::uint32_t link) {
  char name[IF_NAMESIZE] = {};
  return link != 0 && if_indextoname(link, name) != nullptr ? name : "";
}

void add_rule(NetlinkSocket& netlink, const RouteQuestion& question, std::uint32_t table,
              RouteAnswer& answer) {
  const auto names = table_names();
  const auto name = names.find(table);
  answer.table = name != names.end() ? name->second : std::to_string(table);
  const auto rules = list_rules(netlink);
  if (!rules) return;
  const auto* const rule = decisive_rule(*rules, question, table, answer.prefix.length);
  if (rule == nullptr) return;
  answer.rule_priority = rule->priority;
  answer.rule = to_string(*rule, names);
}

}  // namespace

// Two look-ups: the first says what a packet gets, the second which route gives it that.
Result<RouteAnswer> LinuxRouteOracle::explain(const RouteQuestion& question) {
  auto netlink = NetlinkSocket::open();
  if (!netlink) return tl::unexpected(netlink.error());
  const Found way = look_up(*netlink, question, RTM_F_LOOKUP_TABLE);
  RouteAnswer answer;
  if (way.code != 0) {
    answer.why_none = std::strerror(way.code);
    return answer;
  }
  answer.kind = kind_of(way.type);
  answer.device = name_of(way.link);
  answer.router = way.router;
  answer.source = way.source;
  const Found route = look_up(*netlink, question, RTM_F_LOOKUP_TABLE | RTM_F_FIB_MATCH);
  answer.prefix = route.code == 0 ? route.prefix : Ipv4Prefix{question.destination, 32};
  const std::uint32_t table = route.code == 0 && route.table != 0 ? route.table : way.table;
  add_rule(*netlink, question, table, answer);
  return answer;
}

}  // namespace rsip::agent
