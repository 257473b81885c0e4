#include "agent/platform/host_network.h"

namespace rsip::agent {
namespace {

std::string to_string(const TunnelPlan& tunnel) {
  std::string text = "link " + tunnel.device + " up mtu " + std::to_string(tunnel.mtu) + "\n";
  for (const Ipv4Address address : tunnel.addresses) {
    text += "addr " + address.to_string() + "/32 dev " + tunnel.device + "\n";
  }
  for (const Ipv4Prefix& prefix : tunnel.routes) {
    text += "route " + prefix.to_string() + " dev " + tunnel.device + " src " +
            tunnel.source.to_string() + " table " + std::to_string(kRouteTable) + "\n";
  }
  for (const InnerRoute& route : tunnel.inner) {
    text += "route " + route.to.to_string() + " dev " + tunnel.device + " src " +
            route.source.to_string() + " table " + std::to_string(kRouteTable) + "\n";
  }
  for (const Ipv4Address address : tunnel.forwarded) {
    text += "rule from " + address.to_string() + " lookup " + std::to_string(kForwardTable) + "\n";
  }
  return text;
}

}  // namespace

std::string to_string(const NetworkPlan& plan) {
  std::string text;
  for (const TunnelPlan& tunnel : plan.tunnels) text += to_string(tunnel);
  for (const Ipv4Prefix& prefix : plan.direct) {
    text += "route throw " + prefix.to_string() + " table " + std::to_string(kRouteTable) + "\n";
  }
  return text;
}

}  // namespace rsip::agent
