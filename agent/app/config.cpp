#include "agent/app/config.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "agent/app/config_reader.h"

namespace rsip::agent {
namespace {

using std::chrono::seconds;

Result<void> read_agent(const toml::table& table, const std::string& file, Config& config) {
  ConfigReader reader(table, file, "[agent]");
  reader.read("socket", config.socket);
  if (config.socket.empty() || config.socket.front() != '/' || config.socket.size() > 100) {
    reader.fail_at(table.get("socket"), "socket has to be an absolute path of up to 100 characters",
                   "for example \"/run/rsip/agent.sock\"");
  }
  reader.read("log_level", config.log_level, {"trace", "debug", "info", "warn", "error"});
  reader.read("device", config.device);
  if (config.device.empty() || config.device.size() > 15 ||
      config.device.find_first_of("/: \t\n%") != std::string::npos) {
    reader.fail_at(table.get("device"),
                   "device = \"" + config.device + "\" cannot be a device's name",
                   "1 to 15 characters without space, slash, colon or %, for example \"rsip0\"");
  }
  return reader.finish();
}

Result<void> read_gateway(const toml::table& table, const std::string& file,
                          GatewayConfig& gateway) {
  ConfigReader reader(table, file, "[[gateway]]");
  std::string transport = "tcp";
  std::string method = to_string(gateway.method);
  std::string tunnel = "auto";
  reader.require("address");
  reader.parse("address", gateway.address);
  gateway.name = gateway.address.to_string();
  reader.read("name", gateway.name);
  reader.read("port", gateway.port, 1, 65535);
  reader.read("transport", transport, {"tcp"});
  reader.read("method", method, {"rsap-ip", "rsa-ip"});
  reader.read("tunnel", tunnel, {"auto", "ip-ip"});
  reader.read("ports", gateway.ports, 1, 255);
  reader.read("max_ports", gateway.max_ports, 1, 65535);
  reader.read("lease", gateway.lease, seconds(10), seconds(30 * 86400));
  reader.parse_list("routes", gateway.routes);
  reader.parse_list("exclude", gateway.exclude);
  if (gateway.max_ports < gateway.ports) {
    reader.fail_at(table.get("ports"), "max_ports is less than ports",
                   "max_ports is where growth in blocks of ports stops");
  }
  gateway.method = method == "rsa-ip" ? msg::Method::kRsaIp : msg::Method::kRsapIp;
  return reader.finish();
}

/// Hands over the only [[gateway]].
Result<const toml::table*> only_gateway(const toml::table& root, const std::string& file) {
  const toml::node* const node = root.get("gateway");
  const toml::array* const gateways = node != nullptr ? node->as_array() : nullptr;
  if (gateways == nullptr || gateways->empty() || !gateways->is_array_of_tables()) {
    return fail(ErrorKind::kConfigInvalid, file + ": no [[gateway]] section",
                "add one with at least: address = \"10.1.0.1\"");
  }
  if (gateways->size() > 1) {
    return fail(ErrorKind::kConfigInvalid,
                place(file, gateways->get(1)->source()) + "a second [[gateway]]",
                "this version uses one gateway at a time; remove the others");
  }
  return gateways->get(0)->as_table();
}

}  // namespace

Result<Config> parse_config(std::string_view text, std::string_view name) {
  const std::string file(name);
  toml::table root;
  try {
    root = toml::parse(text);
  } catch (const toml::parse_error& error) {  // the only way toml++ has to say it by default
    return fail(ErrorKind::kConfigInvalid,
                place(file, error.source()) + std::string(error.description()),
                "see https://toml.io for the format");
  }
  for (const auto& [key, node] : root) {
    if (key == "agent" || key == "gateway") continue;
    return fail(ErrorKind::kConfigInvalid,
                place(file, node.source()) + "unknown section '" + std::string(key.str()) + "'",
                "allowed: [agent], [[gateway]]");
  }
  Config config;
  if (const toml::table* const agent = root["agent"].as_table()) {
    if (auto read = read_agent(*agent, file, config); !read) return tl::unexpected(read.error());
  } else if (root.contains("agent")) {
    return fail(ErrorKind::kConfigInvalid,
                place(file, root.get("agent")->source()) + "agent is not a section",
                "expected [agent] on a line of its own");
  }
  const auto gateway = only_gateway(root, file);
  if (!gateway) return tl::unexpected(gateway.error());
  if (auto read = read_gateway(**gateway, file, config.gateway); !read) {
    return tl::unexpected(read.error());
  }
  return config;
}

Result<Config> load_config(const std::string& path) {
  std::ifstream file(path);
  std::error_code ignored;
  const bool is_folder = std::filesystem::is_directory(path, ignored);
  if (!file || is_folder) {
    const ErrorKind kind = errno == EACCES ? ErrorKind::kPermission : ErrorKind::kConfigInvalid;
    return fail(kind, "cannot read " + path + ": " + std::strerror(is_folder ? EISDIR : errno),
                "name the configuration file with --config");
  }
  const std::string text{std::istreambuf_iterator(file), {}};
  return parse_config(text, path);
}

}  // namespace rsip::agent
