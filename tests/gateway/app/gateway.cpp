#include "tests/gateway/app/gateway.h"

#include <algorithm>

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "tests/gateway/app/event_log.h"
#include "tests/gateway/app/gateway_settings.h"
#include "tests/gateway/tunnel/boot_time.h"
#include "tests/gateway/tunnel/tunnel_type.h"

namespace rsip::gateway {
namespace {

using std::chrono::seconds;

/// The timer's clock stands still while the machine sleeps, leases do not.
constexpr Duration kLongestWait = seconds(60);

}  // namespace

Gateway::Gateway(boost::asio::io_context& io, Config config, std::uint32_t first_client)
    : io_(io),
      config_(std::move(config)),
      engine_(config_.engine, first_client),
      deadline_(io),
      stats_(io),
      interim_(io),
      server_(io, server_settings(config_), server_events()),
      parent_pools_(config_.parent.pool) {}

Gateway::~Gateway() = default;

Result<void> Gateway::start() {
  auto network = Network::open();
  if (!network) return tl::unexpected(network.error());
  network_ = std::move(*network);
  if (auto checked = check_addresses(); !checked) return checked;
  if (auto ready = start_script(); !ready) return ready;
  if (auto listening = server_.listen(); !listening) return listening;
  if (auto opened = open_tunnel(); !opened) return opened;
  if (!forwarding_is_on()) {
    spdlog::warn(
        "forwarding.off net.ipv4.ip_forward is 0: nothing gets through the gateway until "
        "you set it: sysctl -w net.ipv4.ip_forward=1");
  }
  spdlog::info("gateway.started version={} listen={}:{} device={} ports_free={} addresses_free={}",
               RSIP_VERSION, config_.listen.to_string(), config_.port, config_.device,
               engine_.free_ports(boot_time()), engine_.free_addresses(boot_time()));
  spdlog::info("access.ready keys={} required={} tls_port={}", config_.access.keys.size(),
               config_.access.authentication_required, config_.access.tls ? server_.tls_port() : 0);
  if (auto advertised = advertise(); !advertised) return advertised;
  log_stats_regularly();
  start_accounting();
  follow_parent();
  return {};
}

void Gateway::follow_parent() {
  if (config_.parent.agent_socket.empty()) return;
  parent_ = std::make_unique<AgentPoll>(io_, config_.parent.agent_socket, config_.parent.poll_every,
                                        [this](const auto& reply) { on_parent(reply); });
  parent_->start();
}

// Without an answer, what is leased goes on to the end that was known last.
void Gateway::on_parent(const Result<std::string>& reply) {
  if (stopping_) return;
  const auto leases = reply.and_then([this](const std::string& line) {
    return parse_parent_leases(line, config_.parent.gateway);
  });
  if (leases.has_value() != parent_answers_) {
    parent_answers_ = leases.has_value();
    if (parent_answers_) spdlog::info("parent.back socket={}", config_.parent.agent_socket);
    if (!leases) spdlog::warn("parent.lost {}", to_line(leases.error()));
  }
  if (!leases) return;
  ParentPools::Changes changes = parent_pools_.sync(engine_, *leases, boot_time());
  carry_out(std::move(changes.actions));
  route(changes);
}

void Gateway::route(const ParentPools::Changes& changes) {
  const auto device = network_->index(config_.device);
  if (!device) return;
  for (const Ipv4Address address : changes.went) {
    spdlog::info("parent.address_gone address={}", address.to_string());
    const auto removed = network_->remove_route({address, 32}, *device);
    if (!removed) spdlog::warn("parent.route {}", to_line(removed.error()));
  }
  for (const Ipv4Address address : changes.came) {
    spdlog::info("parent.address address={}", address.to_string());
    const auto added = network_->add_route({address, 32}, *device);
    if (!added) spdlog::error("parent.route {}", to_line(added.error()));
  }
}

void Gateway::reopen_files() {
  if (accounting_ != nullptr) accounting_->reopen();
}

void Gateway::stop() {
  if (std::exchange(stopping_, true)) return;
  spdlog::info("gateway.stopping hosts={}", engine_.host_count());
  log_stats();
  carry_out(engine_.shut_down(boot_time()));
  if (script_ != nullptr) script_->stop();
  server_.stop();
  if (slp_ != nullptr) slp_->stop();
  deadline_.cancel();
  stats_.cancel();
  interim_.cancel();
  if (parent_ != nullptr) parent_->stop();
  pump_.reset();
  network_.reset();
  if (stopped_) stopped_();
}

std::vector<Ipv4Prefix> Gateway::pool_prefixes() const {
  std::vector<Ipv4Prefix> all;
  for (const PoolSettings& pool : config_.engine.pools) {
    all.insert(all.end(), pool.addresses.begin(), pool.addresses.end());
  }
  return all;
}

Result<void> Gateway::check_addresses() {
  auto own = network_->own_addresses();
  if (!own) return tl::unexpected(own.error());
  own_addresses_ = std::move(*own);
  if (std::ranges::find(own_addresses_, config_.listen, &OwnAddress::address) ==
      own_addresses_.end()) {
    return fail(ErrorKind::kConfigInvalid,
                "listen address " + config_.listen.to_string() + " is not one of this machine's",
                "it has to be the gateway's address in the private network, see: ip address");
  }
  if (std::ranges::find(own_addresses_, tunnel_end(config_), &OwnAddress::address) ==
      own_addresses_.end()) {
    return fail(ErrorKind::kConfigInvalid,
                "endpoint " + tunnel_end(config_).to_string() + " is not one of this machine's",
                "leave it out if tunnels end where hosts connect to");
  }
  for (const Ipv4Prefix& pool : pool_prefixes()) {
    for (const OwnAddress& address : own_addresses_) {
      if (!pool.contains(address.address)) continue;
      return fail(ErrorKind::kConfigInvalid,
                  "pool " + pool.to_string() + " has " + address.address.to_string() +
                      " in it, which is an address of this machine",
                  "lease only addresses that are routed to this machine, but not its own");
    }
  }
  return {};
}

Result<void> Gateway::open_tunnel() {
  std::vector<HostSocket> sockets;
  const auto offered = encapsulations(config_);
  for (const packet::Encapsulation tunnel : offered) {
    auto socket = HostSocket::open(tunnel, tunnel_end(config_));
    if (!socket) return tl::unexpected(socket.error());
    sockets.push_back(std::move(*socket));
  }
  auto tun = TunDevice::open(config_.device);
  if (!tun) return tl::unexpected(tun.error());
  if (auto ready = set_up_network(); !ready) return ready;
  const std::size_t overhead =
      packet::overhead_bytes(std::ranges::max(offered, {}, packet::overhead_bytes));
  const auto underlay_mtu =
      static_cast<std::uint16_t>(std::min<std::size_t>(*config_.mtu + overhead, 65535));
  pump_ = std::make_unique<Pump>(std::move(*tun), std::move(sockets), underlay_mtu, pump_events(),
                                 ike_settings(config_));
  carry_out({});
  return {};
}

/// Lets hosts find the gateway (RFC 3105).
Result<void> Gateway::advertise() {
  if (!config_.slp.enabled) return {};
  slp_ = std::make_unique<SlpAgent>(io_, slp_settings(config_));
  if (auto started = slp_->start(); !started) return started;
  spdlog::info("slp.advertised listen={} scopes={}", config_.listen.to_string(),
               config_.slp.scopes.size());
  return {};
}

Result<void> Gateway::start_script() {
  if (config_.script_file.empty() && config_.script_socket.empty()) return {};
  script_ = std::make_unique<script::Driver>(io_, script_gateway());
  spdlog::warn("script.on this gateway lies to its hosts: file=\"{}\" socket=\"{}\"",
               config_.script_file, config_.script_socket);
  if (!config_.script_file.empty()) {
    if (auto loaded = script_->load(config_.script_file); !loaded) return loaded;
  }
  return config_.script_socket.empty() ? Result<void>() : script_->listen(config_.script_socket);
}

script::Gateway Gateway::script_gateway() {
  script::Gateway gateway;
  gateway.send = [this](Ipv4Address host, std::span<const std::uint8_t> bytes) {
    return server_.send_bytes(host, {bytes.begin(), bytes.end()});
  };
  gateway.hosts = [this] {
    std::vector<Ipv4Address> hosts;
    for (const auto& [host, registration] : engine_.registrations()) hosts.push_back(host);
    return hosts;
  };
  gateway.subject = [this](Ipv4Address host) -> script::Subject {
    const Registration* const known = engine_.find(host);
    if (known == nullptr) return {};
    return {known->client, known->binds.empty() ? BindId{} : known->binds.rbegin()->first};
  };
  gateway.really = [this](Ipv4Address host, const script::Act& act) {
    for (const BindId bind : act.free) carry_out(engine_.revoke(host, bind, boot_time()));
    if (act.deregister) carry_out(engine_.dismiss(host, boot_time()));
  };
  gateway.now = [] { return boot_time(); };
  return gateway;
}

PumpEvents Gateway::pump_events() {
  PumpEvents events;
  events.misuse = [this](Ipv4Address host, msg::ErrorCode error) {
    boost::asio::post(io_, [this, host, error] {
      if (!stopping_) carry_out(engine_.on_misuse(host, error));
    });
  };
  events.device_gone = [this] {
    boost::asio::post(io_, [this] {
      failure_ = Error{ErrorKind::kOther, "the tunnel device " + config_.device + " was removed",
                       "start the gateway again"};
      stop();
    });
  };
  return events;
}

Result<void> Gateway::set_up_network() {
  if (!config_.mtu) {
    const auto listening =
        std::ranges::find(own_addresses_, tunnel_end(config_), &OwnAddress::address);
    const auto mtu = network_->mtu(listening->device);
    if (!mtu) return tl::unexpected(mtu.error());
    config_.mtu = tunnel_mtu(*mtu, encapsulations(config_));
  }
  const auto device = network_->index(config_.device);
  if (!device) return tl::unexpected(device.error());
  // Else what hosts send would leave through the default route when the agent's tunnel is gone.
  if (!config_.parent.agent_socket.empty()) {
    if (auto closed = network_->add_barrier(config_.device); !closed) return closed;
  }
  if (auto up = network_->bring_up(*device, *config_.mtu); !up) return up;
  for (const Ipv4Prefix& pool : pool_prefixes()) {
    if (auto routed = network_->add_route(pool, *device); !routed) return routed;
  }
  spdlog::info("tunnel.up device={} mtu={} endpoint={} types={}", config_.device, *config_.mtu,
               tunnel_end(config_).to_string(), names_of(encapsulations(config_)));
  return config_.proxy_arp.empty() ? Result<void>() : add_arp_proxies();
}

Result<void> Gateway::add_arp_proxies() {
  const auto device = network_->index(config_.proxy_arp);
  if (!device) return tl::unexpected(device.error());
  std::size_t proxies = 0;
  for (const Run& run : to_runs(pool_prefixes())) {
    for (std::uint32_t i = 0; i < run.count; ++i) {
      const Ipv4Address leased{run.first + i};
      const bool on_link = std::ranges::any_of(own_addresses_, [&](const OwnAddress& own) {
        const Ipv4Prefix network{{}, own.prefix_length};
        return own.device == *device && ((own.address.value ^ leased.value) & network.mask()) == 0;
      });
      if (!on_link) continue;
      if (auto added = network_->add_arp_proxy(leased, *device); !added) return added;
      ++proxies;
    }
  }
  spdlog::info("arp.proxied device={} addresses={}", config_.proxy_arp, proxies);
  return {};
}

std::vector<msg::Message> Gateway::received(const Sender& from, const Engine::Decoded& message) {
  if (stopping_) return {};
  const auto serve = [&] { return carry_out(engine_.on(from, message, boot_time())); };
  return script_ != nullptr ? script_->answer(from.host, message, serve) : serve();
}

ServerEvents Gateway::server_events() {
  ServerEvents events;
  events.received = [this](const Sender& from, const auto& message) {
    return received(from, message);
  };
  events.closed = [](Ipv4Address host, const char* reason) {
    spdlog::debug("connection.closed host={} reason={}", host.to_string(), reason);
  };
  events.refused = [log = RefusalLog()](Ipv4Address host, const char* reason) mutable {
    log.add(host, reason);
  };
  return events;
}

// What a host has been granted must work when it hears of it: the tunnel gets to know first.
std::vector<msg::Message> Gateway::carry_out(std::vector<Action> actions) {
  if (auto table = engine_.table(); pump_ != nullptr && table != published_) {
    published_ = std::move(table);
    pump_->publish(published_);
  }
  log_events(actions);
  if (slp_ != nullptr) slp_->set_load(load());
  if (accounting_ != nullptr) {
    for (const Action& action : actions) accounting_->write(action, boot_time());
  }
  std::vector<msg::Message> replies;
  for (Action& action : actions) {
    if (auto* reply = std::get_if<Reply>(&action)) replies.push_back(std::move(reply->message));
    if (auto* notify = std::get_if<Notify>(&action)) send(*notify);
  }
  wake_in_time();
  return replies;
}

/// Share of the hosts that may register, in percent.
int Gateway::load() const {
  const std::size_t most = std::max<std::size_t>(config_.engine.hosts.max_hosts, 1);
  return static_cast<int>(std::min<std::size_t>(engine_.host_count() * 100 / most, 100));
}

void Gateway::send(const Notify& notify) {
  const bool connected = server_.send(notify.host, notify.message);
  spdlog::debug("message.{} host={} type={}", connected ? "sent" : "not_connected",
                notify.host.to_string(), msg::to_string(msg::type_of(notify.message)));
}

void Gateway::wake_in_time() {
  const TimePoint due = engine_.next_deadline();
  if (due == TimePoint::max() || stopping_) return;
  deadline_.expires_after(std::clamp(due - boot_time(), Duration(0), kLongestWait));
  deadline_.async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled && !stopping_) carry_out(engine_.on_time(boot_time()));
  });
}

void Gateway::start_accounting() {
  if (config_.accounting.empty()) return;
  accounting_ = std::make_unique<Accounting>(
      config_.accounting, [] { return std::chrono::system_clock::now(); },
      [](const Error& error) { spdlog::error("accounting.failed {}", to_line(error)); });
  account_regularly();
}

void Gateway::account_regularly() {
  if (config_.accounting_every == seconds(0)) return;
  interim_.expires_after(config_.accounting_every);
  interim_.async_wait([this](boost::system::error_code cancelled) {
    if (cancelled || stopping_) return;
    for (const auto& [host, registration] : engine_.registrations()) {
      accounting_->write_interim(host, registration, boot_time());
    }
    account_regularly();
  });
}

void Gateway::log_stats() {
  if (pump_ == nullptr) return;
  spdlog::info("tunnel.stats hosts={} ports_free={} addresses_free={} {}", engine_.host_count(),
               engine_.free_ports(boot_time()), engine_.free_addresses(boot_time()),
               pump_->counters().to_line());
}

void Gateway::log_stats_regularly() {
  if (config_.stats_every == seconds(0)) return;
  stats_.expires_after(config_.stats_every);
  stats_.async_wait([this](boost::system::error_code cancelled) {
    if (cancelled) return;
    log_stats();
    log_stats_regularly();
  });
}

}  // namespace rsip::gateway
