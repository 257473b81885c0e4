#include "tests/gateway/config/config.h"

#include <algorithm>

#include "common/config/table_reader.h"
#include "tests/gateway/config/written.h"

namespace rsip::gateway {
namespace {

using std::chrono::seconds;

constexpr std::uint8_t kShortestPrefix = 16;  ///< 65536 addresses, each of which costs memory.
constexpr seconds kLongestLease(30 * 86400);

/// Whether every address of the network may be a host's.
bool is_leasable(const Ipv4Prefix& prefix) {
  const Ipv4Address last{prefix.address.value | ~prefix.mask()};
  return prefix.length >= kShortestPrefix && prefix.address.is_usable_source() &&
         last.is_usable_source();
}

bool overlap(const Ipv4Prefix& a, const Ipv4Prefix& b) {
  return a.contains(b.address) || b.contains(a.address);
}

void read_tunnels(TableReader& reader, Config& config) {
  std::vector<WrittenTunnel> written{{msg::TunnelType::kIpIp}};
  reader.list("tunnels", written);
  std::vector<msg::TunnelType>& tunnels = config.engine.tunnels;
  tunnels.clear();
  for (const WrittenTunnel& tunnel : written) {
    if (std::ranges::find(tunnels, tunnel.type) != tunnels.end()) {
      reader.complain("tunnels", "a tunnel type stands in tunnels twice", "");
    }
    tunnels.push_back(tunnel.type);
  }
  if (tunnels.empty()) {
    reader.complain("tunnels", "tunnels has none", "allowed: some of ip-ip, gre, l2tp");
    tunnels = {msg::TunnelType::kIpIp};
  }
  Ipv4Address endpoint;
  reader.item("endpoint", endpoint);
  if (endpoint.is_unspecified()) return;
  config.engine.endpoint = endpoint;
  if (!endpoint.is_usable_source()) {
    reader.complain("endpoint", "endpoint is not the address of a machine",
                    "hosts send their tunnels there: leave it out if that is listen");
  }
}

template <class Value>
Value choice(TableReader& reader, std::string_view key, const char* otherwise,
             const std::vector<std::pair<std::string, Value>>& choices) {
  std::string written = otherwise;
  std::vector<std::string> allowed;
  for (const auto& [name, value] : choices) allowed.push_back(name);
  reader.one_of(key, written, allowed);
  for (const auto& [name, value] : choices) {
    if (name == written) return value;
  }
  return choices.front().second;
}

void read_gateway(TableReader& reader, Config& config) {
  std::string refusal = "register-first";
  reader.require("listen");
  reader.item("listen", config.listen);
  if (!config.listen.is_usable_source() && !config.listen.is_loopback()) {
    reader.complain("listen", "listen is not the address of a machine",
                    "use the gateway's address in the private network: it is also where hosts "
                    "send their tunnels to");
  }
  reader.number("port", config.port, 1, 65535);
  reader.device_name("device", config.device);
  std::uint16_t mtu = 0;
  reader.number("mtu", mtu, 576, 65515);
  if (mtu != 0) config.mtu = mtu;
  reader.text("proxy_arp", config.proxy_arp);
  reader.one_of("log_level", config.log_level, {"trace", "debug", "info", "warn", "error"});
  reader.time("stats_every", config.stats_every, seconds(0), seconds(86400));
  reader.text("accounting", config.accounting);
  reader.time("accounting_every", config.accounting_every, seconds(0), seconds(86400));
  reader.flag("udp", config.engine.udp);
  read_tunnels(reader, config);
  reader.list("local_networks", config.engine.local_networks);
  reader.one_of("deregister_refusal", refusal, {"register-first", "already-unregistered"});
  if (refusal == "already-unregistered") {
    config.engine.deregister_refusal = msg::ErrorCode::kAlreadyUnregistered;
  }
}

void read_ipsec_allowed(TableReader& reader, Quota& quota) {
  quota.ipsec = choice<bool>(reader, "ipsec", quota.ipsec ? "allowed" : "denied",
                             {{"allowed", true}, {"denied", false}});
}

void read_policy(TableReader& reader, Config& config) {
  PolicySettings& policy = config.engine.policy;
  policy.local = choice<msg::LocalFlowPolicy>(
      reader, "local", "macro",
      {{"macro", msg::LocalFlowPolicy::kMacro}, {"micro", msg::LocalFlowPolicy::kMicro}});
  policy.remote = choice<msg::RemoteFlowPolicy>(reader, "remote", "none",
                                                {{"none", msg::RemoteFlowPolicy::kNone},
                                                 {"macro", msg::RemoteFlowPolicy::kMacro},
                                                 {"micro", msg::RemoteFlowPolicy::kMicro}});
  read_ipsec_allowed(reader, config.engine.hosts.quota);
  reader.list("blocked", policy.blocked);
  if (policy.blocked.empty()) return;
  if (policy.remote == msg::RemoteFlowPolicy::kNone) {
    reader.complain("blocked", "blocked has no effect with remote = \"none\"",
                    "hosts say whom they contact only with remote = \"macro\" or \"micro\"");
  }
  const bool ports = std::ranges::any_of(
      policy.blocked, [](const BlockedRemote& rule) { return rule.port.has_value(); });
  if (ports && policy.remote != msg::RemoteFlowPolicy::kMicro) {
    reader.complain("blocked", "blocked names ports",
                    "hosts say which port they contact only with remote = \"micro\"");
  }
}

void read_slp(TableReader& reader, Config& config) {
  config.slp.enabled = true;  // by the section being there
  reader.flag("enabled", config.slp.enabled);
  reader.texts("scopes", config.slp.scopes);
  Ipv4Address directory;
  reader.item("directory_agent", directory);
  if (!directory.is_unspecified()) config.slp.directory_agent = directory;
}

void read_ipsec(TableReader& reader, Config& config) {
  IpsecConfig& ipsec = config.ipsec;
  reader.flag("learn_responder_cookies", ipsec.learn_responder_cookies);
  reader.time("cookie_idle", ipsec.cookie_idle, seconds(60), seconds(86400));
  reader.number("max_cookies", ipsec.max_cookies, 1, 4096);
}

void read_parent(TableReader& reader, Config& config) {
  ParentConfig& parent = config.parent;
  reader.require("agent_socket");
  reader.text("agent_socket", parent.agent_socket);
  reader.text("gateway", parent.gateway);
  reader.text("pool", parent.pool);
  reader.time("poll_every", parent.poll_every, seconds(1), seconds(60));
  config.engine.promised = {msg::Method::kRsapIp};
}

void read_script(TableReader& reader, Config& config) {
  reader.text("file", config.script_file);
  reader.text("socket", config.script_socket);
}

void read_lease(TableReader& reader, Config& config) {
  LeaseSettings& lease = config.engine.lease;
  reader.time("minimum", lease.minimum, seconds(1), kLongestLease);
  reader.time("default", lease.standard, seconds(1), kLongestLease);
  reader.time("maximum", lease.maximum, seconds(1), kLongestLease);
  reader.time("hold", lease.hold, seconds(0), seconds(3600));
  if (lease.minimum > lease.standard || lease.standard > lease.maximum) {
    reader.complain("default", "the default lease is not between minimum and maximum",
                    "they are " + std::to_string(lease.minimum.count()) + "s and " +
                        std::to_string(lease.maximum.count()) + "s");
  }
}

void read_quota(TableReader& reader, Quota& quota) {
  reader.number("max_ports", quota.max_ports, 1, 65535);
  reader.number("max_addresses", quota.max_addresses, 1, 65535);
  reader.number("max_binds", quota.max_binds, 1, 65535);
  reader.number("max_spis", quota.max_spis, 1, 1000000);
}

void read_hosts(TableReader& reader, Config& config) {
  HostSettings& hosts = config.engine.hosts;
  reader.list("allow", hosts.allow);
  reader.list("deny", hosts.deny);
  reader.number("max_hosts", hosts.max_hosts, 1, 65535);
  read_quota(reader, hosts.quota);
  reader.number("max_requests_per_second", hosts.max_requests_per_second, 0, 1000000);
  reader.number("max_connections", config.max_connections, 1, 64);
}

void read_class(TableReader& reader, Config& config) {
  ClassSettings one;
  one.quota = config.engine.hosts.quota;
  std::vector<Word> pools;
  reader.require("name");
  reader.text("name", one.name);
  reader.list("hosts", one.hosts);
  reader.numbers("keys", one.keys, 0, 0xFFFFFFFF);
  reader.list("pools", pools);
  read_quota(reader, one.quota);
  read_ipsec_allowed(reader, one.quota);
  seconds longest(0);
  reader.time("max_lease", longest, seconds(1), kLongestLease);
  if (longest != seconds(0)) one.quota.max_lease = longest;
  if (one.hosts.empty() && one.keys.empty()) {
    reader.complain("name", "no host can belong to class " + one.name, "add hosts or keys");
  }
  auto& classes = config.engine.classes;
  if (one.name.empty() || one.name == "default" ||
      std::ranges::find(classes, one.name, &ClassSettings::name) != classes.end()) {
    reader.complain("name", "'" + one.name + "' cannot be the name of one more class",
                    "each needs its own, and \"default\" is that of all other hosts");
  }
  for (const Word& pool : pools) {
    const bool parents = !config.parent.agent_socket.empty() && pool.text == config.parent.pool;
    if (!parents && std::ranges::find(config.engine.pools, pool.text, &PoolSettings::name) ==
                        config.engine.pools.end()) {
      reader.complain("pools", "there is no pool named '" + pool.text + "'",
                      "write name = \"" + pool.text + "\" into a [[pool]]");
    }
    one.pools.push_back(pool.text);
  }
  classes.push_back(std::move(one));
}

void read_pool(TableReader& reader, Config& config) {
  PoolSettings pool;
  std::string method;
  WrittenRange ports{pool.ports};
  reader.require("method");
  reader.require("addresses");
  reader.one_of("method", method, {"rsap-ip", "rsa-ip"});
  reader.list("addresses", pool.addresses);
  reader.item("ports", ports);
  reader.text("name", pool.name);
  WrittenSpis spis{{0, 0}};
  reader.item("spis", spis);
  if (spis.range.count != 0) pool.spis = spis.range;
  pool.ports = ports.range;
  pool.method = method == "rsa-ip" ? msg::Method::kRsaIp : msg::Method::kRsapIp;
  if (method == "rsa-ip" && spis.range.count != 0) {
    reader.complain("spis", "whole addresses have all SPIs with them",
                    "leave spis out, or use rsap-ip");
  }
  if (method == "rsa-ip" && config.engine.policy.local == msg::LocalFlowPolicy::kMicro) {
    reader.complain("method", "whole addresses cannot be leased with local = \"micro\"",
                    "RFC 3103 section 7.1: use rsap-ip, or local = \"macro\" in [policy]");
  }
  if (pool.addresses.empty()) {
    reader.complain("addresses", "addresses has none", "allowed: a list of addresses, networks");
  }
  for (auto prefix = pool.addresses.begin(); prefix != pool.addresses.end(); ++prefix) {
    if (!is_leasable(*prefix)) {
      reader.complain("addresses", prefix->to_string() + " cannot be leased to hosts",
                      "allowed: addresses of machines, networks of at most /16");
    }
    if (prefix->contains(config.listen)) {
      reader.complain("addresses",
                      prefix->to_string() + " has the gateway's own address " +
                          config.listen.to_string() + " in it",
                      "take it out: what is leased must not be an address of this machine");
    }
    const auto again = [&](const Ipv4Prefix& other) { return overlap(other, *prefix); };
    bool taken = std::any_of(pool.addresses.begin(), prefix, again);
    for (const PoolSettings& other : config.engine.pools) {
      taken = taken || std::ranges::any_of(other.addresses, again);
    }
    if (taken) {
      reader.complain("addresses", prefix->to_string() + " is in the pools twice", "");
    }
  }
  config.engine.pools.push_back(std::move(pool));
}

class Reading {
 public:
  Reading(const toml::table& root, const std::string& file) : root_(root), file_(file) {}

  Result<Config> run() {
    const auto steps = {
        check_sections(root_, file_,
                       {"[gateway]", "[lease]", "[policy]", "[hosts]", "[[pool]]", "[[class]]",
                        "[[key]]", "[auth]", "[tls]", "[script]", "[parent]", "[slp]", "[ipsec]"}),
        section("gateway", true, read_gateway),
        section("lease", false, read_lease),
        section("policy", false, read_policy),
        section("hosts", false, read_hosts),
        section("script", false, read_script),
        section("parent", false, read_parent),
        section("slp", false, read_slp),
        section("ipsec", false, read_ipsec),
        has_pools(),
        each("pool", read_pool),
        each("class", read_class),
        access()};
    for (const Result<void>& step : steps) {
      if (!step) return tl::unexpected(step.error());
    }
    return std::move(config_);
  }

 private:
  using ReadSection = void (*)(TableReader&, Config&);

  Result<void> section(const std::string& name, bool required, ReadSection read) {
    const toml::node* const node = root_.get(name);
    if (node == nullptr && !required) return {};
    if (node == nullptr || !node->is_table()) {
      return complain_at(node != nullptr ? *node : root_, file_,
                         "there is no section [" + name + "]",
                         "write [" + name + "] on a line of its own");
    }
    TableReader reader(*node->as_table(), file_, "[" + name + "]");
    read(reader, config_);
    return reader.finish();
  }

  Result<void> access() {
    return parse_access(root_, file_).map([this](AccessSettings access) {
      config_.access = std::move(access);
    });
  }

  Result<void> has_pools() {
    const toml::node* const node = root_.get("pool");
    const toml::array* const all = node != nullptr ? node->as_array() : nullptr;
    if ((all != nullptr && !all->empty()) || root_.contains("parent")) return {};
    return complain_at(node != nullptr ? *node : root_, file_, "there is no section [[pool]]",
                       "add one with method and addresses: without it there is nothing to lease");
  }

  /// Reads all sections of a name that may stand there several times.
  Result<void> each(const std::string& name, ReadSection read) {
    const toml::node* const node = root_.get(name);
    if (node == nullptr) return {};
    const toml::array* const all = node->as_array();
    if (all == nullptr || !all->is_array_of_tables()) {
      return complain_at(*node, file_, name + " is not a list of sections",
                         "write [[" + name + "]] on a line of its own");
    }
    for (const toml::node& one : *all) {
      TableReader reader(*one.as_table(), file_, "[[" + name + "]]");
      read(reader, config_);
      if (auto done = reader.finish(); !done) return done;
    }
    return {};
  }

  const toml::table& root_;
  std::string file_;
  Config config_;
};

}  // namespace

Result<Config> parse_config(std::string_view text, const std::string& file) {
  const auto root = parse_toml(text, file);
  if (!root) return tl::unexpected(root.error());
  return Reading(*root, file).run();
}

Result<Config> load_config(const std::string& path) {
  return read_text_file(path).and_then(
      [&](const std::string& text) { return parse_config(text, path); });
}

}  // namespace rsip::gateway
