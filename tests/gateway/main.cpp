#include <csignal>
#include <iostream>
#include <random>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "tests/gateway/app/gateway.h"

// rsip-gateway: flags -> configuration -> Gateway, until a signal ends it.
namespace {

using namespace rsip;

int report(const Error& error) {
  std::cerr << "rsip-gateway: " << to_line(error) << '\n';
  return exit_code(error.kind);
}

void set_up_log(const std::string& level) {
  spdlog::set_default_logger(spdlog::stderr_color_st("rsip-gateway"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
  spdlog::set_level(spdlog::level::from_str(level == "warn" ? "warning" : level));
  spdlog::flush_on(spdlog::level::trace);
}

/// After log rotation; each time anew.
void reopen_on(boost::asio::signal_set& hangups, gateway::Gateway& gateway) {
  hangups.async_wait([&](boost::system::error_code error, int) {
    if (error) return;
    gateway.reopen_files();
    reopen_on(hangups, gateway);
  });
}

int run(gateway::Config config) {
  boost::asio::io_context io;
  std::random_device random;
  gateway::Gateway gateway(io, std::move(config), random() >> 1 | 1);
  if (auto started = gateway.start(); !started) return report(started.error());
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&gateway](boost::system::error_code error, int) {
    if (!error) gateway.stop();
  });
  boost::asio::signal_set hangups(io, SIGHUP);
  reopen_on(hangups, gateway);
  gateway.on_stop([&signals, &hangups] {
    signals.cancel();
    hangups.cancel();
  });
  io.run();
  spdlog::info("gateway.stopped");
  return gateway.failure() ? report(*gateway.failure()) : 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::string path = "/etc/rsip/gateway.toml";
  std::string script;
  bool check = false;
  CLI::App app("RSIP gateway: leases public addresses and ports to hosts.", "rsip-gateway");
  app.set_version_flag("--version", "rsip-gateway " RSIP_VERSION);
  app.add_option("-c,--config", path, "Configuration file")->capture_default_str();
  app.add_option("--script", script, "File that makes the gateway lie, see README.md");
  app.add_flag("--check", check, "Only check the configuration file");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_code(ErrorKind::kUsage);
  }
  auto config = gateway::load_config(path);
  if (!config) return report(config.error());
  if (!script.empty()) config->script_file = script;
  if (check) {
    std::cout << path << ": ok\n";
    return 0;
  }
  std::signal(SIGPIPE, SIG_IGN);
  set_up_log(config->log_level);
  return run(std::move(*config));
}
