#include "agent/cli/doctor.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "agent/cli/agent_client.h"

namespace rsip::cli {
namespace {

std::string text_of(const char* path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Finding well(std::string what) {
  return {true, std::move(what), {}, {}};
}

Finding from_error(std::string what, const Error& error) {
  return {false, std::move(what), error.message, error.hint};
}

/// examine_port() says whether there is an IKE daemon at all.
Finding examine_daemon(const ipc::IkeDaemonStatus& daemon) {
  const std::string what = "strongSwan is told which SPIs to take";
  if (daemon.state == "in_step") return well(what);
  if (daemon.state == "no_spi") {
    return {false, what, "no leased SPI is free",
            "raise spis and max_spis in [gateway.ipsec], or ask the gateway's operator for more"};
  }
  if (daemon.state == "refused") {
    return {false, what, "rsipd may not use " + daemon.vici_socket,
            "run rsipd as root, or in the group that charon.group names"};
  }
  return {false, what, daemon.vici_socket + " answers, but not as strongSwan does",
          "restart it: systemctl restart strongswan"};
}

/// What to do where nobody listens.
std::string remedy_for_port(const ipc::IpsecStatus& status) {
  if (status.daemon.state == "absent" || status.mode == "whole_address") {
    return "systemctl start strongswan (package charon-systemd), or start another IKE daemon";
  }
  const std::string& fragment = status.daemon.fragment;
  return "it reads its port when it starts: systemctl restart strongswan; if that does not help, "
         "strongswan.conf " +
         (fragment.empty() || status.ike_ports.front() == 500 ? "names another port"
                                                              : "does not include " + fragment);
}

Finding examine_port(const ipc::IpsecStatus& status, const std::vector<std::uint16_t>& listening) {
  const std::uint16_t port = status.ike_ports.front();
  const std::string what = "an IKE daemon listens on port " + std::to_string(port);
  if (std::ranges::find(listening, port) != listening.end()) return well(what);
  return {false, what, "no process has that UDP port open", remedy_for_port(status)};
}

Finding examine_spis(const ipc::IpsecStatus& status) {
  const std::string what = "SPIs are leased from " + status.gateway;
  if (!status.spis.empty()) return well(what);
  return {false, what, "there is none",
          "if nothing above says why, the gateway has none left: ask its operator; rsipd asks for "
          "them again by itself"};
}

}  // namespace

std::vector<Finding> examine_gateways(const ipc::Status& status) {
  std::vector<Finding> findings;
  for (const ipc::GatewayStatus& gateway : status.gateways) {
    const std::string leased = "an address is leased from " + gateway.name;
    const bool assigned = gateway.state == "assigned";
    if (assigned) findings.push_back(well(leased));
    if (gateway.problem) {
      findings.push_back({false, assigned ? "nothing is refused by " + gateway.name : leased,
                          gateway.problem->message, gateway.problem->hint});
    } else if (!assigned) {
      findings.push_back({false, leased, "it is " + gateway.state,
                          gateway.state == "disabled" ? "rsipctl up" : "rsipctl status"});
    }
  }
  return findings;
}

std::vector<Finding> examine_ipsec(const ipc::IpsecStatus& status,
                                   const std::vector<std::uint16_t>& listening) {
  std::vector<Finding> findings;
  if (status.mode == "off") return findings;
  if (status.mode == "leased_spis") {
    findings.push_back(examine_spis(status));
    if (status.daemon.state != "absent") findings.push_back(examine_daemon(status.daemon));
  }
  if (!status.ike_ports.empty()) findings.push_back(examine_port(status, listening));
  if (status.problem) {
    findings.push_back(
        {false, "nothing stands in IPsec's way", status.problem->message, status.problem->hint});
  }
  for (const ipc::SaStatus& sa : status.associations) {
    if (sa.fault.empty()) continue;
    findings.push_back({false, "the SPI of each association is leased",
                        sa.protocol + " " + sa.spi + " from " + sa.source + ": " + sa.fault,
                        sa.remedy});
  }
  return findings;
}

std::vector<Finding> diagnose(const std::string& socket_path, std::chrono::milliseconds patience) {
  const std::string what = "rsipd answers on " + socket_path;
  const auto status = ask(socket_path, patience, ipc::StatusRequest{});
  if (!status) return {from_error(what, status.error())};
  std::vector<Finding> findings = {well(what)};
  const auto add = [&findings](std::vector<Finding> more) {
    std::ranges::move(more, std::back_inserter(findings));
  };
  add(examine_gateways(*status));
  const auto ipsec = ask(socket_path, patience, ipc::IpsecRequest{});
  if (ipsec) add(examine_ipsec(*ipsec, ports_in_proc(text_of("/proc/net/udp"))));
  return findings;
}

bool is_well(const std::vector<Finding>& findings) {
  return std::ranges::all_of(findings, &Finding::well);
}

std::string diagnosis_text(const std::vector<Finding>& findings, bool colour) {
  std::string text;
  for (const Finding& finding : findings) {
    if (finding.well) {
      text += "ok    " + finding.what + '\n';
      continue;
    }
    text += (colour ? "\033[31mWRONG\033[0m " : "WRONG ") + finding.what + "\n      " +
            finding.why + '\n';
    if (!finding.remedy.empty()) text += "      -> " + finding.remedy + '\n';
  }
  return text;
}

// The second column is "0100007F:1194": address and port in hexadecimal.
std::vector<std::uint16_t> ports_in_proc(const std::string& text) {
  std::vector<std::uint16_t> ports;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);  // headings
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::string slot;
    std::string local;
    words >> slot >> local;
    const auto colon = local.find(':');
    if (colon == std::string::npos) continue;
    ports.push_back(
        static_cast<std::uint16_t>(std::strtoul(local.c_str() + colon + 1, nullptr, 16)));
  }
  return ports;
}

}  // namespace rsip::cli
