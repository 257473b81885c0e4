#pragma once

#include "agent/cli/doctor/check.h"

namespace rsip::cli::doctor {

/// A laptop on a hotel's network with everything as it should be: tests spoil one thing of it.
inline Facts healthy() {
  Facts facts;
  facts.socket = "/run/rsip/agent.sock";
  facts.now = 1800000000;
  facts.status.emplace();
  facts.status->agent = facts.rsipctl;
  facts.status->state = "assigned";
  ipc::GatewayStatus gateway;
  gateway.name = "hotel";
  gateway.state = "assigned";
  gateway.address = "10.1.0.1";
  gateway.port = 4555;
  gateway.transport = "tcp";
  gateway.authenticated = true;
  gateway.tunnel = "ip-ip";
  gateway.device = "rsip0";
  gateway.mtu = 1480;
  gateway.client_id = 1;
  gateway.ports = {32, 9, 23, 1024};
  gateway.traffic = {100, 1000, 90, 900, {}};
  ipc::LeaseStatus lease;
  lease.bind = 7;
  lease.address = "203.0.113.10";
  lease.granted_seconds = 1800;
  lease.expires_in_seconds = 1200;
  lease.renews_in_seconds = 300;
  gateway.leases = {lease};
  facts.status->gateways = {gateway};
  facts.may_change = true;
  facts.config = {"/etc/rsip/agent.toml", true, true, ""};
  facts.kernel_config =
      "\nCONFIG_TUN=m\nCONFIG_IP_MULTIPLE_TABLES=y\nCONFIG_NF_TABLES=m\n"
      "CONFIG_NF_TABLES_ARP=y\n";
  facts.rules = {{{0, "all", "local", "", false, false, {}},
                  {4553, "all", "main", "", false, false, 0},
                  {4554, "all", "4555", "0x11cb", true, false, {}},
                  {32766, "all", "main", "", false, false, {}}}};
  facts.routes = {{{"main", {{0}, 0}, "eth0", "unicast"},
                   {"main", {{0x0A010000}, 24}, "eth0", "unicast"},
                   {"4555", {{0}, 0}, "rsip0", "unicast"}}};
  facts.links = {{{"eth0", "", true, 1500, {{{0x0A010000}, 24}}, {{0x0A010002}}, false, 0},
                  {"rsip0", "tun", true, 1480, {{{0xCB00710A}, 32}}, {{0xCB00710A}}, false, 0}}};
  facts.resolver = {{"10.1.0.1"}, true};
  facts.gateways["hotel"] = {WayOut{"eth0", "10.1.0.2", ""}, ControlPort::kNotTried};
  facts.desktop = DesktopFacts{true, false, "KDE"};
  ipc::IpsecStatus ipsec;
  ipsec.gateway = "hotel";
  ipsec.mode = "leased_spis";
  ipsec.ike_ports = {40000, 40001};
  ipsec.daemon = {"in_step", "5.9.8", "/run/charon.vici", "/etc/strongswan.d/rsip.conf"};
  ipsec.spis = {{"0x00001000", 3, "offered"}};
  facts.ipsec = ipsec;
  facts.udp_ports = {68, 40000};
  return facts;
}

}  // namespace rsip::cli::doctor
