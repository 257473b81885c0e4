#include <functional>

#include <gtest/gtest.h>

#include "agent/cli/doctor/doctor.h"
#include "tests/unit/agent/cli/doctor/healthy.h"

namespace rsip::cli::doctor {
namespace {

ipc::DoctorCheck look(const Facts& facts, const std::string& id) {
  const auto report = examine(facts, {id});
  EXPECT_TRUE(report) << id;
  return report ? report->checks.at(0) : ipc::DoctorCheck{};
}

// What is wrong with the host, and what the doctor has to say of it.
struct Case {
  const char* name;
  const char* id;
  std::function<void(Facts&)> spoil;
  const char* verdict;
  const char* why;  // a part of it
  const char* fix;  // a part of it
  bool fixable = false;
};

ipc::GatewayStatus& hotel(Facts& facts) {
  return facts.status->gateways[0];
}
void lose_agent(Facts& facts) {
  facts.status.reset();
  facts.ipsec.reset();
  facts.may_change.reset();
  facts.agent_error = {ErrorKind::kAgentNotRunning, "no agent answers", "start it"};
}

class DoctorCheck : public testing::TestWithParam<Case> {};

// H-046: past_the_tunnel
// H-179: unproven_on_wifi
TEST_P(DoctorCheck, SaysWhatIsWrong) {
  const Case& wrong = GetParam();
  Facts facts = healthy();
  wrong.spoil(facts);
  const ipc::DoctorCheck check = look(facts, wrong.id);
  EXPECT_EQ(check.verdict, wrong.verdict) << check.why;
  EXPECT_NE((check.why + check.what).find(wrong.why), std::string::npos) << check.what << check.why;
  EXPECT_NE(check.fix.find(wrong.fix), std::string::npos) << check.fix;
  EXPECT_EQ(check.fixable, wrong.fixable);
}

const Case kAgent[] = {
    {"no_agent", "agent_running", lose_agent, "fail", "no agent answers", "systemctl start", true},
    {"deaf_agent", "agent_running",
     [](Facts& f) {
       lose_agent(f);
       f.agent_error = {ErrorKind::kProtocol, "other contract", "same release"};
     },
     "fail", "other contract", "same release"},
    {"old_agent", "agent_version", [](Facts& f) { f.status->agent = "0.0.1"; }, "warn", "0.0.1",
     "restart"},
    {"version_without_agent", "agent_version", lose_agent, "skip", "does not answer", ""},
    {"looker_on", "may_change",
     [](Facts& f) {
       f.may_change = false;
       f.why_not = "join group rsip";
     },
     "warn", "changing is not", "join group rsip"},
    {"silent_on_rights", "may_change", [](Facts& f) { f.may_change.reset(); }, "skip", "", ""},
    {"no_config", "config_valid",
     [](Facts& f) {
       lose_agent(f);
       f.config.exists = false;
     },
     "fail", "there is no /etc", "[[gateway]]"},
    {"unknown_config", "config_valid", [](Facts& f) { f.config.exists = false; }, "skip", "", ""},
    {"unreadable_config", "config_valid",
     [](Facts& f) { f.config = {"/etc/rsip/agent.toml", true, {}, "only root may read it"}; },
     "skip", "only root", ""},
    {"bad_config", "config_valid",
     [](Facts& f) { f.config = {"/a", true, false, "/a:3:1: unknown key"}; }, "fail", "/a:3:1",
     "--check --config /a"},
};

const Case kNetwork[] = {
    {"flat_battery", "clock", [](Facts& f) { f.now = 0; }, "fail", "1970", "timedatectl", true},
    {"drifting_clock", "clock",
     [](Facts& f) {
       hotel(f).transport = "tls";
       f.clock_synchronized = false;
     },
     "warn", "certificates", "timedatectl", true},
    {"no_tun", "tun_device", [](Facts& f) { f.tun_device = TunDevice::kMissing; }, "fail",
     "/dev/net/tun", "modprobe tun", true},
    {"container", "tun_device",
     [](Facts& f) {
       f.tun_device = TunDevice::kForbidden;
       f.root = true;
     },
     "fail", "cannot be opened", "container"},
    {"user", "tun_device", [](Facts& f) { f.tun_device = TunDevice::kForbidden; }, "skip",
     "only root", ""},
    {"small_kernel", "kernel_features", [](Facts& f) { f.kernel_config = "\nCONFIG_TUN=y\n"; },
     "fail", "CONFIG_NF_TABLES_ARP", "kernel"},
    {"secret_kernel", "kernel_features", [](Facts& f) { f.kernel_config.reset(); }, "skip", "", ""},
    {"idle_router", "ip_forward",
     [](Facts& f) { f.rules->push_back({4552, "203.0.113.9", "4556", "", false, false, {}}); },
     "fail", "forwards nothing", "ip_forward=1", true},
    {"rules_unknown", "ip_forward", [](Facts& f) { f.rules.reset(); }, "skip", "`ip`", ""},
    {"portal", "captive_portal",
     [](Facts& f) { f.status->network = {"sign_in", "http://portal.example"}; }, "fail", "sign in",
     "http://portal.example"},
    {"no_network", "captive_portal", [](Facts& f) { f.status->network.state = "none"; }, "fail",
     "no network", "connect"},
    {"portal_without_agent", "captive_portal", lose_agent, "skip", "", ""},
    {"no_resolver", "dns", [](Facts& f) { f.resolver = {}; }, "warn", "no name server", "set one"},
    {"dead_resolver", "dns", [](Facts& f) { f.resolver.answers = false; }, "warn",
     "does not answer", "route explain"},
    {"ipv6_way", "ipv6", [](Facts& f) { f.ipv6_device = "eth0"; }, "ok", "past the tunnel", ""},
    {"strict_filter", "rp_filter", [](Facts& f) { f.links->at(0).rp_filter = 1; }, "warn",
     "strict on eth0", "net.ipv4.conf.eth0.rp_filter=2", true},
    {"loose_filter", "rp_filter", [](Facts& f) { f.links->at(0).rp_filter = 2; }, "ok", "", ""},
    {"no_way_to_filter", "rp_filter", [](Facts& f) { f.gateways.clear(); }, "skip", "", ""},
    {"networkd", "networkd_foreign_rules", [](Facts& f) { f.networkd = NetworkdFacts{true}; },
     "warn", "removes", "ManageForeignRoutingPolicyRules=no", true},
    {"tamed_networkd", "networkd_foreign_rules",
     [](Facts& f) { f.networkd = NetworkdFacts{false}; }, "ok", "", ""},
    {"openvpn", "other_vpns",
     [](Facts& f) { f.routes->push_back({"main", {{0x80000000}, 1}, "tun0", "unicast"}); }, "warn",
     "tun0, past the tunnel", "redirect-gateway"},
    {"vpn_below", "other_vpns",
     [](Facts& f) {
       f.links->push_back({"wg0", "wireguard", true, 1420, {}, {}, false, 0});
       f.routes->push_back({"main", {{0}, 0}, "wg0", "unicast"});
     },
     "warn", "another VPN, wg0", "end one"},
    {"vpn_beside", "other_vpns",
     [](Facts& f) { f.links->push_back({"tailscale0", "tun", true, 1280, {}, {}, false, 0}); },
     "ok", "tailscale0 beside it", ""},
    {"vpns_unknown", "other_vpns", [](Facts& f) { f.links.reset(); }, "skip", "iproute2", ""},
    {"leased_neighbour", "lan_overlap",
     [](Facts& f) { f.links->at(0).networks = {{{0xCB007100}, 24}}; }, "warn",
     "203.0.113.10, leased from hotel, lies in 203.0.113.0/24 of eth0", "another address"},
    {"hidden_route", "lan_overlap",
     [](Facts& f) { f.routes->push_back({"4555", {{0x0A010000}, 24}, "rsip0", "unicast"}); },
     "warn", "overlap", "renumber"},
    {"wide_route", "lan_overlap",
     [](Facts& f) { f.routes->push_back({"4555", {{0x0A000000}, 8}, "rsip0", "unicast"}); }, "ok",
     "", ""},
    {"greedy_lan", "lan_overlap", [](Facts& f) { f.links->at(0).networks = {{{0x08000000}, 8}}; },
     "warn", "public network 8.0.0.0/8", "trust"},
    {"overlap_without_agent", "lan_overlap", lose_agent, "skip", "", ""},
};

const Case kGateway[] = {
    {"not_found", "gateway_reachable", [](Facts& f) { hotel(f).address.clear(); }, "fail",
     "no gateway has been found", "[[gateway]]"},
    {"no_route", "gateway_reachable", [](Facts& f) { f.gateways["hotel"].way.reset(); }, "fail",
     "no route to 10.1.0.1", "ip route get"},
    {"way_unknown", "gateway_reachable", [](Facts& f) { f.gateways.clear(); }, "skip", "", ""},
    {"put_down", "gateway_reachable", [](Facts& f) { hotel(f).state = "disabled"; }, "skip",
     "rsipctl up", ""},
    {"no_gateways", "gateway_reachable", [](Facts& f) { f.status->gateways.clear(); }, "skip",
     "no gateway is configured", ""},
    {"refuses", "gateway_answers",
     [](Facts& f) {
       hotel(f).client_id.reset();
       f.gateways["hotel"].control = ControlPort::kRefuses;
     },
     "fail", "10.1.0.1:4555 refuses", "[[gateway]]"},
    {"silent", "gateway_answers",
     [](Facts& f) {
       hotel(f).client_id.reset();
       f.gateways["hotel"].control = ControlPort::kSilent;
     },
     "fail", "does not answer", "firewall"},
    {"silent_over_udp", "gateway_answers",
     [](Facts& f) {
       hotel(f).client_id.reset();
       hotel(f).problem = ipc::ProblemStatus{"unreachable", 7, "no answer", "look there"};
     },
     "fail", "no answer", "look there"},
    {"nobody_to_ask", "gateway_answers",
     [](Facts& f) {
       hotel(f).client_id.reset();
       hotel(f).address.clear();
     },
     "skip", "", ""},
    {"unproven", "gateway_authenticated", [](Facts& f) { hotel(f).authenticated = false; }, "ok",
     "not asked", ""},
    {"unproven_on_wifi", "gateway_authenticated",
     [](Facts& f) {
       hotel(f).authenticated = false;
       f.links->at(0).wireless = true;
     },
     "warn", "eth0, which is wireless", "secret_file"},
    {"unregistered", "gateway_authenticated",
     [](Facts& f) {
       hotel(f).authenticated = false;
       hotel(f).client_id.reset();
     },
     "skip", "", ""},
    {"translator", "nat_between",
     [](Facts& f) {
       hotel(f).address = "203.0.113.1";
       f.gateways["hotel"].way = WayOut{"eth0", "192.168.1.2", "192.168.1.1"};
     },
     "warn", "RSIP through NAT", "l2tp"},
    {"passed_translator", "nat_between",
     [](Facts& f) {
       hotel(f).address = "203.0.113.1";
       hotel(f).tunnel = "l2tp";
       f.gateways["hotel"].way = WayOut{"eth0", "192.168.1.2", "192.168.1.1"};
     },
     "ok", "l2tp passes it", ""},
    {"router", "nat_between",
     [](Facts& f) { f.gateways["hotel"].way = WayOut{"eth0", "10.9.0.2", "10.9.0.1"}; }, "skip",
     "cannot be seen", ""},
    {"refused", "lease_held",
     [](Facts& f) {
       hotel(f).state = "registered";
       hotel(f).problem = ipc::ProblemStatus{"no_resources", 9, "the pool is full", "wait"};
     },
     "fail", "the pool is full", "wait"},
    {"on_the_way", "lease_held", [](Facts& f) { hotel(f).state = "connecting"; }, "fail",
     "it is connecting", "rsipctl status"},
    {"half_refused", "lease_held",
     [](Facts& f) { hotel(f).problem = ipc::ProblemStatus{"x", 8, "no IPsec here", "ask"}; },
     "warn", "no IPsec here", "ask"},
    {"renewal_failed", "lease_renewal",
     [](Facts& f) {
       hotel(f).leases[0].history = {{"2026-11-24T15:00:00Z", "failed", 0, "timed out"}};
     },
     "warn", "timed out; it ends in 20 min", "rsipctl renew 7", true},
    {"not_renewed", "lease_renewal", [](Facts& f) { hotel(f).leases[0].expires_in_seconds = 100; },
     "fail", "ends in 100 s", "rsipctl renew 7", true},
    {"nothing_to_renew", "lease_renewal", [](Facts& f) { hotel(f).leases.clear(); }, "skip", "",
     ""},
    {"nearly_full", "pool_room", [](Facts& f) { hotel(f).ports.used = 1000; }, "warn",
     "1000 of 1024", "max_ports"},
    {"full", "pool_room", [](Facts& f) { hotel(f).ports.used = 1024; }, "fail", "1024 of 1024",
     "max_ports"},
    {"whole_address", "pool_room", [](Facts& f) { hotel(f).ports = {}; }, "ok", "every port", ""},
};

const Case kTunnel[] = {
    {"device_gone", "tunnel_up", [](Facts& f) { f.links->pop_back(); }, "fail", "no device rsip0",
     "restart"},
    {"device_down", "tunnel_up", [](Facts& f) { f.links->back().up = false; }, "fail", "is down",
     "ip link set rsip0 up", true},
    {"no_device_yet", "tunnel_up", [](Facts& f) { hotel(f).device.clear(); }, "skip", "", ""},
    {"narrow", "tunnel_mtu",
     [](Facts& f) {
       f.links->at(0).mtu = 1280;
       hotel(f).mtu = 1260;
     },
     "warn", "1280 - 20 for ip-ip = 1260", "MTU"},
    {"shrunk_below", "tunnel_mtu", [](Facts& f) { f.links->at(0).mtu = 1400; }, "warn",
     "1400 - 20 for ip-ip = 1380 fits", "restart"},
    {"narrow_path", "tunnel_mtu", [](Facts& f) { hotel(f).mtu = 1400; }, "ok",
     "1400, of a narrower path", ""},
    {"no_mtu_yet", "tunnel_mtu", [](Facts& f) { hotel(f).mtu = 0; }, "skip", "", ""},
    {"no_tunnel_rule", "rules_in_place", [](Facts& f) { f.rules->erase(f.rules->begin() + 2); },
     "fail", "4554 is gone", "restart"},
    {"no_connected_rule", "rules_in_place", [](Facts& f) { f.rules->erase(f.rules->begin() + 1); },
     "fail", "4553 is gone", "restart"},
    {"no_route_in", "rules_in_place", [](Facts& f) { f.routes->pop_back(); }, "fail",
     "no route leads into the tunnel", "restart"},
    {"nothing_to_place", "rules_in_place", [](Facts& f) { hotel(f).state = "registered"; }, "skip",
     "no tunnel", ""},
    {"left_by_the_dead", "rules_in_place", lose_agent, "ok", "killed", ""},
    {"rule_before", "rules_order",
     [](Facts& f) {
       f.rules->insert(f.rules->begin() + 1, {220, "all", "220", "", false, false, {}});
       f.routes->push_back({"220", {{0}, 0}, "eth0", "unicast"});
     },
     "warn", "rule 220 of strongSwan (table 220)", "above 4554"},
    {"empty_table_before", "rules_order",
     [](Facts& f) {
       f.rules->insert(f.rules->begin() + 1, {220, "all", "220", "", false, false, {}});
     },
     "ok", "", ""},
    {"narrow_rule_before", "rules_order",
     [](Facts& f) {
       f.rules->insert(f.rules->begin() + 1, {100, "all", "52", "0x80000", false, false, {}});
       f.routes->push_back({"52", {{0}, 0}, "eth0", "unicast"});
     },
     "ok", "", ""},
    {"past_the_tunnel", "public_way", [](Facts& f) { hotel(f).state = "registered"; }, "warn",
     "translated or dropped", "said above"},
    {"some_of_it", "public_way", [](Facts& f) { f.routes->back().to = {{0xC6336400}, 24}; }, "ok",
     "only to 198.51.100.0/24, as configured", ""},
    {"emptied_table", "public_way", [](Facts& f) { f.routes->pop_back(); }, "warn", "nothing does",
     "rules_in_place"},
    {"way_without_agent", "public_way", lose_agent, "skip", "", ""},
    {"no_order", "rules_order", [](Facts& f) { hotel(f).device.clear(); }, "skip", "", ""},
    {"black_hole", "data_passes", [](Facts& f) { hotel(f).traffic = {50, 5000, 0, 0, {}}; }, "fail",
     "50 packets sent and none received", "protocol 4"},
    {"too_early", "data_passes", [](Facts& f) { hotel(f).traffic = {5, 500, 0, 0, {}}; }, "ok",
     "nothing to judge by yet", ""},
    {"no_data", "data_passes", [](Facts& f) { hotel(f).device.clear(); }, "skip", "", ""},
    {"out_of_ports", "drops",
     [](Facts& f) { hotel(f).traffic.drops = {{"unsolicited", 900}, {"no_free_port", 30}}; },
     "warn", "30 packets found no leased port", "max_ports"},
    {"usual_drops", "drops",
     [](Facts& f) { hotel(f).traffic.drops = {{"unsolicited", 900}, {"no_free_port", 3}}; }, "ok",
     "903, as is usual", ""},
    {"no_drops", "drops", [](Facts& f) { hotel(f).device.clear(); }, "skip", "", ""},
};

const Case kIpsecAndDesktop[] = {
    {"no_spi_leased", "ipsec_spis", [](Facts& f) { f.ipsec->spis.clear(); }, "fail",
     "none is leased from hotel", "operator"},
    {"ipsec_off", "ipsec_spis", [](Facts& f) { f.ipsec->mode = "off"; }, "skip", "is off", ""},
    {"daemon_refused", "ipsec_daemon", [](Facts& f) { f.ipsec->daemon.state = "refused"; }, "fail",
     "/run/charon.vici", "charon.group"},
    {"daemon_troubled", "ipsec_daemon", [](Facts& f) { f.ipsec->daemon.state = "troubled"; },
     "fail", "not as strongSwan", "systemctl restart strongswan", true},
    {"daemon_without_spi", "ipsec_daemon", [](Facts& f) { f.ipsec->daemon.state = "no_spi"; },
     "fail", "no leased SPI", "max_spis"},
    {"another_daemon", "ipsec_daemon", [](Facts& f) { f.ipsec->daemon.state = "absent"; }, "skip",
     "strongSwan", ""},
    {"wrong_port", "ipsec_port", [](Facts& f) { f.udp_ports = {500, 4500}; }, "fail", "40000",
     "systemctl restart strongswan"},
    {"no_daemon", "ipsec_port",
     [](Facts& f) {
       f.udp_ports = {};
       f.ipsec->daemon.state = "absent";
     },
     "fail", "40000", "systemctl start strongswan"},
    {"no_ike_port", "ipsec_port", [](Facts& f) { f.ipsec->ike_ports.clear(); }, "skip", "", ""},
    {"bad_association", "ipsec_associations",
     [](Facts& f) {
       f.ipsec->associations = {{"esp",
                                 "0x00000abc",
                                 "203.0.113.9",
                                 "203.0.113.1",
                                 "tunnel",
                                 true,
                                 {},
                                 "office",
                                 "its SPI is not leased",
                                 "include the fragment"}};
     },
     "fail", "esp 0x00000abc from 203.0.113.9: its SPI is not leased", "include the fragment"},
    {"association_unknown", "ipsec_associations", lose_agent, "skip", "", ""},
    {"ipsec_trouble", "ipsec_fault",
     [](Facts& f) { f.ipsec->problem = ipc::ProblemStatus{"x", 1, "cannot write", "make it"}; },
     "fail", "cannot write", "make it"},
    {"ipsec_trouble_unknown", "ipsec_fault", lose_agent, "skip", "", ""},
    {"gnome", "desktop_tray_host",
     [](Facts& f) { f.desktop = DesktopFacts{false, false, "ubuntu:GNOME"}; }, "warn", "GNOME",
     "gnome-shell-extension-appindicator"},
    {"bare_panel", "desktop_tray_host",
     [](Facts& f) { f.desktop = DesktopFacts{false, false, "sway"}; }, "warn", "StatusNotifier",
     "panel"},
    {"old_panel", "desktop_tray_host",
     [](Facts& f) { f.desktop = DesktopFacts{false, true, "XFCE"}; }, "skip", "old", ""},
    {"server", "desktop_tray_host", [](Facts& f) { f.desktop.reset(); }, "skip", "no desktop", ""},
};

std::string name_of_case(const testing::TestParamInfo<Case>& info) {
  return info.param.name;
}
INSTANTIATE_TEST_SUITE_P(Agent, DoctorCheck, testing::ValuesIn(kAgent), name_of_case);
INSTANTIATE_TEST_SUITE_P(Network, DoctorCheck, testing::ValuesIn(kNetwork), name_of_case);
INSTANTIATE_TEST_SUITE_P(Gateway, DoctorCheck, testing::ValuesIn(kGateway), name_of_case);
INSTANTIATE_TEST_SUITE_P(Tunnel, DoctorCheck, testing::ValuesIn(kTunnel), name_of_case);
INSTANTIATE_TEST_SUITE_P(IpsecAndDesktop, DoctorCheck, testing::ValuesIn(kIpsecAndDesktop),
                         name_of_case);

}  // namespace
}  // namespace rsip::cli::doctor
