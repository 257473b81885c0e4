#include "tests/gateway/config/config.h"

#include <algorithm>
#include <charconv>

#include "common/config/table_reader.h"

namespace rsip::gateway {
namespace {

using std::chrono::seconds;

constexpr std::uint8_t kShortestPrefix = 16;  ///< 65536 addresses, each of which costs memory.
constexpr seconds kLongestLease(30 * 86400);

/// A PortRange as it is written: "1024-65535", or "5000".
struct WrittenRange {
  PortRange range;

  static Result<WrittenRange> parse(std::string_view text) {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    const char* const past = text.data() + text.size();
    auto [end, error] = std::from_chars(text.data(), past, first);
    last = first;
    if (error == std::errc{} && end != past && *end == '-') {
      const auto second = std::from_chars(end + 1, past, last);
      end = second.ptr;
      error = second.ec;
    }
    if (error != std::errc{} || end != past || first < 1 || last < first || last > 65535) {
      return fail(ErrorKind::kConfigInvalid, "'" + std::string(text) + "' is not a range of ports",
                  "allowed: within 1-65535, for example \"1024-65535\"");
    }
    return WrittenRange{
        {static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(last - first + 1)}};
  }
};

/// Whether every address of the network may be a host's.
bool is_leasable(const Ipv4Prefix& prefix) {
  const Ipv4Address last{prefix.address.value | ~prefix.mask()};
  return prefix.length >= kShortestPrefix && prefix.address.is_usable_source() &&
         last.is_usable_source();
}

bool overlap(const Ipv4Prefix& a, const Ipv4Prefix& b) {
  return a.contains(b.address) || b.contains(a.address);
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
  reader.list("local_networks", config.engine.local_networks);
  reader.one_of("deregister_refusal", refusal, {"register-first", "already-unregistered"});
  if (refusal == "already-unregistered") {
    config.engine.deregister_refusal = msg::ErrorCode::kAlreadyUnregistered;
  }
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

void read_hosts(TableReader& reader, Config& config) {
  HostSettings& hosts = config.engine.hosts;
  reader.list("allow", hosts.allow);
  reader.list("deny", hosts.deny);
  reader.number("max_hosts", hosts.max_hosts, 1, 65535);
  reader.number("max_ports", hosts.max_ports, 1, 65535);
  reader.number("max_addresses", hosts.max_addresses, 1, 65535);
  reader.number("max_connections", config.max_connections, 1, 64);
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
  pool.ports = ports.range;
  pool.method = method == "rsa-ip" ? msg::Method::kRsaIp : msg::Method::kRsapIp;
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
        check_sections(root_, file_, {"[gateway]", "[lease]", "[hosts]", "[[pool]]"}),
        section("gateway", true, read_gateway), section("lease", false, read_lease),
        section("hosts", false, read_hosts), pools()};
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

  Result<void> pools() {
    const toml::node* const node = root_.get("pool");
    const toml::array* const all = node != nullptr ? node->as_array() : nullptr;
    if (all == nullptr || all->empty() || !all->is_array_of_tables()) {
      return complain_at(node != nullptr ? *node : root_, file_, "there is no section [[pool]]",
                         "add one with method and addresses: without it there is nothing to lease");
    }
    for (const toml::node& pool : *all) {
      TableReader reader(*pool.as_table(), file_, "[[pool]]");
      read_pool(reader, config_);
      if (auto read = reader.finish(); !read) return read;
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
