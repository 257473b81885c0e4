#include "agent/cli/flow_text.h"

#include <algorithm>
#include <vector>

#include "agent/cli/status_text.h"
#include "agent/cli/table.h"

namespace rsip::cli {
namespace {

/// Neighbouring ports of one lease that do the same.
struct Run {
  ipc::PortStatus first;
  std::uint16_t last = 0;
  std::uint32_t flows = 0;
};

std::vector<Run> runs_of(const std::vector<ipc::PortStatus>& ports) {
  std::vector<Run> runs;
  for (const ipc::PortStatus& port : ports) {
    const bool joins = !runs.empty() && runs.back().last + 1 == port.port &&
                       runs.back().first.bind == port.bind && runs.back().first.use == port.use;
    if (!joins) runs.push_back({port, port.port, 0});
    runs.back().last = port.port;
    runs.back().flows += port.flows;
  }
  return runs;
}

std::string range_text(const Run& run) {
  const std::string first = std::to_string(run.first.port);
  return run.last == run.first.port ? first : first + "-" + std::to_string(run.last);
}

std::string use_text(const std::string& use) {
  return use == "in_use" ? "in use" : use;
}

std::string endpoint(const std::string& address, std::uint16_t port) {
  return port == 0 ? address : address + ":" + std::to_string(port);
}

/// "curl, user alice"
std::string owner_text(const ipc::FlowStatus& flow) {
  if (flow.user.empty()) return flow.program.empty() ? "-" : flow.program;
  return (flow.program.empty() ? "" : flow.program + ", ") + "user " + flow.user;
}

std::string hidden_text(std::uint32_t hidden) {
  if (hidden == 0) return "";
  return hidden == 1 ? "1 flow of another user is not shown.\n"
                     : std::to_string(hidden) + " flows of other users are not shown.\n";
}

}  // namespace

std::string flows_text(const ipc::Flows& flows) {
  std::vector<std::vector<std::string>> rows = {{"GATEWAY", "BIND", "PROTOCOL", "PUBLIC", "REMOTE",
                                                 "STATE", "BEGUN BY", "IDLE", "SENT", "RECEIVED",
                                                 "OWNER"}};
  for (const ipc::FlowStatus& flow : flows.flows) {
    rows.push_back({flow.gateway, std::to_string(flow.bind), flow.protocol,
                    endpoint(flow.public_address, flow.public_port),
                    endpoint(flow.remote_address, flow.remote_port), flow.state, flow.begun_by,
                    human_seconds(flow.idle_seconds), human_bytes(flow.sent_bytes),
                    human_bytes(flow.received_bytes), owner_text(flow)});
  }
  const std::string hidden = hidden_text(flows.hidden);
  if (rows.size() > 1) return table_text(rows) + hidden;
  return hidden.empty() ? "No flow goes through a tunnel now.\n" : hidden;
}

std::string ports_table(const ipc::Ports& ports) {
  std::vector<std::vector<std::string>> rows = {{"PORTS", "BIND", "USE", "FLOWS"}};
  for (const Run& run : runs_of(ports.ports)) {
    rows.push_back({range_text(run), std::to_string(run.first.bind), use_text(run.first.use),
                    std::to_string(run.flows)});
  }
  const std::string most =
      "Most in use at a time since the agent started: " + std::to_string(ports.high_water) + "\n";
  if (ports.address.empty()) return "Nothing is leased: rsipctl status says why.\n";
  if (rows.size() == 1) return "No port of " + ports.address + " is in use.\n" + most;
  return table_text(rows) + most;
}

}  // namespace rsip::cli
