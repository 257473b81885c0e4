#include "agent/app/network_planner.h"

#include <algorithm>

namespace rsip::agent {

NetworkPlan plan_network(const Config& config, const std::vector<Lease>& leases,
                         std::uint32_t underlay_mtu) {
  if (leases.empty()) return {};
  NetworkPlan plan;
  plan.device = config.device;
  plan.mtu = underlay_mtu - kIpIpOverheadBytes;
  for (const Lease& lease : leases) {
    if (std::ranges::find(plan.addresses, lease.local) == plan.addresses.end()) {
      plan.addresses.push_back(lease.local);
    }
  }
  plan.source = leases.front().local;
  plan.routes = config.gateway.routes;
  plan.direct = config.gateway.exclude;
  plan.direct.push_back({config.gateway.address, 32});
  return plan;
}

FlowTable plan_flows(const Config& config, const std::vector<Lease>& leases, bool may_grow,
                     std::uint64_t generation) {
  FlowTable table{generation, config.gateway.address, {}, may_grow};
  for (const Lease& lease : leases) {
    const bool all_ports = config.gateway.method == msg::Method::kRsaIp;
    table.bindings.push_back({lease.bind, lease.local, all_ports, lease.ports});
  }
  return table;
}

}  // namespace rsip::agent
