#include "agent/cli/status_text.h"

#include <algorithm>
#include <cctype>
#include <cstdio>

#include "agent/cli/lease_text.h"

namespace rsip::cli {
namespace {

constexpr std::size_t kLabelWidth = 10;

/// One line of the display: a label in the first column, then text.
std::string row(std::string label, const std::string& text) {
  label.resize(kLabelWidth, ' ');
  return label + text + '\n';
}

std::string shown_ports(const ipc::LeaseStatus& lease) {
  if (lease.ports.empty()) return lease.listening || !lease.spis.empty() ? "" : "all ports";
  return ports_text(lease.ports);
}

/// What a lease is for, if that is something special.
std::string purpose_text(const ipc::LeaseStatus& lease) {
  std::string text;
  for (const ipc::SpiRangeStatus& range : lease.spis) {
    text += "  SPI " + range.first + (range.first == range.last ? "" : "-" + range.last);
  }
  if (lease.listening) text += "  open to the server on port " + std::to_string(lease.server_port);
  if (!lease.remote.empty())
    text += std::string(lease.listening ? " from " : "  to ") + lease.remote;
  if (lease.retiring) text += "  unused, being given back";
  return text;
}

std::string lease_text(const ipc::LeaseStatus& lease, std::time_t now) {
  return lease.address + "  " + shown_ports(lease) + purpose_text(lease) + "  lease ends " +
         clock_time(now + lease.expires_in_seconds) + " (in " +
         human_seconds(lease.expires_in_seconds) + ", renews in " +
         human_seconds(lease.renews_in_seconds) + ")";
}

std::string gateway_text(const ipc::GatewayStatus& gateway) {
  std::string text = gateway.name + " (" +
                     (gateway.address.empty() ? "not found yet" : gateway.address) + ":" +
                     std::to_string(gateway.port) + ", " + gateway.transport +
                     (gateway.authenticated ? ", authenticated" : "") + ")  " + gateway.method +
                     " over " + gateway.tunnel;
  if (!gateway.found_by.empty() && gateway.found_by != "configuration") {
    text += ", found by " + gateway.found_by;
  }
  if (gateway.device.empty()) return text;
  text += ", device " + gateway.device + ", mtu " + std::to_string(gateway.mtu);
  if (gateway.endpoint != gateway.address) text += ", endpoint " + gateway.endpoint;
  return text;
}

std::string traffic_text(const ipc::TrafficStatus& traffic) {
  return "sent " + human_bytes(traffic.sent_bytes) + " (" + std::to_string(traffic.sent_packets) +
         " packets), received " + human_bytes(traffic.received_bytes) + " (" +
         std::to_string(traffic.received_packets) + " packets)";
}

std::string drops_text(const std::vector<ipc::DropStatus>& drops) {
  std::string text;
  for (const ipc::DropStatus& drop : drops) {
    if (!text.empty()) text += ", ";
    text += drop.reason + " " + std::to_string(drop.packets);
  }
  return text;
}

std::string capitalized(std::string word) {
  if (!word.empty()) word[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(word[0])));
  return word;
}

}  // namespace

std::string human_bytes(std::uint64_t bytes) {
  const char* const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 999.95 && unit + 1 < std::size(units); ++unit) value /= 1000;
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  return text;
}

std::string human_seconds(std::uint32_t seconds) {
  if (seconds < 120) return std::to_string(seconds) + " s";
  const std::uint32_t minutes = seconds / 60;
  if (minutes < 120) return std::to_string(minutes) + " min";
  if (minutes < 48 * 60) {
    return std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
  }
  return std::to_string(minutes / 60 / 24) + " days";
}

namespace {

/// With many leases, one for each remote, the rest is a number.
constexpr std::size_t kLeasesShown = 8;

std::string leases_text(const std::vector<ipc::LeaseStatus>& leases, std::time_t now) {
  std::string text;
  for (std::size_t i = 0; i < std::min(leases.size(), kLeasesShown); ++i) {
    text += row("Public", lease_text(leases[i], now));
  }
  if (leases.size() > kLeasesShown) {
    text += row("", "and " + std::to_string(leases.size() - kLeasesShown) +
                        " more leases: rsipctl status --json");
  }
  return text;
}

std::string gateway_rows(const ipc::GatewayStatus& gateway, std::time_t now) {
  std::string text = row("State", capitalized(gateway.state));
  text += row("Gateway", gateway_text(gateway));
  text += leases_text(gateway.leases, now);
  if (gateway.ports.leased > 0) {
    text += row("Ports", std::to_string(gateway.ports.leased) + " leased, " +
                             std::to_string(gateway.ports.used) + " in use, " +
                             std::to_string(gateway.ports.free) + " free");
  }
  if (!gateway.local_policy.empty()) {
    text += row("Policy", "local " + gateway.local_policy + ", remote " + gateway.remote_policy);
  }
  if (!gateway.device.empty()) text += row("Traffic", traffic_text(gateway.traffic));
  if (!gateway.traffic.drops.empty()) text += row("Dropped", drops_text(gateway.traffic.drops));
  if (gateway.problem) {
    text += row("Problem", gateway.problem->message);
    if (!gateway.problem->hint.empty()) text += row("", gateway.problem->hint);
  }
  return text;
}

}  // namespace

std::string status_text(const ipc::Status& status, std::time_t now) {
  std::string text;
  for (const ipc::GatewayStatus& gateway : status.gateways) {
    if (!text.empty()) text += '\n';
    text += gateway_rows(gateway, now);
  }
  return text;
}

std::string listen_text(const ipc::ListenStatus& listen) {
  std::string text = listen.address + ":" + std::to_string(listen.public_port) +
                     " reaches the server on port " + std::to_string(listen.server_port);
  if (!listen.from.empty()) text += ", from " + listen.from + " alone";
  return text + '\n';
}

ipc::Listens listens_of(const ipc::Status& status) {
  ipc::Listens listens;
  for (const ipc::GatewayStatus& gateway : status.gateways) {
    for (const ipc::LeaseStatus& lease : gateway.leases) {
      if (!lease.listening) continue;
      const std::uint16_t port = lease.ports.empty() ? lease.server_port : lease.ports[0].first;
      listens.servers.push_back({gateway.name, lease.address, port,
                                 lease.server_port == 0 ? port : lease.server_port, lease.remote});
    }
  }
  return listens;
}

std::string listens_text(const ipc::Status& status) {
  std::string text;
  for (const ipc::ListenStatus& listen : listens_of(status).servers) text += listen_text(listen);
  return text.empty() ? "No server is reachable from the public side.\n" : text;
}

std::string locality_text(const ipc::QueryAnswer& answer) {
  std::string text;
  for (const ipc::Locality& known : answer.known) text += known.what + "  " + known.where + '\n';
  return text.empty() ? "The gateway names no networks.\n" : text;
}

}  // namespace rsip::cli
