#include "agent/linux/network_objects.h"

#include <algorithm>

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
  bool operator()(PolicyRule a, PolicyRule b) const { return a == b; }
  // The kernel keeps one route to a prefix per table.
  bool operator()(const DirectRoute& a, const TunnelRoute& b) const { return a.to == b.to; }
  bool operator()(const TunnelRoute& a, const DirectRoute& b) const { return a.to == b.to; }
  template <class A, class B>
  bool operator()(const A&, const B&) const {
    return false;
  }
};

}  // namespace

std::vector<NetworkObject> objects_of(const NetworkPlan& plan) {
  if (plan.device.empty()) return {};
  std::vector<NetworkObject> objects{DeviceUp{plan.device, plan.mtu}};
  const auto addresses = without_duplicates(plan.addresses);
  if (!addresses.empty()) objects.emplace_back(ArpSilence{addresses});
  for (const Ipv4Address address : addresses) {
    objects.emplace_back(LeasedAddress{plan.device, address});
  }
  const auto direct = without_duplicates(plan.direct);
  for (const Ipv4Prefix& to : direct) objects.emplace_back(DirectRoute{to});
  for (const Ipv4Prefix& to : without_duplicates(plan.routes)) {
    if (std::ranges::find(direct, to) != direct.end()) continue;
    objects.emplace_back(TunnelRoute{to, plan.device, plan.source});
  }
  if (!plan.routes.empty()) {
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
