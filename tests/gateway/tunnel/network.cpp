#include "tests/gateway/tunnel/network.h"

#include <fstream>
#include <net/if.h>

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <netlink/addr.h>
#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/neighbour.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include <netlink/route/rule.h>

namespace rsip::gateway {
namespace {

struct Release {
  void operator()(nl_addr* owned) const { nl_addr_put(owned); }
  void operator()(nl_cache* owned) const { nl_cache_free(owned); }
  void operator()(rtnl_link* owned) const { rtnl_link_put(owned); }
  void operator()(rtnl_route* owned) const { rtnl_route_put(owned); }
  void operator()(rtnl_neigh* owned) const { rtnl_neigh_put(owned); }
  void operator()(rtnl_rule* owned) const { rtnl_rule_put(owned); }
};
template <class T>
using Owned = std::unique_ptr<T, Release>;

tl::unexpected<Error> failed(const std::string& what, int error) {
  const bool denied = error == -NLE_PERM || error == -NLE_NOACCESS;
  return fail(denied ? ErrorKind::kPermission : ErrorKind::kOther,
              "cannot " + what + ": " + nl_geterror(error),
              denied ? "run it as root, or with CAP_NET_ADMIN and CAP_NET_RAW" : "");
}

Owned<nl_addr> to_nl(const Ipv4Prefix& prefix) {
  const std::uint32_t network_order = htonl(prefix.address.value);
  Owned<nl_addr> address(nl_addr_build(AF_INET, &network_order, sizeof network_order));
  nl_addr_set_prefixlen(address.get(), prefix.length);
  return address;
}

Owned<rtnl_neigh> proxy_entry(Ipv4Address address, int device) {
  Owned<rtnl_neigh> entry(rtnl_neigh_alloc());
  rtnl_neigh_set_ifindex(entry.get(), device);
  rtnl_neigh_set_dst(entry.get(), to_nl({address, 32}).get());
  rtnl_neigh_set_flags(entry.get(), NTF_PROXY);
  return entry;
}

Owned<rtnl_rule> barrier_for(const std::string& device) {
  Owned<rtnl_rule> rule(rtnl_rule_alloc());
  rtnl_rule_set_family(rule.get(), AF_INET);
  rtnl_rule_set_prio(rule.get(), kBarrierPriority);
  rtnl_rule_set_iif(rule.get(), device.c_str());
  rtnl_rule_set_action(rule.get(), FR_ACT_UNREACHABLE);
  return rule;
}

}  // namespace

Result<std::unique_ptr<Network>> Network::open() {
  nl_sock* const socket = nl_socket_alloc();
  if (socket == nullptr) return fail(ErrorKind::kOther, "out of memory");
  std::unique_ptr<Network> network(new Network(socket));
  if (const int error = nl_connect(socket, NETLINK_ROUTE); error < 0) {
    return failed("talk to the kernel's routing", error);
  }
  return network;
}

Network::~Network() {
  for (const Proxy& proxy : proxies_) {
    rtnl_neigh_delete(socket_, proxy_entry(proxy.address, proxy.device).get(), 0);
  }
  for (const std::string& device : barriers_) {
    rtnl_rule_delete(socket_, barrier_for(device).get(), 0);
  }
  nl_socket_free(socket_);
}

Result<std::vector<OwnAddress>> Network::own_addresses() {
  nl_cache* raw = nullptr;
  if (const int error = rtnl_addr_alloc_cache(socket_, &raw); error < 0) {
    return failed("read the addresses of this machine", error);
  }
  const Owned<nl_cache> cache(raw);
  std::vector<OwnAddress> all;
  for (nl_object* object = nl_cache_get_first(raw); object != nullptr;
       object = nl_cache_get_next(object)) {
    auto* const entry = reinterpret_cast<rtnl_addr*>(object);
    if (rtnl_addr_get_family(entry) != AF_INET) continue;
    std::uint32_t network_order = 0;
    __builtin_memcpy(&network_order, nl_addr_get_binary_addr(rtnl_addr_get_local(entry)),
                     sizeof network_order);
    all.push_back({{ntohl(network_order)},
                   static_cast<std::uint8_t>(rtnl_addr_get_prefixlen(entry)),
                   rtnl_addr_get_ifindex(entry)});
  }
  return all;
}

Result<std::uint16_t> Network::mtu(int device) {
  rtnl_link* raw = nullptr;
  if (const int error = rtnl_link_get_kernel(socket_, device, nullptr, &raw); error < 0) {
    return failed("read the MTU of the private network's device", error);
  }
  const Owned<rtnl_link> link(raw);
  return static_cast<std::uint16_t>(std::min(rtnl_link_get_mtu(raw), 65535U));
}

Result<int> Network::index(const std::string& device) {
  const unsigned index = if_nametoindex(device.c_str());
  if (index == 0) {
    return fail(ErrorKind::kConfigInvalid, "there is no device " + device, "see: ip link");
  }
  return static_cast<int>(index);
}

Result<void> Network::bring_up(int device, std::uint16_t mtu) {
  const Owned<rtnl_link> now(rtnl_link_alloc());
  const Owned<rtnl_link> wanted(rtnl_link_alloc());
  rtnl_link_set_ifindex(now.get(), device);
  rtnl_link_set_mtu(wanted.get(), mtu);
  rtnl_link_set_flags(wanted.get(), IFF_UP);
  if (const int error = rtnl_link_change(socket_, now.get(), wanted.get(), 0); error < 0) {
    return failed("bring up the tunnel device", error);
  }
  return {};
}

int Network::change_route(const Ipv4Prefix& to, int device, bool add) {
  const Owned<rtnl_route> route(rtnl_route_alloc());
  rtnl_route_set_family(route.get(), AF_INET);
  rtnl_route_set_table(route.get(), RT_TABLE_MAIN);
  rtnl_route_set_scope(route.get(), RT_SCOPE_LINK);
  rtnl_route_set_protocol(route.get(), RTPROT_STATIC);
  rtnl_route_set_type(route.get(), RTN_UNICAST);
  rtnl_route_set_dst(route.get(), to_nl(to).get());
  rtnl_nexthop* const hop = rtnl_route_nh_alloc();
  rtnl_route_nh_set_ifindex(hop, device);
  rtnl_route_add_nexthop(route.get(), hop);  // which owns it from now on
  return add ? rtnl_route_add(socket_, route.get(), NLM_F_EXCL)
             : rtnl_route_delete(socket_, route.get(), 0);
}

Result<void> Network::remove_route(const Ipv4Prefix& to, int device) {
  const int error = change_route(to, device, false);
  if (error < 0) return failed("remove the route to " + to.to_string(), error);
  return {};
}

Result<void> Network::add_barrier(const std::string& device) {
  const int error = rtnl_rule_add(socket_, barrier_for(device).get(), NLM_F_EXCL);
  if (error < 0 && error != -NLE_EXIST)
    return failed("keep packets of hosts from going astray", error);
  barriers_.push_back(device);
  return {};
}

Result<void> Network::add_route(const Ipv4Prefix& to, int device) {
  const int error = change_route(to, device, true);
  if (error == -NLE_EXIST) {
    return fail(ErrorKind::kInUse, "there is a route to " + to.to_string() + " already",
                "find it with: ip route show " + to.to_string());
  }
  if (error < 0) return failed("route " + to.to_string() + " into the tunnel device", error);
  return {};
}

Result<void> Network::add_arp_proxy(Ipv4Address address, int device) {
  const auto entry = proxy_entry(address, device);
  const int error = rtnl_neigh_add(socket_, entry.get(), NLM_F_CREATE | NLM_F_EXCL);
  if (error == -NLE_EXIST) return {};
  if (error < 0) return failed("answer ARP for " + address.to_string(), error);
  proxies_.push_back({address, device});
  return {};
}

bool forwarding_is_on() {
  std::ifstream setting("/proc/sys/net/ipv4/ip_forward");
  int value = 0;
  return setting >> value && value == 1;
}

}  // namespace rsip::gateway
