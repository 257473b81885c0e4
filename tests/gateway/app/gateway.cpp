#include "tests/gateway/app/gateway.h"

#include <algorithm>

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "tests/gateway/app/event_log.h"
#include "tests/gateway/tunnel/boot_time.h"

namespace rsip::gateway {
namespace {

using std::chrono::seconds;

constexpr std::uint16_t kOuterHeaderBytes = 20;
/// The timer's clock stands still while the machine sleeps, leases do not.
constexpr Duration kLongestWait = seconds(60);

ServerSettings server_settings(const Config& config) {
  ServerSettings settings;
  settings.listen = config.listen;
  settings.port = config.port;
  settings.max_connections_per_host = config.max_connections;
  return settings;
}

}  // namespace

Gateway::Gateway(boost::asio::io_context& io, Config config, std::uint32_t first_client)
    : io_(io),
      config_(std::move(config)),
      engine_(config_.engine, first_client),
      deadline_(io),
      stats_(io),
      server_(io, server_settings(config_),
              {[this](Ipv4Address host, const auto& message) { return received(host, message); },
               [](Ipv4Address host, const char* reason) {
                 spdlog::debug("connection.closed host={} reason={}", host.to_string(), reason);
               }}) {}

Gateway::~Gateway() = default;

Result<void> Gateway::start() {
  auto network = Network::open();
  if (!network) return tl::unexpected(network.error());
  network_ = std::move(*network);
  if (auto checked = check_addresses(); !checked) return checked;
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
  log_stats_regularly();
  return {};
}

void Gateway::stop() {
  if (std::exchange(stopping_, true)) return;
  spdlog::info("gateway.stopping hosts={}", engine_.host_count());
  log_stats();
  carry_out(engine_.shut_down(boot_time()));
  server_.stop();
  deadline_.cancel();
  stats_.cancel();
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
  auto socket = HostSocket::open(config_.listen);
  if (!socket) return tl::unexpected(socket.error());
  auto tun = TunDevice::open(config_.device);
  if (!tun) return tl::unexpected(tun.error());
  if (auto ready = set_up_network(); !ready) return ready;
  pump_ = std::make_unique<Pump>(std::move(*tun), std::move(*socket), *config_.mtu, pump_events());
  carry_out({});
  return {};
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
    const auto listening = std::ranges::find(own_addresses_, config_.listen, &OwnAddress::address);
    const auto mtu = network_->mtu(listening->device);
    if (!mtu) return tl::unexpected(mtu.error());
    config_.mtu = static_cast<std::uint16_t>(*mtu - kOuterHeaderBytes);
  }
  const auto device = network_->index(config_.device);
  if (!device) return tl::unexpected(device.error());
  if (auto up = network_->bring_up(*device, *config_.mtu); !up) return up;
  for (const Ipv4Prefix& pool : pool_prefixes()) {
    if (auto routed = network_->add_route(pool, *device); !routed) return routed;
  }
  spdlog::info("tunnel.up device={} mtu={} type=ip-ip", config_.device, *config_.mtu);
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

std::vector<msg::Message> Gateway::received(Ipv4Address host, const Engine::Decoded& message) {
  if (stopping_) return {};
  return carry_out(engine_.on(Sender{host}, message, boot_time()));
}

// What a host has been granted must work when it hears of it: the tunnel gets to know first.
std::vector<msg::Message> Gateway::carry_out(std::vector<Action> actions) {
  if (auto table = engine_.table(); pump_ != nullptr && table != published_) {
    published_ = std::move(table);
    pump_->publish(published_);
  }
  log_events(actions);
  std::vector<msg::Message> replies;
  for (Action& action : actions) {
    if (auto* reply = std::get_if<Reply>(&action)) replies.push_back(std::move(reply->message));
    if (auto* notify = std::get_if<Notify>(&action)) send(*notify);
  }
  wake_in_time();
  return replies;
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
