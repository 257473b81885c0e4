#include "agent/cli/lease_text.h"

#include "agent/cli/status_text.h"
#include "agent/cli/table.h"

namespace rsip::cli {
namespace {

std::string state_of(const ipc::LeaseStatus& lease) {
  if (lease.retiring) return "being given back";
  if (lease.held) return "held";
  if (lease.listening) return "listening";
  if (!lease.spis.empty()) return "IPsec";
  return lease.ports_in_use > 0 ? "in use" : "free";
}

std::string ends_text(const ipc::LeaseStatus& lease, std::time_t now) {
  return clock_time(now + lease.expires_in_seconds) + " (in " +
         human_seconds(lease.expires_in_seconds) + ")";
}

std::string history_text(const std::vector<ipc::RenewalStatus>& history) {
  std::vector<std::vector<std::string>> rows;
  for (const ipc::RenewalStatus& step : history) {
    rows.push_back(
        {rows.empty() ? "History" : "", step.time, step.what,
         step.what == "failed" ? step.detail : "for " + human_seconds(step.granted_seconds)});
  }
  return table_text(rows);
}

}  // namespace

std::string clock_time(std::time_t when) {
  std::tm broken_down{};
  localtime_r(&when, &broken_down);
  char text[16];
  std::strftime(text, sizeof text, "%H:%M:%S", &broken_down);
  return text;
}

std::string ports_text(const std::vector<ipc::PortRangeStatus>& ranges) {
  std::string ports;
  const bool single = ranges.size() == 1 && ranges[0].first == ranges[0].last;
  for (const ipc::PortRangeStatus& range : ranges) {
    ports += (ports.empty() ? "" : ", ") + std::to_string(range.first);
    if (range.last != range.first) ports += "-" + std::to_string(range.last);
  }
  return ports.empty() ? "" : (single ? "port " : "ports ") + ports;
}

std::string lease_contents(const ipc::LeaseStatus& lease) {
  std::string text = ports_text(lease.ports);
  for (const ipc::SpiRangeStatus& range : lease.spis) {
    text += (text.empty() ? "SPI " : ", SPI ") + range.first;
    if (range.last != range.first) text += "-" + range.last;
  }
  return text.empty() ? "all ports" : text;
}

std::string leases_table(const std::vector<ipc::GatewayStatus>& gateways, std::time_t now) {
  std::vector<std::vector<std::string>> rows = {
      {"BIND", "GATEWAY", "ADDRESS", "WHAT", "IN USE", "STATE", "ENDS", "RENEWS", "FOR"}};
  for (const ipc::GatewayStatus& gateway : gateways) {
    for (const ipc::LeaseStatus& lease : gateway.leases) {
      rows.push_back({std::to_string(lease.bind), gateway.name, lease.address,
                      lease_contents(lease), std::to_string(lease.ports_in_use), state_of(lease),
                      ends_text(lease, now), "in " + human_seconds(lease.renews_in_seconds),
                      lease.remote.empty() ? "any remote" : lease.remote});
    }
  }
  return rows.size() == 1 ? "Nothing is leased: rsipctl status says why.\n" : table_text(rows);
}

std::string lease_details(const std::string& gateway, const ipc::LeaseStatus& lease,
                          std::time_t now) {
  std::string text = table_text({
      {"Bind", std::to_string(lease.bind) + " of " + gateway},
      {"Public", lease.address + "  " + lease_contents(lease)},
      {"For", lease.remote.empty() ? "any remote" : lease.remote + " alone"},
      {"State", state_of(lease) + ", " + std::to_string(lease.ports_in_use) +
                    (lease.ports_in_use == 1 ? " port in use" : " ports in use")},
      {"Ends", ends_text(lease, now)},
      {"Renews", "in " + human_seconds(lease.renews_in_seconds)},
      {"Granted", "for " + human_seconds(lease.granted_seconds)},
  });
  if (lease.server_port != 0) {
    text += table_text({{"Server", "on port " + std::to_string(lease.server_port)}});
  }
  return text + history_text(lease.history);
}

std::string flow_words(const ipc::FlowStatus& flow) {
  std::string text = flow.protocol + " " + flow.remote_address;
  if (flow.remote_port != 0) text += ":" + std::to_string(flow.remote_port);
  return flow.program.empty() ? text : text + " (" + flow.program + ")";
}

}  // namespace rsip::cli
