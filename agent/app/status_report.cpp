#include "agent/app/status_report.h"

#include <algorithm>

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
  status.expires_in_seconds = whole_seconds(lease.expires_at - now);
  status.renews_in_seconds = whole_seconds(lease.renew_at - now);
  status.granted_seconds = whole_seconds(lease.granted);
  return status;
}

ipc::GatewayStatus gateway_status(const GatewayConfig& gateway, const Session& session,
                                  std::uint32_t mtu) {
  ipc::GatewayStatus status{gateway.name,
                            gateway.address.to_string(),
                            gateway.port,
                            "tcp",
                            msg::to_string(gateway.method),
                            "ip-ip",
                            mtu,
                            {},
                            {},
                            {}};
  if (const auto client = session.client()) status.client_id = client->value;
  if (session.client() && session.policy()) {
    status.local_policy = msg::to_string(session.policy()->local);
    status.remote_policy = msg::to_string(session.policy()->remote);
  }
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

}  // namespace

ipc::Status report_status(const Config& config, const Session& session, std::uint32_t tunnel_mtu,
                          const std::optional<DatapathStats>& stats,
                          const std::optional<Error>& problem, TimePoint now) {
  ipc::Status status;
  status.agent = RSIP_VERSION;
  status.state = to_string(session.state());
  status.gateway = gateway_status(config.gateway, session, tunnel_mtu);
  for (const Lease& lease : session.leases()) {
    status.leases.push_back(lease_status(lease, now));
    status.ports.leased += static_cast<std::uint32_t>(port_count(lease.ports));
  }
  if (stats) {
    status.device = config.device;
    status.traffic = traffic_status(*stats);
    status.ports.used = stats->ports_in_use;
    status.ports.free = status.ports.leased - std::min(status.ports.leased, status.ports.used);
  }
  if (problem) {
    status.problem = ipc::ProblemStatus{to_string(problem->kind), exit_code(problem->kind),
                                        problem->message, problem->hint};
  }
  return status;
}

}  // namespace rsip::agent
