#include <csignal>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "agent/cli/agent_client.h"
#include "agent/cli/bugreport/bugreport.h"
#include "agent/cli/doctor/doctor.h"
#include "agent/cli/ipsec_text.h"
#include "agent/cli/status_text.h"
#include "agent/cli/trace/trace.h"
#include "common/ipc/documents.h"

// rsipctl: asks the agent and prints what it says, for people or with --json for programs.
namespace {

using namespace rsip;

/// What the command line says.
struct Options {
  std::string socket = "/run/rsip/agent.sock";
  bool json = false;
  bool check = false;
  std::string gateway;
  ipc::RenewRequest renew;
  ipc::ListenAddRequest listen;
  std::string public_port;
  ipc::ListenRemoveRequest unlisten;
  ipc::QueryRequest query;
  cli::doctor::DoctorOptions doctor;
  cli::trace::TraceOptions trace;
  cli::bugreport::BugreportOptions bugreport;
};

constexpr std::chrono::seconds kPatience{25};  // some answers are the gateway's
constexpr const char* kIpsecGateway = "Of this one; the one with IPsec if not given";

std::string utc_time(std::time_t now) {
  std::tm broken_down{};
  gmtime_r(&now, &broken_down);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &broken_down);
  return text;
}

int report(const Error& error, bool json) {
  if (json) std::cout << ipc::error_document(error, utc_time(std::time(nullptr))) << '\n';
  std::cerr << "rsipctl: " << to_line(error) << '\n';
  return exit_code(error.kind);
}

/// Prints an answer as text or, if it is asked for, as JSON of this schema.
int print(const Options& options, const ipc::Documents& answer, const std::string& text) {
  if (options.json) {
    std::cout << ipc::document(answer, "", utc_time(std::time(nullptr))) << '\n';
  } else {
    std::cout << text;
  }
  return std::cout.flush() ? 0 : report({ErrorKind::kOther, "cannot write the answer", ""}, false);
}

/// Asks, and prints the answer as text(answer) or as JSON.
template <class Request, class Text>
int print_answer(const Options& options, const Request& request, const Text& text) {
  const auto answer = cli::ask(options.socket, kPatience, request);
  if (!answer) return report(answer.error(), options.json);
  return print(options, *answer, text(*answer));
}

/// Same for what has no answer but that it was done.
template <class Request>
int do_silently(const Options& options, Request request) {
  request.gateway = options.gateway;
  return print_answer(options, request, [](const ipc::Done&) { return ""; });
}

int show_status(const Options& options) {
  const auto status = cli::ask(options.socket, kPatience, ipc::StatusRequest{});
  if (!status) return report(status.error(), options.json);
  const std::time_t now = std::time(nullptr);
  const bool quiet = options.check && !options.json;
  const int code = quiet ? 0 : print(options, *status, cli::status_text(*status, now));
  const bool as_asked = !options.check || status->state == "assigned";
  return code != 0 || as_asked ? code : exit_code(ErrorKind::kState);
}

int add_listen(Options options) {
  options.listen.gateway = options.gateway;
  if (options.public_port == "any") {
    options.listen.public_port = 0;
  } else if (!options.public_port.empty()) {
    options.listen.public_port = static_cast<std::uint16_t>(std::stoul(options.public_port));
  }
  return print_answer(options, options.listen, cli::listen_text);
}

int list_listens(const Options& options) {
  return print_answer(options, ipc::StatusRequest{}, cli::listens_text);
}

int ask_locality(Options options) {
  options.query.gateway = options.gateway;
  return print_answer(options, options.query, cli::locality_text);
}

/// Colour is for people, and only if they do not mind (no-color.org).
bool wants_colour() {
  const char* const no_colour = std::getenv("NO_COLOR");
  return ::isatty(STDOUT_FILENO) == 1 && (no_colour == nullptr || *no_colour == '\0');
}

template <class Text>
int ask_ipsec(const Options& options, const Text& text) {
  return print_answer(options, ipc::IpsecRequest{options.gateway}, text);
}

int show_ipsec(const Options& options) {
  return ask_ipsec(options, [](const ipc::IpsecStatus& status) {
    return cli::ipsec_text(status, wants_colour());
  });
}

/// Everything that can be found out is said, even if the agent is not running.
int examine(Options options) {
  options.doctor.socket = options.socket;
  options.doctor.json = options.json;
  options.doctor.colour = wants_colour();
  const auto code = cli::doctor::run_doctor(options.doctor, std::cout);
  return code ? *code : report(code.error(), options.json);
}

int trace(Options options) {
  options.trace.socket = options.socket;
  const auto done = cli::trace::run_trace(options.trace, std::cerr);
  return done ? 0 : report(done.error(), false);
}

int write_bugreport(Options options) {
  options.bugreport.socket = options.socket;
  options.bugreport.terminal = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
  const auto done = cli::bugreport::run_bugreport(options.bugreport, std::cin, std::cout);
  return done ? 0 : report(done.error(), false);
}

/// "any", or a port number.
std::string check_public_port(const std::string& text) {
  return text == "any" ? "" : CLI::Range(1, 65535)(text);
}

using Command = std::function<int(const Options&)>;

/// Builds the command line; the verb that was chosen ends up in command.
class CommandLine {
 public:
  CommandLine(Options& options, Command& command) : options_(options), command_(command) {
    app_.set_version_flag("--version", "rsipctl " RSIP_VERSION);
    app_.require_subcommand(1);
    app_.add_option("--socket", options.socket, "The agent's socket")
        ->envname("RSIP_SOCKET")
        ->capture_default_str();
    add_status();
    add_gateway_verbs();
    add_listen_verbs();
    add_query();
    add_ipsec_verbs();
    add_doctor();
    add_trace();
    add_bugreport();
  }

  void parse(int argc, char** argv) { app_.parse(argc, argv); }
  int exit(const CLI::ParseError& error) { return app_.exit(error); }

 private:
  CLI::App* verb(CLI::App& parent, const std::string& name, const std::string& words,
                 Command command) {
    CLI::App* const made = verb_without_json(parent, name, words, std::move(command));
    made->add_flag("--json", options_.json, "One JSON object");
    return made;
  }
  CLI::App* verb_without_json(CLI::App& parent, const std::string& name, const std::string& words,
                              Command command) {
    CLI::App* const made = parent.add_subcommand(name, words);
    made->fallthrough();  // --socket may follow the verb
    made->callback([this, command = std::move(command)] { command_ = command; });
    return made;
  }
  void with_gateway(CLI::App& made, const char* words) {
    made.add_option("-g,--gateway", options_.gateway, words);
  }

  void add_status() {
    CLI::App* const status =
        verb(app_, "status", "State, gateways, leases, ports, traffic and drops", show_status);
    status->add_flag("--check", options_.check,
                     "Print nothing; exit with 0 if an address is leased, else with 6");
  }

  void add_gateway_verbs() {
    with_gateway(*verb(app_, "up", "Use the gateways again",
                       [](const Options& o) { return do_silently(o, ipc::UpRequest{}); }),
                 "Only this one");
    with_gateway(*verb(app_, "down", "Give back what is leased and stay away until `up`",
                       [](const Options& o) { return do_silently(o, ipc::DownRequest{}); }),
                 "Only this one");
    CLI::App* const renew = verb(app_, "renew", "Ask for new lives of the leases now",
                                 [](const Options& o) { return do_silently(o, o.renew); });
    renew->add_option("bind", options_.renew.binds, "Bind IDs; without any: all leases");
    with_gateway(*renew, "Only this one");
  }

  void add_listen_verbs() {
    CLI::App* const listen =
        app_.add_subcommand("listen", "Servers on this host that the public side can reach");
    listen->fallthrough()->require_subcommand(1);
    CLI::App* const add = verb(*listen, "add", "Make a server reachable", add_listen);
    add->add_option("port", options_.listen.server_port, "Where the server listens")
        ->required()
        ->check(CLI::Range(1, 65535));
    add->add_option("--public-port", options_.public_port,
                    "Public port, or \"any\"; the same number if not given")
        ->check(check_public_port);
    add->add_option("--from", options_.listen.from,
                    "ADDRESS or ADDRESS:PORT: nobody else may connect");
    with_gateway(*add, "Through this one; the first if not given");
    CLI::App* const remove = verb(*listen, "remove", "Make it unreachable again",
                                  [](const Options& o) { return do_silently(o, o.unlisten); });
    remove->add_option("port", options_.unlisten.server_port, "Where the server listens")
        ->required()
        ->check(CLI::Range(1, 65535));
    with_gateway(*remove, "Only through this one");
    verb(*listen, "list", "Which are reachable, and how", list_listens);
  }

  void add_query() {
    CLI::App* const query =
        verb(app_, "query", "Ask the gateway which addresses and networks are local", ask_locality);
    query->add_option("what", options_.query.what,
                      "Addresses and networks; without any: all that it will tell");
    with_gateway(*query, "Ask this one; the first if not given");
  }

  void add_ipsec_verbs() {
    CLI::App* const ipsec =
        app_.add_subcommand("ipsec", "End-to-end IPsec through the shared address (RFC 3104)");
    ipsec->fallthrough()->require_subcommand(1);
    with_gateway(*verb(*ipsec, "status", "Leased SPIs against security associations", show_ipsec),
                 kIpsecGateway);
    with_gateway(*verb(*ipsec, "plan", "What the IKE daemon needs to be told once",
                       [](const Options& o) { return ask_ipsec(o, cli::ipsec_plan_text); }),
                 kIpsecGateway);
    CLI::App* const spi = app_.add_subcommand("spi", "Security parameter indices that are leased");
    spi->fallthrough()->require_subcommand(1);
    with_gateway(*verb(*spi, "list", "Which, and what they are used for",
                       [](const Options& o) { return ask_ipsec(o, cli::spis_text); }),
                 kIpsecGateway);
  }

  void add_doctor() {
    CLI::App* const doctor =
        verb(app_, "doctor", "What is wrong, why, and what mends it; exits with 6 if anything is",
             examine);
    doctor->add_option("--only", options_.doctor.only, "IDs of checks, with commas between")
        ->delimiter(',');
    doctor->add_flag("--list", options_.doctor.list, "Say which checks there are");
    doctor->add_option("--fix", options_.doctor.fix,
                       "ID of a check: show the step that mends it and do that, as root");
  }

  void add_trace() {
    CLI::App* const trace = verb_without_json(
        app_, "trace", "Capture control, tunnel and inner packets for Wireshark, as root", ::trace);
    trace->add_option("-o,--output", options_.trace.file, "File to write, NAME.pcapng")->required();
    trace->add_option("--seconds", options_.trace.seconds,
                      "End after so long; else Ctrl-C ends it");
    trace->add_option("--packets", options_.trace.packets, "End after so many");
    trace->add_flag("--force", options_.trace.overwrite, "Overwrite the file if it exists");
  }

  void add_bugreport() {
    CLI::App* const bugreport = verb_without_json(
        app_, "bugreport", "Collect what somebody who is to help has to know; nothing is sent",
        write_bugreport);
    bugreport->add_option("-o,--output", options_.bugreport.file, "File to write, NAME.tar.zst");
    bugreport->add_flag("!--no-redact", options_.bugreport.redact,
                        "Leave public addresses and names as they are");
    bugreport->add_flag("-y,--yes", options_.bugreport.yes, "Do not ask");
  }

  Options& options_;
  Command& command_;
  CLI::App app_{"Shows and steers the RSIP host agent (rsipd).", "rsipctl"};
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  Command command;
  CommandLine line(options, command);
  std::signal(SIGPIPE, SIG_DFL);
  try {
    line.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return line.exit(error);
    return report({ErrorKind::kUsage, error.what(), "what there is: rsipctl --help"}, false);
  }
  return command(options);
}
