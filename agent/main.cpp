#include <csignal>
#include <iostream>
#include <memory>
#include <random>
#include <systemd/sd-daemon.h>

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

EventWishes wishes_of(const SubscriberWishes& all) {
  using std::chrono::seconds;
  return {all.subscribers > 0, all.log, seconds(all.shortest_traffic_seconds),
          seconds(all.longest_traffic_seconds)};
}

/// The agent tells the server what happens as long as the server has somebody to tell.
void connect(Agent& agent, AgentServer& server) {
  agent.on_event([&server](const ipc::Event& event) { server.publish(event); });
  server.on_wishes([&agent](const SubscriberWishes& all) { agent.want_events(wishes_of(all)); });
}

Result<void> run(const Config& config, bool fail_fast, LogMemory& log) {
  boost::asio::io_context io;
  Machine machine(io);
  std::unique_ptr<Agent> agent;
  AgentServer server(
      io, config.socket,
      [&agent](const ipc::Call& call, const ipc::Caller& caller, Answered answered) {
        if (agent != nullptr) return agent->call(call, caller, std::move(answered));
        answered(fail(ErrorKind::kState, "the agent is only just starting", "ask again"));
      });
  if (auto listening = server.start(); !listening) return listening;
  if (auto prepared = machine.prepare(config); !prepared) return prepared;
  AgentPlatform platform = machine.platform(config);
  platform.log = &log;
  agent =
      std::make_unique<Agent>(io, config, std::move(platform), fail_fast, std::random_device{}());
  connect(*agent, server);

  boost::asio::signal_set signals(io, SIGTERM, SIGINT, SIGHUP);
  signals.async_wait([&agent](boost::system::error_code error, int) {
    if (error) return;
    sd_notify(0, "STOPPING=1");
    agent->stop();
  });
  agent->on_finished([&] {
    signals.cancel();
    server.stop();
    machine.close();
  });
  spdlog::info("agent.started version={} gateways={} socket={}", RSIP_VERSION,
               config.gateways.size(), config.socket);
  agent->start();
  sd_notify(0, "READY=1");  // it answers on its socket
  io.run();
  if (agent->failure()) return tl::unexpected(*agent->failure());
  return {};
}

std::shared_ptr<LogMemory> start_log(const Config& config) {
  const auto memory = std::make_shared<LogMemory>();
  const auto printed = std::make_shared<spdlog::sinks::stderr_color_sink_st>();
  spdlog::set_default_logger(
      std::make_shared<spdlog::logger>("rsipd", spdlog::sinks_init_list{printed, memory}));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
  set_log_level(config.log_level);
  return memory;
}

int run_with(const Options& options) {
  const auto config = load_config(options.config);
  if (!config) return report(config.error());
  if (options.check) {
    std::cout << options.config << ": ok\n";
    return 0;
  }
  const auto memory = start_log(*config);
  const auto ended = run(*config, options.fail_fast, *memory);
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
