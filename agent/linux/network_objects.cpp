#include "agent/linux/network_objects.h"

#include <algorithm>
#include <iterator>

namespace rsip::agent {
namespace {

template <class Value>
std::vector<Value> without_duplicates(std::vector<Value> values) {
  std::ranges::sort(values);
  const auto rest = std::ranges::unique(values);
  values.erase(rest.begin(), rest.end());
  return values;
}

std::string in_table() {
  return " table " + std::to_string(kRouteTable);
}

struct ToText {
  std::string operator()(const DeviceUp& o) const {
    return "link " + o.device + " up mtu " + std::to_string(o.mtu);
  }
  std::string operator()(const ArpSilence&) const { return "nft table arp rsip"; }
  std::string operator()(const LeasedAddress& o) const {
    return "addr " + o.address.to_string() + "/32 dev " + o.device;
  }
  std::string operator()(const DirectRoute& o) const {
    return "route throw " + o.to.to_string() + in_table();
  }
  std::string operator()(const TunnelRoute& o) const {
    return "route " + o.to.to_string() + " dev " + o.device + " src " + o.source.to_string() +
           in_table();
  }
  std::string operator()(const ForwardRoute& o) const {
    return "route default dev " + o.device + " table " + std::to_string(kForwardTable);
  }
  std::string operator()(const ForwardRule& o) const {
    return "rule " + std::to_string(kRulePriorityForward) + " from " + o.from.to_string() +
           " lookup " + std::to_string(kForwardTable);
  }
  std::string operator()(PolicyRule o) const {
    return o == PolicyRule::kConnected
               ? "rule " + std::to_string(kRulePriorityConnected) +
                     " lookup main suppress_prefixlength 0"
               : "rule " + std::to_string(kRulePriorityTunnel) + " not fwmark " +
                     std::to_string(kTunnelMark) + " lookup " + std::to_string(kRouteTable);
  }
};

/// What decides whether two objects of one type exclude each other.
struct SamePlace {
  bool operator()(const DeviceUp& a, const DeviceUp& b) const { return a.device == b.device; }
  bool operator()(const ArpSilence&, const ArpSilence&) const { return true; }
  bool operator()(const LeasedAddress& a, const LeasedAddress& b) const { return a == b; }
  bool operator()(const DirectRoute& a, const DirectRoute& b) const { return a == b; }
  bool operator()(const TunnelRoute& a, const TunnelRoute& b) const { return a.to == b.to; }
  bool operator()(const ForwardRoute&, const ForwardRoute&) const { return true; }
  bool operator()(const ForwardRule& a, const ForwardRule& b) const { return a == b; }
  bool operator()(PolicyRule a, PolicyRule b) const { return a == b; }
  // The kernel keeps one route to a prefix per table.
  bool operator()(const DirectRoute& a, const TunnelRoute& b) const { return a.to == b.to; }
  bool operator()(const TunnelRoute& a, const DirectRoute& b) const { return a.to == b.to; }
  template <class A, class B>
  bool operator()(const A&, const B&) const {
    return false;
  }
};

std::vector<Ipv4Address> addresses_of(const TunnelPlan& tunnel) {
  std::vector<Ipv4Address> all = tunnel.addresses;
  for (const InnerRoute& route : tunnel.inner) all.push_back(route.source);
  return all;
}

/// ARP is silent for all leased addresses before the first of them is on a device.
void add_addresses(const NetworkPlan& plan, std::vector<NetworkObject>& objects) {
  std::vector<Ipv4Address> silent;
  std::vector<NetworkObject> leased;
  for (const TunnelPlan& tunnel : plan.tunnels) {
    for (const Ipv4Address address : without_duplicates(addresses_of(tunnel))) {
      silent.push_back(address);
      leased.emplace_back(LeasedAddress{tunnel.device, address});
    }
  }
  if (!silent.empty()) objects.emplace_back(ArpSilence{without_duplicates(std::move(silent))});
  std::ranges::move(leased, std::back_inserter(objects));
}

void add_routes(const TunnelPlan& tunnel, const std::vector<Ipv4Prefix>& direct,
                std::vector<NetworkObject>& objects) {
  for (const InnerRoute& route : without_duplicates(tunnel.inner)) {
    objects.emplace_back(TunnelRoute{route.to, tunnel.device, route.source});
  }
  for (const Ipv4Prefix& to : without_duplicates(tunnel.routes)) {
    const bool inner = std::ranges::find(tunnel.inner, to, &InnerRoute::to) != tunnel.inner.end();
    if (inner || std::ranges::find(direct, to) != direct.end()) continue;
    objects.emplace_back(TunnelRoute{to, tunnel.device, tunnel.source});
  }
  if (tunnel.forwarded.empty()) return;
  objects.emplace_back(ForwardRoute{tunnel.device});
  for (const Ipv4Address from : without_duplicates(tunnel.forwarded)) {
    objects.emplace_back(ForwardRule{from});
  }
}

}  // namespace

std::vector<NetworkObject> objects_of(const NetworkPlan& plan) {
  if (plan.tunnels.empty()) return {};
  std::vector<NetworkObject> objects;
  for (const TunnelPlan& tunnel : plan.tunnels) {
    objects.emplace_back(DeviceUp{tunnel.device, tunnel.mtu});
  }
  add_addresses(plan, objects);
  const auto direct = without_duplicates(plan.direct);
  for (const Ipv4Prefix& to : direct) objects.emplace_back(DirectRoute{to});
  bool routed = false;
  for (const TunnelPlan& tunnel : plan.tunnels) {
    routed = routed || !tunnel.routes.empty() || !tunnel.inner.empty();
    add_routes(tunnel, direct, objects);
  }
  if (routed) {
    objects.emplace_back(PolicyRule::kConnected);
    objects.emplace_back(PolicyRule::kTunnel);
  }
  return objects;
}

bool same_place(const NetworkObject& a, const NetworkObject& b) {
  return std::visit(SamePlace{}, a, b);
}

std::string to_string(const NetworkObject& object) {
  return std::visit(ToText{}, object);
}

}  // namespace rsip::agent
