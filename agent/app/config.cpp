#include "agent/app/config.h"

#include <algorithm>

#include "agent/app/gateway_section.h"
#include "agent/app/profile_section.h"
#include "common/config/table_reader.h"

namespace rsip::agent {
namespace {

void read_agent(TableReader& reader, Config& config) {
  reader.text("socket", config.socket);
  if (config.socket.empty() || config.socket.front() != '/' || config.socket.size() > 100) {
    reader.complain("socket", "socket has to be an absolute path of up to 100 characters",
                    "for example \"/run/rsip/agent.sock\"");
  }
  reader.one_of("log_level", config.log_level, {"trace", "debug", "info", "warn", "error"});
}

/// An address, or "" for none.
void read_slp_agent(TableReader& reader, DiscoveryConfig& discovery) {
  std::string written;
  reader.text("slp_agent", written);
  if (written.empty()) return;
  Ipv4Address agent;
  reader.item("slp_agent", agent);
  discovery.slp_agent = agent;
}

void read_discovery(TableReader& reader, DiscoveryConfig& discovery) {
  reader.number("dhcp_option", discovery.dhcp_option, 0, 254);
  reader.flag("slp", discovery.slp);
  reader.texts("slp_scopes", discovery.slp_scopes);
  read_slp_agent(reader, discovery);
  reader.flag("default_router", discovery.default_router);
}

bool is_path(const std::string& text) {
  return !text.empty() && text.front() == '/';
}

void read_ipsec(TableReader& reader, IpsecConfig& ipsec) {
  reader.text("vici_socket", ipsec.vici_socket);
  reader.text("fragment", ipsec.fragment);
  if (!is_path(ipsec.vici_socket)) {
    reader.complain("vici_socket", "vici_socket has to be an absolute path",
                    "for example \"/run/charon.vici\"");
  }
  if (!ipsec.fragment.empty() && !is_path(ipsec.fragment)) {
    reader.complain("fragment", "fragment has to be an absolute path, or \"\" for none",
                    "for example \"/etc/strongswan.d/rsip.conf\"");
  }
}

/// A section that may be missing.
template <class Values>
Result<void> read_section(const toml::table& root, const std::string& file, const char* name,
                          Values& values, void (*read)(TableReader&, Values&)) {
  const toml::node* const node = root.get(name);
  if (node == nullptr) return {};
  const std::string section = "[" + std::string(name) + "]";
  if (!node->is_table()) {
    return complain_at(*node, file, std::string(name) + " is not a section",
                       "expected " + section + " on a line of its own");
  }
  TableReader reader(*node->as_table(), file, section);
  read(reader, values);
  return reader.finish();
}

/// What two gateways cannot have in common.
Result<void> check_distinct(const Config& config, const toml::node& at, const std::string& file) {
  const GatewayConfig& last = config.gateways.back();
  for (const GatewayConfig& other : config.gateways) {
    if (&other == &last) continue;
    const bool same_address = last.address && other.address == last.address;
    if (other.name == last.name || same_address) {
      return complain_at(at, file, "a second [[gateway]] named " + last.name,
                         "give each one a name and an address of its own");
    }
    if (other.device == last.device) {
      return complain_at(at, file, "a second [[gateway]] with device " + last.device,
                         "give each one a device of its own, or none");
    }
    if (other.ipsec.enabled && last.ipsec.enabled) {
      return complain_at(at, file, "a second [[gateway]] with ipsec enabled",
                         "the IKE daemon of this host can be kept in step with one gateway only");
    }
    if (other.forward && last.forward) {
      return complain_at(at, file, "a second [[gateway]] with forward = true",
                         "leases for other hosts can come from one gateway only");
    }
  }
  return {};
}

/// Every [[gateway]].
Result<void> read_gateways(const toml::table& root, const std::string& file, Config& config) {
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
  for (const toml::node& element : *gateways) {
    TableReader reader(*element.as_table(), file, "[[gateway]]");
    config.gateways.push_back(read_gateway_section(reader, config.gateways.size()));
    if (auto read = reader.finish(); !read) return read;
    if (auto distinct = check_distinct(config, element, file); !distinct) return distinct;
  }
  return {};
}

}  // namespace

const char* to_string(Transport transport) {
  switch (transport) {
    case Transport::kTcp:
      return "tcp";
    case Transport::kUdp:
      return "udp";
    case Transport::kTls:
      return "tls";
  }
  return "?";
}

Result<Config> parse_config(std::string_view text, const std::string& file) {
  const auto root = parse_toml(text, file);
  if (!root) return tl::unexpected(root.error());
  Config config;
  config.source = {file, std::string(text)};
  return check_sections(*root, file,
                        {"[agent]", "[discovery]", "[ipsec]", "[[gateway]]", "[[profile]]"})
      .and_then([&] { return read_section(*root, file, "agent", config, read_agent); })
      .and_then(
          [&] { return read_section(*root, file, "discovery", config.discovery, read_discovery); })
      .and_then([&] { return read_section(*root, file, "ipsec", config.ipsec, read_ipsec); })
      .and_then([&] { return read_gateways(*root, file, config); })
      .and_then([&] { return read_profiles(*root, file, config); })
      .map([&] { return config; });
}

Result<Config> load_config(const std::string& path) {
  return read_text_file(path).and_then(
      [&](const std::string& text) { return parse_config(text, path); });
}

}  // namespace rsip::agent
