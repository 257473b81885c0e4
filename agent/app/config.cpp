#include "agent/app/config.h"

#include <algorithm>
#include <cctype>

#include "common/config/table_reader.h"

namespace rsip::agent {
namespace {

using std::chrono::seconds;

void read_agent(TableReader& reader, Config& config) {
  reader.text("socket", config.socket);
  if (config.socket.empty() || config.socket.front() != '/' || config.socket.size() > 100) {
    reader.complain("socket", "socket has to be an absolute path of up to 100 characters",
                    "for example \"/run/rsip/agent.sock\"");
  }
  reader.one_of("log_level", config.log_level, {"trace", "debug", "info", "warn", "error"});
  reader.device_name("device", config.device);
}

void read_gateway(TableReader& reader, GatewayConfig& gateway) {
  std::string transport = "tcp";
  std::string method = to_string(gateway.method);
  std::string tunnel = "auto";
  reader.require("address");
  reader.item("address", gateway.address);
  if (!gateway.address.is_unspecified() && !gateway.address.is_usable_source()) {
    reader.complain("address", gateway.address.to_string() + " is not the address of a gateway",
                    "the address of a machine, for example \"10.1.0.1\"");
  }
  gateway.name = gateway.address.to_string();
  reader.text("name", gateway.name);
  if (std::ranges::any_of(gateway.name, [](unsigned char c) { return std::iscntrl(c) != 0; })) {
    reader.complain("name", "name has control characters in it", "write it on one line");
  }
  reader.number("port", gateway.port, 1, 65535);
  reader.one_of("transport", transport, {"tcp"});
  reader.one_of("method", method, {"rsap-ip", "rsa-ip"});
  reader.one_of("tunnel", tunnel, {"auto", "ip-ip"});
  reader.number("ports", gateway.ports, 1, 255);
  reader.number("max_ports", gateway.max_ports, 1, 65535);
  reader.time("lease", gateway.lease, seconds(10), seconds(30 * 86400));
  reader.list("routes", gateway.routes);
  reader.list("exclude", gateway.exclude);
  if (gateway.max_ports < gateway.ports) {
    reader.complain("max_ports",
                    "max_ports is less than ports, which is " + std::to_string(gateway.ports),
                    "max_ports is where growth in blocks of ports stops: set ports, too");
  }
  gateway.method = method == "rsa-ip" ? msg::Method::kRsaIp : msg::Method::kRsapIp;
}

/// [agent], which may be missing.
Result<void> read_agent_section(const toml::table& root, const std::string& file, Config& config) {
  const toml::node* const node = root.get("agent");
  if (node == nullptr) return {};
  if (!node->is_table()) {
    return complain_at(*node, file, "agent is not a section",
                       "expected [agent] on a line of its own");
  }
  TableReader reader(*node->as_table(), file, "[agent]");
  read_agent(reader, config);
  return reader.finish();
}

/// The only [[gateway]].
Result<void> read_gateway_section(const toml::table& root, const std::string& file,
                                  Config& config) {
  const toml::node* const node = root.get("gateway");
  const toml::array* const gateways = node != nullptr ? node->as_array() : nullptr;
  if (node != nullptr && node->is_table()) {
    return complain_at(*node, file, "gateway is a section, not a list of them",
                       "write [[gateway]] with double brackets");
  }
  if (gateways == nullptr || gateways->empty() || !gateways->is_array_of_tables()) {
    return fail(ErrorKind::kConfigInvalid, file + ": no [[gateway]] section",
                "add one with at least: address = \"10.1.0.1\"");
  }
  if (gateways->size() > 1) {
    return complain_at(*gateways->get(1), file, "a second [[gateway]]",
                       "this version uses one gateway at a time; remove the others");
  }
  TableReader reader(*gateways->get(0)->as_table(), file, "[[gateway]]");
  read_gateway(reader, config.gateway);
  return reader.finish();
}

}  // namespace

Result<Config> parse_config(std::string_view text, const std::string& file) {
  const auto root = parse_toml(text, file);
  if (!root) return tl::unexpected(root.error());
  Config config;
  return check_sections(*root, file, {"[agent]", "[[gateway]]"})
      .and_then([&] { return read_agent_section(*root, file, config); })
      .and_then([&] { return read_gateway_section(*root, file, config); })
      .map([&] { return config; });
}

Result<Config> load_config(const std::string& path) {
  return read_text_file(path).and_then(
      [&](const std::string& text) { return parse_config(text, path); });
}

}  // namespace rsip::agent
