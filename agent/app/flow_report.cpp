#include "agent/app/flow_report.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "common/packet/ipv4_packet.h"

namespace rsip::agent {
namespace {

using packet::Protocol;

/// The number of a protocol that no port lease covers.
std::string protocol_text(std::uint8_t protocol) {
  switch (static_cast<Protocol>(protocol)) {
    case Protocol::kTcp:
      return "tcp";
    case Protocol::kUdp:
      return "udp";
    case Protocol::kIcmp:
      return "icmp";
    default:
      return std::to_string(protocol);
  }
}

const char* state_text(FlowState state) {
  switch (state) {
    case FlowState::kActive:
      return "active";
    case FlowState::kOpening:
      return "opening";
    case FlowState::kEstablished:
      return "established";
    case FlowState::kClosing:
      return "closing";
    case FlowState::kClosed:
      break;
  }
  return "closed";
}

ipc::FlowStatus to_status(const GatewayFlow& through, const std::optional<SocketOwner>& owner) {
  const ListedFlow& flow = through.flow;
  ipc::FlowStatus status;
  status.gateway = through.gateway;
  status.bind = flow.bind.value;
  status.protocol = protocol_text(flow.app.protocol);
  status.public_address = flow.app.local.to_string();
  status.public_port = flow.leased;
  status.local_port = flow.app.port;
  status.remote_address = flow.app.remote.to_string();
  status.remote_port = flow.app.remote_port;
  status.state = state_text(flow.state);
  status.begun_by = flow.begun_by == BegunBy::kHost ? "host" : "remote";
  status.idle_seconds = static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::seconds>(flow.idle).count());
  status.sent_bytes = flow.sent_bytes;
  status.received_bytes = flow.received_bytes;
  if (!owner) return status;
  status.user = owner->user_name;
  status.process = owner->process;
  status.program = owner->program;
  return status;
}

bool may_see(const ipc::Caller& caller, const std::optional<SocketOwner>& owner) {
  return ipc::is_allowed(caller.who, ipc::Access::kChange) || (owner && owner->user == caller.user);
}

/// Whether somebody outside may begin a flow to the port.
bool is_listening(const FlowTable& table, BindId bind, std::uint16_t port) {
  return std::ranges::any_of(table.bindings, [&](const Binding& binding) {
    return binding.listening && binding.bind == bind &&
           std::ranges::any_of(binding.ports,
                               [&](const PortRange& range) { return range.contains(port); });
  });
}

/// Collects the rows of one gateway.
class PortRows {
 public:
  PortRows(const FlowTable& table, const FlowList& list) : table_(table) {
    for (const ListedPort& listed : list.ports) {
      used_[{listed.local.to_string(), listed.port}] = listed.flows;
    }
  }

  void add(const ipc::LeaseStatus& lease) {
    for (const ipc::PortRangeStatus& range : lease.ports) {
      for (std::uint32_t port = range.first; port <= range.last; ++port) {
        add(lease, static_cast<std::uint16_t>(port));
      }
    }
    const bool whole = lease.ports.empty() && lease.spis.empty();
    if (!whole) return;
    for (const auto& [where, flows] : used_) {
      if (where.first == lease.address) add(lease, where.second);
    }
  }

  std::vector<ipc::PortStatus> take() {
    std::ranges::sort(rows_, {}, [](const auto& row) { return std::pair(row.port, row.bind); });
    if (rows_.size() > kMostPortsTold) rows_.resize(kMostPortsTold);
    return std::move(rows_);
  }

 private:
  void add(const ipc::LeaseStatus& lease, std::uint16_t port) {
    const auto used = used_.find({lease.address, port});
    const bool rests = used != used_.end() && used->second == 0;
    const std::uint32_t flows = used != used_.end() ? used->second : 0;
    const char* use = flows > 0 ? "in_use" : rests ? "resting" : "free";
    if (lease.listening || is_listening(table_, BindId{lease.bind}, port)) use = "listening";
    if (lease.retiring) use = "retiring";
    rows_.push_back({port, lease.bind, use, flows});
  }

  const FlowTable& table_;
  std::map<std::pair<std::string, std::uint16_t>, std::uint32_t> used_;  ///< Flows of each.
  std::vector<ipc::PortStatus> rows_;
};

}  // namespace

HostSocket socket_of(const ListedFlow& flow) {
  return {flow.app.protocol, flow.app.local, flow.app.port, flow.app.remote, flow.app.remote_port};
}

ipc::Flows report_flows(std::span<const GatewayFlow> flows,
                        std::span<const std::optional<SocketOwner>> owners, std::size_t left_out,
                        const ipc::Caller& caller) {
  std::vector<std::size_t> seen;
  for (std::size_t i = 0; i < flows.size(); ++i) {
    if (may_see(caller, owners[i])) seen.push_back(i);
  }
  std::ranges::stable_sort(seen, {}, [&](std::size_t i) { return flows[i].flow.idle; });
  if (seen.size() > kMostFlowsTold) seen.resize(kMostFlowsTold);
  ipc::Flows report;
  report.hidden = static_cast<std::uint32_t>(flows.size() - seen.size() + left_out);
  for (const std::size_t i : seen) report.flows.push_back(to_status(flows[i], owners[i]));
  return report;
}

ipc::Ports report_ports(const ipc::GatewayStatus& status, const FlowTable& table,
                        const FlowList& list, std::uint32_t high_water) {
  ipc::Ports report;
  report.gateway = status.name;
  report.high_water = high_water;
  if (status.leases.empty()) return report;
  report.address = status.leases.front().address;
  PortRows rows(table, list);
  for (const ipc::LeaseStatus& lease : status.leases) rows.add(lease);
  report.ports = rows.take();
  return report;
}

}  // namespace rsip::agent
