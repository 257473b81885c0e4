#include <csignal>
#include <ctime>
#include <iostream>

#include <CLI/CLI.hpp>

#include "agent/cli/agent_client.h"
#include "agent/cli/status_text.h"
#include "common/ipc/protocol.h"

// rsipctl: asks the agent and prints what it says, for people or with --json for programs.
namespace {

using namespace rsip;

struct Options {
  std::string socket = "/run/rsip/agent.sock";
  bool json = false;
  bool check = false;
};

constexpr std::chrono::seconds kPatience{5};

std::string utc_time(std::time_t now) {
  std::tm broken_down{};
  gmtime_r(&now, &broken_down);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &broken_down);
  return text;
}

int report(const Error& error, const Options& options) {
  if (options.json) std::cout << ipc::error_document(error, utc_time(std::time(nullptr))) << '\n';
  std::cerr << "rsipctl: " << to_line(error) << '\n';
  return exit_code(error.kind);
}

int show_status(const Options& options) {
  const auto status = cli::ask_status(options.socket, kPatience);
  if (!status) return report(status.error(), options);
  const std::time_t now = std::time(nullptr);
  if (options.json) {
    std::cout << ipc::status_document(*status, utc_time(now)) << '\n';
  } else if (!options.check) {
    std::cout << cli::status_text(*status, now);
  }
  if (!std::cout.flush()) return report({ErrorKind::kOther, "cannot write the answer", ""}, {});
  const bool as_asked = !options.check || status->state == "assigned";
  return as_asked ? 0 : exit_code(ErrorKind::kState);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Shows and steers the RSIP host agent (rsipd).", "rsipctl");
  app.set_version_flag("--version", "rsipctl " RSIP_VERSION);
  app.require_subcommand(1);
  app.add_option("--socket", options.socket, "The agent's socket")
      ->envname("RSIP_SOCKET")
      ->capture_default_str();
  CLI::App* const status =
      app.add_subcommand("status", "State, gateway, leases, ports, traffic and drops");
  status->fallthrough();  // --socket may follow the verb
  status->add_flag("--json", options.json, "One JSON object, schema rsip.status/1");
  status->add_flag("--check", options.check,
                   "Print nothing; exit with 0 if an address is leased, else with 6");
  std::signal(SIGPIPE, SIG_DFL);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    return report({ErrorKind::kUsage, error.what(), "rsipctl --help says what there is"}, {});
  }
  return show_status(options);
}
