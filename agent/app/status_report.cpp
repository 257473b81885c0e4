#include "agent/app/status_report.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace rsip::agent {
namespace {

/// 0 for what is past.
std::uint32_t whole_seconds(Duration time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
  return static_cast<std::uint32_t>(std::max<std::int64_t>(seconds, 0));
}

ipc::LeaseStatus lease_status(const Lease& lease, TimePoint now) {
  ipc::LeaseStatus status;
  status.bind = lease.bind.value;
  status.address = lease.local.to_string();
  for (const PortRange& range : lease.ports) status.ports.push_back({range.first, range.last()});
  for (const SpiRange& range : lease.spis) {
    status.spis.push_back({spi_to_string(range.first), spi_to_string(range.last())});
  }
  status.remote = to_string(lease.remote);
  status.listening = lease.listening;
  status.server_port = lease.server_port;
  status.retiring = lease.retiring;
  status.expires_in_seconds = whole_seconds(lease.expires_at - now);
  status.renews_in_seconds = whole_seconds(lease.renew_at - now);
  status.granted_seconds = whole_seconds(lease.granted);
  return status;
}

ipc::TrafficStatus traffic_status(const DatapathStats& stats) {
  ipc::TrafficStatus status{
      stats.sent_packets, stats.sent_bytes, stats.received_packets, stats.received_bytes, {}};
  for (std::size_t i = 0; i < kDropReasons; ++i) {
    if (stats.drops[i] == 0) continue;
    status.drops.push_back({to_string(static_cast<DropReason>(i)), stats.drops[i]});
  }
  return status;
}

void add_use(const std::vector<BindingUse>& use, ipc::GatewayStatus& status) {
  std::unordered_map<std::uint32_t, std::uint32_t> ports;
  for (const BindingUse& binding : use) ports.emplace(binding.bind.value, binding.ports_in_use);
  for (ipc::LeaseStatus& lease : status.leases) {
    const auto found = ports.find(lease.bind);
    if (found != ports.end()) lease.ports_in_use = found->second;
  }
}

std::string state_of(const GatewayReport& report) {
  if (report.session != nullptr) return to_string(report.session->state());
  if (!report.up) return "disabled";
  return report.config.address ? "unregistered" : "discovering";
}

void add_link(const GatewayReport& report, ipc::GatewayStatus& status) {
  status.port = report.config.port;
  status.transport = to_string(report.config.transport);
  if (!report.target) return;
  status.address = report.target->address.to_string();
  status.port = report.target->port;
  status.transport = to_string(report.target->transport);
  status.found_by = report.found_by;
  status.authenticated = report.authenticated;
}

void add_tunnel(const GatewayReport& report, ipc::GatewayStatus& status) {
  status.tunnel = msg::to_string(report.config.tunnels.front());
  if (report.stats) {
    status.device = report.config.device;
    status.traffic = traffic_status(*report.stats);
  }
  if (!report.end) return;
  status.tunnel = packet::to_string(report.end->encapsulation);
  status.endpoint = report.end->endpoint.to_string();
  status.mtu = report.mtu;
}

void add_notes(const LeaseNotes& notes, ipc::LeaseStatus& status, std::size_t most) {
  const BindId bind{status.bind};
  status.held = notes.is_held(bind);
  status.history = notes.history(bind);
  const std::size_t left_out = status.history.size() - std::min(most, status.history.size());
  status.history.erase(status.history.begin(),
                       status.history.begin() + static_cast<std::ptrdiff_t>(left_out));
}

void add_session(const GatewayReport& report, ipc::GatewayStatus& status, TimePoint now) {
  const Session& session = *report.session;
  if (const auto client = session.client()) status.client_id = client->value;
  if (session.client() && session.policy()) {
    status.local_policy = msg::to_string(session.policy()->local);
    status.remote_policy = msg::to_string(session.policy()->remote);
  }
  const std::size_t most = kMostHistoryTold / std::max<std::size_t>(session.leases().size(), 1);
  for (const Lease& lease : session.leases()) {
    status.leases.push_back(lease_status(lease, now));
    if (report.notes != nullptr) add_notes(*report.notes, status.leases.back(), most);
    status.ports.leased += static_cast<std::uint32_t>(port_count(lease.ports));
  }
}

}  // namespace

std::string to_string(const RemoteScope& scope) {
  if (!scope.address) return "";
  return scope.address->to_string() + (scope.port ? ":" + std::to_string(*scope.port) : "");
}

ipc::GatewayStatus report_gateway(const GatewayReport& report, TimePoint now) {
  ipc::GatewayStatus status;
  status.name = report.config.name;
  status.state = state_of(report);
  status.method = msg::to_string(report.config.method);
  status.ipsec = report.config.ipsec.enabled;
  // With whole addresses there are no single ports to count.
  if (report.config.method == msg::Method::kRsapIp) status.ports.limit = report.config.max_ports;
  add_link(report, status);
  add_tunnel(report, status);
  if (report.session != nullptr) add_session(report, status, now);
  add_use(report.use, status);
  if (report.stats) {
    status.ports.used = report.stats->ports_in_use;
    status.ports.free = status.ports.leased - std::min(status.ports.leased, status.ports.used);
  }
  for (const Ipv4Prefix& network : report.local_networks) {
    status.local_networks.push_back(network.to_string());
  }
  if (report.problem) {
    status.problem = ipc::problem_of(*report.problem);
  }
  return status;
}

std::string furthest_state(const std::vector<ipc::GatewayStatus>& gateways) {
  constexpr std::array kOrder = {"disabled",     "stopping",   "discovering",
                                 "unregistered", "connecting", "registering",
                                 "registered",   "assigning",  "assigned"};
  const auto rank = [&](const ipc::GatewayStatus& gateway) {
    return std::ranges::find(kOrder, gateway.state) - kOrder.begin();
  };
  return gateways.empty() ? kOrder.front() : std::ranges::max(gateways, {}, rank).state;
}

}  // namespace rsip::agent
