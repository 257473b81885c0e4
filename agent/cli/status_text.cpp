#include "agent/cli/status_text.h"

#include <cctype>
#include <cstdio>

namespace rsip::cli {
namespace {

constexpr std::size_t kLabelWidth = 10;

/// One line of the display: a label in the first column, then text.
std::string row(std::string label, const std::string& text) {
  label.resize(kLabelWidth, ' ');
  return label + text + '\n';
}

std::string local_time(std::time_t when) {
  std::tm broken_down{};
  localtime_r(&when, &broken_down);
  char text[16];
  std::strftime(text, sizeof text, "%H:%M:%S", &broken_down);
  return text;
}

std::string ports_text(const ipc::LeaseStatus& lease) {
  if (lease.ports.empty()) return "all ports";
  std::string text =
      lease.ports.size() == 1 && lease.ports[0].first == lease.ports[0].last ? "port " : "ports ";
  for (const ipc::PortRangeStatus& range : lease.ports) {
    if (&range != &lease.ports.front()) text += ", ";
    text += std::to_string(range.first);
    if (range.last != range.first) text += "-" + std::to_string(range.last);
  }
  return text;
}

std::string lease_text(const ipc::LeaseStatus& lease, std::time_t now) {
  return lease.address + "  " + ports_text(lease) + "  lease ends " +
         local_time(now + lease.expires_in_seconds) + " (in " +
         human_seconds(lease.expires_in_seconds) + ", renews in " +
         human_seconds(lease.renews_in_seconds) + ")";
}

std::string gateway_text(const ipc::Status& status) {
  const ipc::GatewayStatus& gateway = status.gateway;
  std::string text = gateway.name + " (" + gateway.address + ":" + std::to_string(gateway.port) +
                     ", " + gateway.transport + ")  " + gateway.method + " over " + gateway.tunnel;
  if (!status.device.empty()) {
    text += ", device " + status.device + ", mtu " + std::to_string(gateway.mtu);
  }
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

std::string status_text(const ipc::Status& status, std::time_t now) {
  std::string text = row("State", capitalized(status.state));
  text += row("Gateway", gateway_text(status));
  for (const ipc::LeaseStatus& lease : status.leases) text += row("Public", lease_text(lease, now));
  if (status.ports.leased > 0) {
    text += row("Ports", std::to_string(status.ports.leased) + " leased, " +
                             std::to_string(status.ports.used) + " in use, " +
                             std::to_string(status.ports.free) + " free");
  }
  if (!status.gateway.local_policy.empty()) {
    text += row("Policy", "local " + status.gateway.local_policy + ", remote " +
                              status.gateway.remote_policy);
  }
  if (!status.device.empty()) text += row("Traffic", traffic_text(status.traffic));
  if (!status.traffic.drops.empty()) text += row("Dropped", drops_text(status.traffic.drops));
  if (status.problem) {
    text += row("Problem", status.problem->message);
    if (!status.problem->hint.empty()) text += row("", status.problem->hint);
  }
  return text;
}

}  // namespace rsip::cli
