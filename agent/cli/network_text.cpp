#include "agent/cli/network_text.h"

#include <algorithm>
#include <cstdio>
#include <sstream>

#include "agent/cli/table.h"

namespace rsip::cli {
namespace {

/// RFC 8200 section 5: what every IPv6 link carries; below it some services do not work either.
constexpr std::uint32_t kSmallMtu = 1280;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string endpoint_text(const std::string& address, std::uint16_t port) {
  return (address.empty() ? "not found yet" : address) + ":" + std::to_string(port);
}

std::string ports_text(const std::vector<ipc::PortRangeStatus>& ports) {
  std::string text;
  for (const ipc::PortRangeStatus& range : ports) {
    text +=
        (text.empty() ? "" : ", ") + std::to_string(range.first) + "-" + std::to_string(range.last);
  }
  return text;
}

std::string way_text(const ipc::RouteVerdict& verdict) {
  if (verdict.way == "tunnel") return "through the tunnel of " + verdict.gateway;
  if (verdict.way == "direct") return "direct";
  if (verdict.way == "local") return "to this host itself";
  return "none: there is no route";
}

/// "device rsip0, router 10.1.0.1, source 203.0.113.10"
std::string hop_text(const std::string& device, const std::string& router,
                     const std::string& source) {
  std::vector<std::string> parts;
  if (!device.empty()) parts.push_back("device " + device);
  if (!router.empty()) parts.push_back("router " + router);
  if (!source.empty()) parts.push_back("source " + source);
  return joined(parts);
}

}  // namespace

std::string gateways_text(const ipc::Status& status) {
  std::vector<std::vector<std::string>> rows = {
      {"GATEWAY", "STATE", "ADDRESS", "TRANSPORT", "METHOD", "TUNNEL", "FOUND BY", "LEASES"}};
  for (const ipc::GatewayStatus& gateway : status.gateways) {
    rows.push_back({gateway.name, gateway.state, endpoint_text(gateway.address, gateway.port),
                    gateway.transport, gateway.method, gateway.tunnel,
                    gateway.found_by.empty() ? "-" : gateway.found_by,
                    std::to_string(gateway.leases.size())});
  }
  return table_text(rows);
}

std::string discovered_text(const ipc::Discovered& found) {
  if (found.gateways.empty()) return "No gateway was found on this network.\n";
  std::vector<std::vector<std::string>> rows = {{"ADDRESS", "TRANSPORT", "FOUND BY", "SAYS"}};
  for (const ipc::FoundStatus& gateway : found.gateways) {
    rows.push_back({endpoint_text(gateway.address, gateway.port), gateway.transport,
                    gateway.found_by, gateway.detail});
  }
  return table_text(rows);
}

std::string profiles_text(const ipc::Profiles& profiles) {
  if (profiles.profiles.empty()) {
    return "No profile is configured: [[profile]] in agent.toml(5) makes one.\n";
  }
  std::vector<std::vector<std::string>> rows = {{"", "PROFILE", "GATEWAYS"}};
  for (const ipc::ProfileStatus& profile : profiles.profiles) {
    rows.push_back(
        {profile.name == profiles.used ? "*" : "", profile.name, joined(profile.gateways)});
  }
  return table_text(rows);
}

std::string route_text(const ipc::RouteVerdict& verdict) {
  std::vector<std::vector<std::string>> rows = {
      {"To", verdict.destination +
                 (verdict.port == 0 ? std::string() : ":" + std::to_string(verdict.port))},
      {"Way", way_text(verdict)},
      {"Because", verdict.reason}};
  const auto add = [&rows](const char* label, const std::string& text) {
    if (!text.empty()) rows.push_back({label, text});
  };
  add("Rule", verdict.rule);
  add("Table", verdict.table);
  add("Leaves by", hop_text(verdict.device, verdict.router, verdict.source));
  add("Lease", verdict.bind ? "bind " + std::to_string(*verdict.bind) : "");
  add("Ports", ports_text(verdict.ports));
  add("Tunnel by", hop_text(verdict.outer_device, "", verdict.outer_source));
  return table_text(rows);
}

std::uint32_t tunnel_overhead(const std::string& tunnel) {
  if (tunnel == "ip-ip") return 20;             // RFC 2003: another IPv4 header
  if (tunnel == "gre") return 20 + 4;           // RFC 2784 without options
  if (tunnel == "l2tp") return 20 + 8 + 6 + 4;  // UDP, RFC 2661 data header, PPP
  return 0;
}

std::string mtu_text(const ipc::MtuReport& report) {
  const std::uint32_t outer = report.path_mtu != 0 ? report.path_mtu : report.mtu + report.overhead;
  const auto sum = static_cast<std::int64_t>(outer) - report.overhead;
  std::string text =
      report.gateway + ": " + std::to_string(outer) + " on the way to the gateway" +
      (report.outer_device.empty()
           ? std::string()
           : " (" + report.outer_device + ": " + std::to_string(report.outer_mtu) + ")") +
      " - " + std::to_string(report.overhead) + " for " + report.tunnel + " = " +
      std::to_string(sum) + "\n" + report.device + " has " + std::to_string(report.mtu) + '\n';
  if (report.mtu > sum) text += "That is more than fits: the agent has yet to follow.\n";
  if (report.mtu < sum) {
    text += "That is less than fits: a router on the way carried less, or it is configured.\n";
  }
  if (report.mtu < kSmallMtu) text += "Below 1280 some services do not work.\n";
  return text;
}

std::string resolvers_text(const ipc::Resolvers& resolvers) {
  std::string text =
      resolvers.servers.empty()
          ? "This host asks no DNS server that " + resolvers.file + " names.\n"
          : "This host asks " + joined(resolvers.servers) + ", as " + resolvers.file + " says.\n";
  if (!resolvers.search.empty()) text += "Searched domains: " + joined(resolvers.search) + ".\n";
  if (!resolvers.kept_by.empty()) text += "The file is kept by " + resolvers.kept_by + ".\n";
  return text + "rsipd leaves DNS alone.\n";
}

std::string portal_text(const ipc::NetworkStatus& network) {
  if (network.state == "sign_in") {
    return "This network needs sign-in" +
           (network.portal.empty() ? std::string() : " at " + network.portal) +
           ": rsipctl portal open\n";
  }
  return network.state == "none" ? "There is no network.\n" : "No sign-in is needed.\n";
}

std::string probe_text(const ipc::ProbeReport& report) {
  std::string text =
      report.host + " (" + report.address + ":" + std::to_string(report.port) + ", tcp) answers in";
  for (const std::uint32_t time : report.connected_microseconds) {
    char number[32];
    std::snprintf(number, sizeof number, " %.2f", time / 1000.0);
    text += number;
  }
  return text + " ms\n";
}

ipc::Resolvers parse_resolvers(const std::string& file, const std::string& text) {
  ipc::Resolvers resolvers{file, {}, {}, {}};
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    for (const char* const keeper : {"systemd-resolved", "NetworkManager", "resolvconf"}) {
      const bool says = line.starts_with('#') && line.find(keeper) != std::string::npos;
      if (says && resolvers.kept_by.empty()) resolvers.kept_by = keeper;
    }
    std::istringstream words(line.substr(0, line.find_first_of("#;")));
    std::string key;
    std::string value;
    words >> key;
    while (words >> value) {
      if (key == "nameserver") resolvers.servers.push_back(value);
      if (key == "search") resolvers.search.push_back(value);
    }
  }
  return resolvers;
}

}  // namespace rsip::cli
