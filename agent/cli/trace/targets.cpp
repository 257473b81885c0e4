#include "agent/cli/trace/targets.h"

#include <algorithm>

namespace rsip::cli::trace {
namespace {

using ipc::GatewayStatus;

// Protocol 4 is IP in IP, 47 GRE; 1701 is L2TP. Later fragments have no ports, but L2TP's are of a
// host that is asked for anyway.
std::string filter_for(const GatewayStatus& gateway) {
  std::string hosts = "host " + gateway.address;
  if (!gateway.endpoint.empty() && gateway.endpoint != gateway.address) {
    hosts += " or host " + gateway.endpoint;
  }
  return "(" + hosts + ") and (port " + std::to_string(gateway.port) +
         " or ip proto 4 or ip proto 47 or udp port 1701 or (ip[6:2] & 0x1fff != 0))";
}

void add_underlay(std::vector<Target>& targets, const std::string& device,
                  const GatewayStatus& gateway) {
  const auto known = std::ranges::find(targets, device, &Target::device);
  if (known == targets.end()) {
    targets.push_back({device, filter_for(gateway), "control and tunnel of " + gateway.name});
    return;
  }
  known->filter += " or " + filter_for(gateway);
  known->shows += " and " + gateway.name;
}

}  // namespace

Result<std::vector<Target>> targets_of(const ipc::Status& status,
                                       const std::map<std::string, std::string>& way_out) {
  std::vector<Target> targets;
  for (const GatewayStatus& gateway : status.gateways) {
    const auto way = way_out.find(gateway.address);
    if (way != way_out.end()) add_underlay(targets, way->second, gateway);
  }
  for (const GatewayStatus& gateway : status.gateways) {
    if (gateway.device.empty()) continue;
    targets.push_back({gateway.device, "", "inside the tunnel of " + gateway.name});
  }
  if (!targets.empty()) return targets;
  return fail(ErrorKind::kState, "there is nothing to trace: no way to a gateway is known",
              "rsipctl doctor says why");
}

std::string comment_of(const ipc::Status& status) {
  std::string text = "RSIP host agent " + status.agent;
  for (const GatewayStatus& gateway : status.gateways) {
    text += "\ngateway " + gateway.name + ": " + gateway.address + ":" +
            std::to_string(gateway.port) + " over " + gateway.transport + ", " + gateway.state;
    if (!gateway.device.empty()) {
      text += ", " + gateway.tunnel + " to " + gateway.endpoint + ", device " + gateway.device;
    }
  }
  return text;
}

}  // namespace rsip::cli::trace
