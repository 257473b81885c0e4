#include "agent/cli/doctor/fact_reader.h"

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "agent/cli/agent_client.h"
#include "agent/cli/doctor/fact_parsers.h"
#include "agent/cli/doctor/probes.h"
#include "agent/cli/host/files.h"
#include "agent/cli/host/program.h"

namespace rsip::cli::doctor {
namespace {

namespace fs = std::filesystem;

/// What a program prints; empty if it cannot be had.
std::string output_of(const std::vector<std::string>& command) {
  const auto output = run_program(command);
  return output && output->exit_code == 0 ? output->text : "";
}

std::string first_line_of(const char* path) {
  std::string text = text_of_file(path, 4096).value_or("");
  return text.substr(0, text.find('\n'));
}

void ask_agent(std::chrono::milliseconds patience, Facts& facts) {
  auto status = ask(facts.socket, patience, ipc::StatusRequest{});
  if (!status) {
    facts.agent_error = status.error();
    return;
  }
  facts.status = std::move(*status);
  if (const auto ipsec = ask(facts.socket, patience, ipc::IpsecRequest{})) facts.ipsec = *ipsec;
  if (const auto snapshot = ask(facts.socket, patience, ipc::SubscribeRequest{})) {
    facts.may_change = snapshot->may_change;
    facts.why_not = snapshot->why_not;
  }
  if (const auto config = ask(facts.socket, patience, ipc::ConfigRequest{})) {
    facts.config.file = config->file;
  }
}

/// rsipd beside this program, as in a build, or where packages put it.
std::string agent_program() {
  for (const std::string& folder : {own_folder(), own_folder() + "/../sbin"}) {
    std::error_code unknown;
    if (fs::exists(folder + "/rsipd", unknown)) return folder + "/rsipd";
  }
  return "rsipd";
}

std::string without_prefix(std::string text) {
  const std::string prefix = "rsipd: ";
  if (text.starts_with(prefix)) text.erase(0, prefix.size());
  return text.substr(0, text.find('\n'));
}

void check_config(ConfigFacts& config) {
  if (config.file.empty()) config.file = "/etc/rsip/agent.toml";
  std::error_code unknown;
  config.exists = fs::exists(config.file, unknown);
  if (!config.exists) return;
  if (access(config.file.c_str(), R_OK) != 0) {
    config.complaint = "only root may read " + config.file;
    return;
  }
  const auto checked =
      run_program({agent_program(), "--check", "--config", config.file}, {.complaints = true});
  if (!checked) {
    config.complaint = checked.error().message;
    return;
  }
  config.valid = checked->exit_code == 0;
  config.complaint = without_prefix(checked->text);
}

TunDevice look_at_tun() {
  const int descriptor = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
  if (descriptor >= 0) {
    close(descriptor);
    return TunDevice::kUsable;
  }
  return errno == ENOENT || errno == ENODEV ? TunDevice::kMissing : TunDevice::kForbidden;
}

std::optional<std::string> kernel_config() {
  utsname name{};
  uname(&name);
  for (const std::string& path : {"/boot/config-" + std::string(name.release),
                                  "/lib/modules/" + std::string(name.release) + "/config"}) {
    if (auto text = text_of_file(path)) return text;
  }
  const std::string text = output_of({"zcat", "/proc/config.gz"});
  return text.empty() ? std::nullopt : std::optional(text);
}

void look_at_machine(Facts& facts) {
  facts.root = geteuid() == 0;
  facts.now = std::time(nullptr);
  timex clock{};
  facts.clock_synchronized = adjtimex(&clock) >= 0 && (clock.status & STA_UNSYNC) == 0;
  facts.tun_device = look_at_tun();
  facts.kernel_config = kernel_config();
  facts.forwards = first_line_of("/proc/sys/net/ipv4/ip_forward") == "1";
  facts.udp_ports = ports_in_proc(text_of_file("/proc/net/udp").value_or(""));
}

int rp_filter_of(const std::string& device) {
  return std::atoi(
      first_line_of(("/proc/sys/net/ipv4/conf/" + device + "/rp_filter").c_str()).c_str());
}

/// `ip` prints an empty list as nothing, which is no failure.
std::optional<std::string> ip_json(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "ip");
  auto output = run_program(arguments);
  if (!output || output->exit_code != 0) return std::nullopt;
  return std::move(output->text);
}

void look_at_network(Facts& facts) {
  if (const auto text = ip_json({"-j", "rule"})) facts.rules = parse_rules(*text);
  if (const auto text = ip_json({"-j", "route", "show", "table", "all"})) {
    facts.routes = parse_routes(*text);
  }
  if (const auto text = ip_json({"-j", "-d", "address"})) facts.links = parse_links(*text);
  if (facts.links) {
    const int for_all = rp_filter_of("all");
    for (Link& link : *facts.links) {
      std::error_code unknown;
      link.wireless = fs::exists("/sys/class/net/" + link.name + "/wireless", unknown);
      link.rp_filter = std::max(for_all, rp_filter_of(link.name));
    }
  }
  facts.ipv6_device =
      parse_default_device(ip_json({"-j", "-6", "route", "show", "default"}).value_or(""));
}

/// The last file that says something counts; those in /etc come last.
std::optional<NetworkdFacts> networkd() {
  std::error_code unknown;
  if (!fs::exists("/run/systemd/netif/state", unknown)) return std::nullopt;
  NetworkdFacts facts;
  std::vector<fs::path> files = {"/etc/systemd/networkd.conf"};
  for (const char* folder : {"/usr/lib", "/run", "/etc"}) {
    const auto begin = files.size();
    const fs::path drop_ins = fs::path(folder) / "systemd/networkd.conf.d";
    for (const auto& entry : fs::directory_iterator(drop_ins, unknown)) files.push_back(entry);
    std::sort(files.begin() + static_cast<std::ptrdiff_t>(begin), files.end());
  }
  for (const fs::path& file : files) {
    const auto said = removes_foreign_rules(text_of_file(file.string(), 65536).value_or(""));
    facts.removes_foreign_rules = said.value_or(facts.removes_foreign_rules);
  }
  return facts;
}

std::string environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::optional<DesktopFacts> desktop() {
  if (environment("DBUS_SESSION_BUS_ADDRESS").empty()) return std::nullopt;
  const bool x11 = !environment("DISPLAY").empty();
  const bool wayland = !environment("WAYLAND_DISPLAY").empty();
  if (!x11 && !wayland) return std::nullopt;
  const std::string watcher = "org.kde.StatusNotifierWatcher";
  const std::string host =
      output_of({"busctl", "--user", "get-property", watcher, "/StatusNotifierWatcher", watcher,
                 "IsStatusNotifierHostRegistered"});
  return DesktopFacts{host.starts_with("b true"), x11 && !wayland,
                      environment("XDG_CURRENT_DESKTOP")};
}

GatewayFacts look_at_gateway(const ipc::GatewayStatus& gateway) {
  GatewayFacts facts;
  facts.way =
      parse_way_out(output_of({"ip", "-j", "route", "get", gateway.address, "mark", "0x11cb"}));
  const bool silent = !gateway.client_id && gateway.state != "disabled";
  if (facts.way && silent && gateway.transport != "udp") {
    facts.control = try_connection(gateway.address, gateway.port);
  }
  return facts;
}

}  // namespace

Facts read_facts(const std::string& socket, std::chrono::milliseconds patience) {
  Facts facts;
  facts.socket = socket;
  ask_agent(patience, facts);
  check_config(facts.config);
  look_at_machine(facts);
  look_at_network(facts);
  facts.resolver.servers = name_servers(text_of_file("/etc/resolv.conf", 65536).value_or(""));
  if (!facts.resolver.servers.empty()) {
    facts.resolver.answers = ask_name_server(facts.resolver.servers.front());
  }
  facts.networkd = networkd();
  facts.desktop = desktop();
  if (facts.status && facts.links) {
    for (const ipc::GatewayStatus& gateway : facts.status->gateways) {
      if (!gateway.address.empty()) facts.gateways[gateway.name] = look_at_gateway(gateway);
    }
  }
  return facts;
}

}  // namespace rsip::cli::doctor
