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
#include "agent/ipc/agent_server.h"
#include "agent/machine.h"

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

Result<void> run(const Config& config, bool fail_fast) {
  boost::asio::io_context io;
  Machine machine(io);
  std::unique_ptr<Agent> agent;
  AgentServer server(io, config.socket, [&agent](const ipc::Call& call, const ipc::Caller& caller,
                                               Answered answered) {
    if (agent != nullptr) return agent->call(call, caller, std::move(answered));
    answered(fail(ErrorKind::kState, "the agent is only just starting", "ask again"));
  });
  if (auto listening = server.start(); !listening) return listening;
  if (auto prepared = machine.prepare(config); !prepared) return prepared;
  agent = std::make_unique<Agent>(io, config, machine.platform(config), fail_fast,
                                  std::random_device{}());

  boost::asio::signal_set signals(io, SIGTERM, SIGINT, SIGHUP);
  signals.async_wait([&agent](boost::system::error_code error, int) {
    if (!error) agent->stop();
  });
  agent->on_finished([&] {
    signals.cancel();
    server.stop();
    machine.close();
  });
  spdlog::info("agent.started version={} gateways={} socket={}", RSIP_VERSION,
               config.gateways.size(), config.socket);
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
