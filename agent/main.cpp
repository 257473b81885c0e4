#include <csignal>
#include <iostream>
#include <memory>
#include <random>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "agent/app/agent.h"
#include "agent/app/config.h"
#include "agent/app/status_report.h"
#include "agent/datapath/tunnel_pump.h"
#include "agent/ipc/status_server.h"
#include "agent/linux/boot_clock.h"
#include "agent/linux/boottime_timer.h"
#include "agent/linux/host_network.h"
#include "agent/linux/tun_device.h"
#include "agent/linux/underlay_socket.h"
#include "agent/transport/tcp_link.h"

// rsipd: flags -> configuration -> the real machine -> Agent, until a signal ends it.
namespace {

using namespace rsip;
using namespace rsip::agent;

struct Options {
  std::string config = "/etc/rsip/agent.toml";
  bool check = false;
  bool fail_fast = false;
};

int report(const Error& error) {
  std::cerr << "rsipd: " << to_line(error) << '\n';
  return exit_code(error.kind);
}

/// A running tunnel together with the device and socket it works on.
class LinuxTunnel : public Datapath {
 public:
  LinuxTunnel(std::unique_ptr<LinuxTunDevice> device, std::unique_ptr<LinuxUnderlaySocket> socket,
              const BootClock& clock, DatapathEvents events)
      : device_(std::move(device)),
        socket_(std::move(socket)),
        pump_(*device_, *socket_, clock, std::move(events)) {}

  void publish(std::shared_ptr<const FlowTable> table) override { pump_.publish(std::move(table)); }
  [[nodiscard]] DatapathStats stats() const override { return pump_.stats(); }

 private:
  std::unique_ptr<LinuxTunDevice> device_;
  std::unique_ptr<LinuxUnderlaySocket> socket_;
  TunnelPump pump_;  ///< Last: its thread ends before what it works on.
};

class LinuxTunnelFactory : public TunnelFactory {
 public:
  Result<std::unique_ptr<Datapath>> open(const std::string& device, Ipv4Address endpoint,
                                         DatapathEvents events) override {
    auto tun = LinuxTunDevice::open(device);
    if (!tun) return tl::unexpected(tun.error());
    auto socket = LinuxUnderlaySocket::open(endpoint, kTunnelMark);
    if (!socket) return tl::unexpected(socket.error());
    return std::make_unique<LinuxTunnel>(std::move(*tun), std::move(*socket), clock_,
                                         std::move(events));
  }

 private:
  BootClock clock_;
};

/// Finds out before anything is leased whether a tunnel could be made at all.
Result<void> try_tunnel(TunnelFactory& tunnels, const Config& config) {
  auto tunnel = tunnels.open(config.device, config.gateway.address, {});
  if (!tunnel) return tl::unexpected(tunnel.error());
  return {};
}

Result<void> run(const Config& config, bool fail_fast) {
  boost::asio::io_context io;
  const BootClock clock;
  LinuxTunnelFactory tunnels;
  LinuxHostNetwork network;
  BoottimeTimer timer(io);
  std::unique_ptr<Agent> agent;

  StatusServer server(io, config.socket, [&agent] { return agent->status(); });
  if (auto listening = server.start(); !listening) return listening;
  if (auto possible = try_tunnel(tunnels, config); !possible) return possible;
  if (auto cleaned = network.remove_leftovers(); !cleaned) return cleaned;
  if (auto opened = timer.open(); !opened) return opened;

  AgentPlatform platform{
      [&clock] { return clock.now(); },
      [&timer](TimePoint when, std::function<void()> due) { timer.wake_at(when, std::move(due)); },
      [&](LinkEvents events) -> std::unique_ptr<GatewayLink> {
        const TcpLinkSettings link{config.gateway.address, config.gateway.port, kTunnelMark};
        return std::make_unique<TcpLink>(io, link, std::move(events));
      },
      network, tunnels};
  agent =
      std::make_unique<Agent>(io, config, std::move(platform), fail_fast, std::random_device{}());

  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&agent](boost::system::error_code error, int) {
    if (!error) agent->stop();
  });
  agent->on_finished([&] {
    signals.cancel();
    server.stop();
    timer.close();
  });
  spdlog::info("agent.started version={} gateway={} socket={}", RSIP_VERSION, config.gateway.name,
               config.socket);
  agent->start();
  io.run();
  if (agent->failure()) return tl::unexpected(*agent->failure());
  return {};
}

int run_with(const Options& options) {
  const auto config = load_config(options.config);
  if (!config) return report(config.error());
  if (options.check) {
    std::cout << options.config << ": ok\n";
    return 0;
  }
  spdlog::set_default_logger(spdlog::stderr_color_st("rsipd"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
  spdlog::set_level(
      spdlog::level::from_str(config->log_level == "warn" ? "warning" : config->log_level));
  const auto ended = run(*config, options.fail_fast);
  return ended ? 0 : report(ended.error());
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("RSIP host agent: leases public addresses and ports from an RSIP gateway.", "rsipd");
  app.set_version_flag("--version", "rsipd " RSIP_VERSION);
  app.add_option("-c,--config", options.config, "Configuration file")->capture_default_str();
  app.add_flag("--check", options.check, "Only check the configuration file");
  app.add_flag("--fail-fast", options.fail_fast,
               "End with an exit code when nothing can be leased, instead of trying again");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_code(ErrorKind::kUsage);
  }
  std::signal(SIGPIPE, SIG_IGN);
  return run_with(options);
}
