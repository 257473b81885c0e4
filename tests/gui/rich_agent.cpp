#include "tests/gui/rich_agent.h"

#include <cmath>

#include <QDateTime>

namespace rsip::fakes {
namespace {

std::string ago(std::int64_t seconds) {
  return QDateTime::currentDateTimeUtc().addSecs(-seconds).toString(Qt::ISODate).toStdString();
}

std::vector<ipc::RenewalStatus> renewed(std::initializer_list<std::int64_t> ages) {
  std::vector<ipc::RenewalStatus> history;
  for (const std::int64_t age : ages) {
    history.push_back({ago(age), history.empty() ? "granted" : "extended", 1800, ""});
  }
  return history;
}

ipc::GatewayStatus hotel() {
  ipc::GatewayStatus gateway{.name = "hotel-gw",
                             .state = "assigned",
                             .address = "10.20.0.1",
                             .found_by = "dhcp",
                             .port = 4555,
                             .transport = "tls",
                             .authenticated = true,
                             .method = "rsap-ip",
                             .tunnel = "ip-ip",
                             .endpoint = "10.20.0.1",
                             .device = "rsip0",
                             .mtu = 1480,
                             .client_id = 17,
                             .local_policy = "macro",
                             .remote_policy = "none"};
  gateway.leases = {{.bind = 1,
                     .address = "192.0.2.156",
                     .ports = {{5000, 5031}},
                     .ports_in_use = 9,
                     .expires_in_seconds = 1265,
                     .renews_in_seconds = 365,
                     .granted_seconds = 1800,
                     .history = renewed({3300, 2400, 1500, 535})},
                    {.bind = 2,
                     .address = "192.0.2.156",
                     .ports = {{8443, 8443}},
                     .remote = "198.51.100.7",
                     .listening = true,
                     .server_port = 443,
                     .held = true,
                     .ports_in_use = 1,
                     .expires_in_seconds = 1500,
                     .renews_in_seconds = 600,
                     .granted_seconds = 1800,
                     .history = renewed({2100, 1200, 300})},
                    {.bind = 3,
                     .address = "192.0.2.156",
                     .spis = {{"0x00001000", "0x00001007"}},
                     .ports_in_use = 0,
                     .expires_in_seconds = 900,
                     .renews_in_seconds = 30,
                     .granted_seconds = 1800,
                     .history = renewed({2700, 1800, 900})}};
  gateway.leases[2].history.push_back({ago(60), "failed", 0, "no answer in 12 s"});
  gateway.ports = {.leased = 33, .used = 10, .free = 23, .limit = 1024};
  gateway.traffic = {.sent_packets = 81'233,
                     .sent_bytes = 11'200'000,
                     .received_packets = 99'120,
                     .received_bytes = 120'400'000};
  gateway.local_networks = {"10.20.0.0/16", "172.16.4.0/24"};
  gateway.ipsec = true;
  return gateway;
}

ipc::GatewayStatus office() {
  ipc::GatewayStatus gateway{.name = "office",
                             .state = "assigned",
                             .address = "10.1.0.1",
                             .found_by = "configuration",
                             .port = 4555,
                             .transport = "tcp",
                             .method = "rsa-ip",
                             .tunnel = "gre",
                             .endpoint = "10.1.0.1",
                             .device = "rsip1",
                             .mtu = 1476,
                             .client_id = 4,
                             .local_policy = "macro",
                             .remote_policy = "macro"};
  gateway.leases = {{.bind = 8,
                     .address = "203.0.113.40",
                     .ports_in_use = 3,
                     .expires_in_seconds = 5400,
                     .renews_in_seconds = 1800,
                     .granted_seconds = 7200,
                     .history = {{ago(1800), "granted", 7200, ""}}}};
  return gateway;
}

ipc::FlowStatus flow(int i) {
  static const char* const kPrograms[] = {"ssh", "firefox", "firefox", "thunderbird", "rsync", ""};
  static const std::uint16_t kPorts[] = {22, 443, 443, 993, 873, 53};
  const auto kind = std::size_t(i) % 6;
  return {.gateway = "hotel-gw",
          .bind = 1,
          .protocol = kind == 5 ? "udp" : "tcp",
          .public_address = "192.0.2.156",
          .public_port = std::uint16_t(5000 + i % 32),
          .local_port = std::uint16_t(i % 3 == 0 ? 5000 + i % 32 : 40000 + i),
          .remote_address = "198.51.100." + std::to_string(7 + i % 200),
          .remote_port = std::uint16_t(i < 32 ? kPorts[kind] : 1024 + i),
          .state = kind == 5    ? "active"
                   : i % 7 == 6 ? "closing"
                                : "established",
          .begun_by = "host",
          .idle_seconds = std::uint32_t(i * 3 % 90),
          .sent_bytes = std::uint64_t(4100) * std::uint64_t(i * i + 3),
          .received_bytes = std::uint64_t(77'000) * std::uint64_t(i + 1),
          .user = "alex",
          .process = std::uint32_t(2000 + i),
          .program = kPrograms[kind]};
}

ipc::Ports ports() {
  ipc::Ports ports{.gateway = "hotel-gw", .address = "192.0.2.156", .ports = {}, .high_water = 17};
  for (std::uint16_t port = 5000; port < 5032; ++port) {
    ports.ports.push_back({port, 1, "free", 0});
  }
  for (const int used : {0, 1, 2, 3, 5, 6, 9, 14})
    ports.ports[std::size_t(used)] = {std::uint16_t(5000 + used), 1, "in_use", 1};
  for (const int resting : {4, 7}) ports.ports[std::size_t(resting)].use = "resting";
  ports.ports.push_back({8443, 2, "listening", 1});
  ports.ports.push_back({8500, 5, "retiring", 0});
  return ports;
}

ipc::Usage usage() {
  ipc::Usage usage;
  for (int back = 29; back >= 0; --back) {
    const QDate day = QDate::currentDate().addDays(-back);
    const double share = day.dayOfWeek() > 5 ? 0.2 : 0.55 + 0.4 * std::sin(back * 1.7);
    usage.rows.push_back({.day = day.toString(Qt::ISODate).toStdString(),
                          .gateway = "hotel-gw",
                          .sent_bytes = std::uint64_t(3e8 * share),
                          .received_bytes = std::uint64_t(1.9e9 * share),
                          .leased_seconds = std::uint64_t(36'000 * share)});
    if (back % 3 != 0) continue;
    usage.rows.push_back({.day = usage.rows.back().day,
                          .gateway = "office",
                          .sent_bytes = 110'000'000,
                          .received_bytes = 420'000'000,
                          .leased_seconds = 14'000});
  }
  return usage;
}

ipc::IpsecStatus ipsec() {
  ipc::IpsecStatus status{.gateway = "hotel-gw",
                          .mode = "leased_spis",
                          .address = "192.0.2.156",
                          .ike_ports = {5007, 5008}};
  status.daemon = {
      .state = "in_step", .version = "strongSwan 5.9.8", .vici_socket = "/run/charon.vici"};
  for (int i = 0; i < 8; ++i) {
    status.spis.push_back({"0x0000100" + std::to_string(i), 3,
                           i == 0  ? "in_use"
                           : i < 3 ? "offered"
                                   : "free"});
  }
  status.associations = {{"esp", "0x00001000", "198.51.100.9", "192.0.2.156", "tunnel", true, 3,
                          "head-office", "", ""},
                         {"esp",
                          "0xc81f22a0",
                          "192.0.2.156",
                          "198.51.100.9",
                          "tunnel",
                          false,
                          {},
                          "head-office",
                          "",
                          ""},
                         {"esp",
                          "0xc9440117",
                          "198.51.100.30",
                          "192.0.2.156",
                          "tunnel",
                          true,
                          {},
                          "",
                          "its SPI is not leased",
                          "swanctl --rekey --child backup"}};
  return status;
}

ipc::Log log() {
  ipc::Log log{.level = "info", .lines = {}};
  static const std::pair<const char*, const char*> kLines[] = {
      {"info", "gateway.connected gateway=hotel-gw address=10.20.0.1:4555 transport=tls"},
      {"info", "session.registered gateway=hotel-gw client_id=17 lease_s=3600"},
      {"info", "lease.granted gateway=hotel-gw bind=1 address=192.0.2.156 ports=5000-5031"},
      {"info", "tunnel.up gateway=hotel-gw device=rsip0 mtu=1480"},
      {"info", "lease.extended bind=1 expires_in_s=1800"},
      {"warn", "lease.renewal_failed bind=3 reason=\"no answer in 12 s\" retry_in_s=30"},
      {"error", "ipsec.spi_not_leased spi=0xc9440117 connection=backup"},
      {"info", "lease.extended bind=2 expires_in_s=1800"}};
  std::int64_t age = 3300;
  for (const auto& [level, words] : kLines) log.lines.push_back({ago(age -= 400), level, words});
  return log;
}

Result<ipc::Answer> answer(const FakeAgent& agent, const ipc::Call& call) {
  if (std::holds_alternative<ipc::StatusRequest>(call))
    return const_cast<FakeAgent&>(agent).status();
  if (std::holds_alternative<ipc::FlowsRequest>(call)) return many_flows(14);
  if (std::holds_alternative<ipc::PortsRequest>(call)) return ports();
  if (std::holds_alternative<ipc::UsageRequest>(call)) return usage();
  if (std::holds_alternative<ipc::IpsecRequest>(call)) return ipsec();
  if (std::holds_alternative<ipc::LogRequest>(call)) return log();
  if (std::holds_alternative<ipc::ConfigRequest>(call)) {
    return ipc::ConfigText{
        "/etc/rsip/agent.toml",
        "[agent]\nlog_level = \"info\"\n\n[[gateway]]\nname      = \"hotel-gw\"\n"
        "address   = \"auto\"\ntransport = \"tls\"\nports     = 32\n\n"
        "[gateway.ipsec]\nenabled   = true\n"};
  }
  if (std::holds_alternative<ipc::DiscoverRequest>(call)) {
    return ipc::Discovered{{{"10.20.0.1", 4555, "tls", "dhcp", ""},
                            {"10.20.0.9", 4555, "tcp", "slp", "scope hotel, load 12 %"}}};
  }
  return ipc::Done{};
}

}  // namespace

ipc::Status rich_status() {
  ipc::Status status{.agent = "0.1.0", .state = "assigned", .gateways = {hotel(), office()}};
  status.profile = "travel";
  status.profiles = {{"travel", {"hotel-gw", "office"}}, {"desk", {"office"}}};
  status.started_at = ago(90'000);
  return status;
}

ipc::DoctorReport rich_doctor() {
  return {
      "fail",
      {{"socket", "agent", "ok", "The agent answers", "", "", false},
       {"version", "agent", "ok", "Agent and rsipctl are of one release", "", "", false},
       {"route", "network", "ok", "There is a way to the gateway", "", "", false},
       {"rp_filter", "network", "warn", "Replies through the tunnel are accepted",
        "rp_filter is strict on wlp3s0", "sudo sysctl net.ipv4.conf.wlp3s0.rp_filter=2", true},
       {"registered", "gateway", "ok", "The gateway knows this computer", "", "", false},
       {"mtu", "tunnel", "ok", "Packets of 1480 bytes pass the tunnel", "", "", false},
       {"spis", "ipsec", "fail", "Every inbound association has a leased SPI",
        "0xc9440117 is not leased", "swanctl --rekey --child backup", false},
       {"tray", "desktop", "skip", "The desktop shows tray icons", "no desktop runs", "", false}}};
}

ipc::Flows many_flows(int count) {
  ipc::Flows flows;
  for (int i = 0; i < count; ++i) flows.flows.push_back(flow(i));
  return flows;
}

void make_rich(FakeAgent& agent) {
  agent.status() = rich_status();
  agent.answer_with([&agent](const ipc::Call& call) { return answer(agent, call); });
}

}  // namespace rsip::fakes
