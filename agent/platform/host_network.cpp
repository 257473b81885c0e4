#include "agent/platform/host_network.h"

namespace rsip::agent {

std::string to_string(const NetworkPlan& plan) {
  if (plan.device.empty()) return "";
  std::string text = "link " + plan.device + " up mtu " + std::to_string(plan.mtu) + "\n";
  for (const Ipv4Address address : plan.addresses) {
    text += "addr " + address.to_string() + "/32 dev " + plan.device + "\n";
  }
  const std::string table = " table " + std::to_string(kRouteTable) + "\n";
  for (const Ipv4Prefix& prefix : plan.routes) {
    text += "route " + prefix.to_string() + " dev " + plan.device + " src " +
            plan.source.to_string() + table;
  }
  for (const Ipv4Prefix& prefix : plan.direct) text += "route throw " + prefix.to_string() + table;
  return text;
}

}  // namespace rsip::agent
