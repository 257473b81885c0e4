#include "agent/cli/metrics_text.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "agent/cli/status_text.h"
#include "agent/cli/table.h"

namespace rsip::cli {
namespace {

using Labels = std::vector<std::pair<std::string, std::string>>;

std::string escaped(const std::string& value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    text += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return text;
}

/// One metric with its samples, which have to stand together.
class Metric {
 public:
  Metric(std::string name, const char* type, const char* help)
      : name_(std::move(name)),
        text_("# HELP " + name_ + " " + help + "\n# TYPE " + name_ + " " + type + "\n") {}

  void add(const Labels& labels, std::uint64_t value) {
    text_ += name_;
    for (const auto& [label, words] : labels) {
      text_ += (label == labels.front().first ? "{" : ",") + label + "=\"" + escaped(words) + "\"";
    }
    text_ += (labels.empty() ? " " : "} ") + std::to_string(value) + '\n';
    empty_ = false;
  }
  [[nodiscard]] std::string text() const { return empty_ ? "" : text_; }

 private:
  std::string name_;
  std::string text_;
  bool empty_ = true;
};

/// A metric with one sample for each gateway.
template <class Value>
std::string of_gateways(const ipc::Status& status, const char* name, const char* type,
                        const char* help, const Value& value) {
  Metric metric(name, type, help);
  for (const ipc::GatewayStatus& gateway : status.gateways) {
    metric.add({{"gateway", gateway.name}}, value(gateway));
  }
  return metric.text();
}

std::string of_leases(const ipc::Status& status) {
  Metric ends("rsip_lease_expires_seconds", "gauge", "Until the lease ends unless it is renewed.");
  Metric used("rsip_lease_ports_in_use", "gauge", "Ports of the lease that carry flows.");
  for (const ipc::GatewayStatus& gateway : status.gateways) {
    for (const ipc::LeaseStatus& lease : gateway.leases) {
      const Labels labels = {{"gateway", gateway.name},
                             {"bind", std::to_string(lease.bind)},
                             {"address", lease.address}};
      ends.add(labels, lease.expires_in_seconds);
      used.add(labels, lease.ports_in_use);
    }
  }
  return ends.text() + used.text();
}

std::string of_drops(const ipc::Status& status) {
  Metric dropped("rsip_dropped_packets_total", "counter", "Packets that were not carried.");
  for (const ipc::GatewayStatus& gateway : status.gateways) {
    for (const ipc::DropStatus& drop : gateway.traffic.drops) {
      dropped.add({{"gateway", gateway.name}, {"reason", drop.reason}}, drop.packets);
    }
  }
  return dropped.text();
}

std::string of_agent(const ipc::Status& status) {
  Metric agent("rsip_agent_info", "gauge", "The running agent.");
  agent.add({{"version", status.agent}}, 1);
  Metric network("rsip_network_sign_in", "gauge", "A captive portal wants the user first.");
  network.add({}, status.network.state == "sign_in" ? 1 : 0);
  return agent.text() + network.text();
}

std::string of_ports(const ipc::Status& status) {
  using Gateway = ipc::GatewayStatus;
  return of_gateways(status, "rsip_ports_leased", "gauge", "Leased ports.",
                     [](const Gateway& g) { return g.ports.leased; }) +
         of_gateways(status, "rsip_ports_used", "gauge", "Leased ports in use or resting.",
                     [](const Gateway& g) { return g.ports.used; }) +
         of_gateways(status, "rsip_ports_limit", "gauge", "The agent leases no more than that.",
                     [](const Gateway& g) { return g.ports.limit; });
}

std::string of_traffic(const ipc::Status& status) {
  using Gateway = ipc::GatewayStatus;
  return of_gateways(status, "rsip_sent_bytes_total", "counter", "Inner bytes sent.",
                     [](const Gateway& g) { return g.traffic.sent_bytes; }) +
         of_gateways(status, "rsip_received_bytes_total", "counter", "Inner bytes received.",
                     [](const Gateway& g) { return g.traffic.received_bytes; }) +
         of_gateways(status, "rsip_sent_packets_total", "counter", "Inner packets sent.",
                     [](const Gateway& g) { return g.traffic.sent_packets; }) +
         of_gateways(status, "rsip_received_packets_total", "counter", "Inner packets received.",
                     [](const Gateway& g) { return g.traffic.received_packets; });
}

std::string rate_text(std::uint64_t now, std::uint64_t before, double seconds) {
  if (seconds <= 0) return human_bytes(now);
  const std::uint64_t more = now > before ? now - before : 0;  // a new tunnel begins at 0
  return human_bytes(now) + " (" +
         human_bytes(static_cast<std::uint64_t>(static_cast<double>(more) / seconds)) + "/s)";
}

std::uint64_t dropped(const ipc::TrafficStatus& traffic) {
  std::uint64_t packets = 0;
  for (const ipc::DropStatus& drop : traffic.drops) packets += drop.packets;
  return packets;
}

}  // namespace

std::string metrics_text(const ipc::Status& status) {
  using Gateway = ipc::GatewayStatus;
  return of_agent(status) +
         of_gateways(status, "rsip_gateway_assigned", "gauge", "An address is leased from it.",
                     [](const Gateway& g) { return g.state == "assigned" ? 1U : 0U; }) +
         of_gateways(status, "rsip_gateway_problem", "gauge", "Something is wrong with it.",
                     [](const Gateway& g) { return g.problem ? 1U : 0U; }) +
         of_gateways(status, "rsip_leases", "gauge", "How many leases there are.",
                     [](const Gateway& g) { return g.leases.size(); }) +
         of_leases(status) + of_ports(status) + of_traffic(status) + of_drops(status);
}

std::string stats_text(const ipc::Status& status, const ipc::Status& before, double seconds) {
  std::vector<std::vector<std::string>> rows = {
      {"GATEWAY", "SENT", "RECEIVED", "PACKETS OUT", "PACKETS IN", "DROPPED", "PORTS IN USE"}};
  for (const ipc::GatewayStatus& gateway : status.gateways) {
    const auto old = std::ranges::find(before.gateways, gateway.name, &ipc::GatewayStatus::name);
    const ipc::TrafficStatus& now = gateway.traffic;
    const ipc::TrafficStatus& then = old == before.gateways.end() ? now : old->traffic;
    rows.push_back({gateway.name, rate_text(now.sent_bytes, then.sent_bytes, seconds),
                    rate_text(now.received_bytes, then.received_bytes, seconds),
                    std::to_string(now.sent_packets), std::to_string(now.received_packets),
                    std::to_string(dropped(now)), std::to_string(gateway.ports.used)});
  }
  return table_text(rows);
}

}  // namespace rsip::cli
