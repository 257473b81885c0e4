#include "agent/cli/commands.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <ostream>
#include <unistd.h>

#include "agent/cli/verbs/verbs.h"
#include "common/base/utc_time.h"

namespace rsip::cli {
namespace {

/// Colour is for people, and only if they do not mind (no-color.org).
bool wants_colour(const std::string& when) {
  if (when == "always" || when == "never") return when == "always";
  const char* const no_colour = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) == 1 && (no_colour == nullptr || *no_colour == '\0');
}

Context context_of(const Arguments& arguments, std::istream& in, std::ostream& out,
                   std::ostream& err) {
  Context context{.out = out, .in = in, .err = err};
  const char* const socket = std::getenv("RSIP_SOCKET");
  if (socket != nullptr && *socket != '\0') context.socket = socket;
  if (arguments.has("--socket")) context.socket = arguments.text("--socket");
  context.json = arguments.has("--json");
  context.quiet = arguments.has("--quiet");
  context.colour = wants_colour(arguments.text("--color"));
  context.may_prompt = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
  return context;
}

int report(const Error& error, bool json, std::ostream& out, std::ostream& err) {
  if (json) out << ipc::error_document(error, utc_time(std::time(nullptr))) << '\n' << std::flush;
  err << "rsipctl: " << to_line(error) << '\n';
  return exit_code(error.kind);
}

}  // namespace

const Commands& commands() {
  static const Commands kAll = [] {
    Commands all;
    for (auto* const family : {status_verbs, switch_verbs, lease_verbs, listen_verbs, flow_verbs,
                               ipsec_verbs, gateway_verbs, route_verbs, doctor_verbs, measure_verbs,
                               usage_verbs, log_verbs, config_verbs, shell_verbs}) {
      std::ranges::move(family(), std::back_inserter(all));
    }
    return all;
  }();
  return kAll;
}

int run(const std::vector<std::string>& words, std::istream& in, std::ostream& out,
        std::ostream& err) {
  const bool hidden = !words.empty() && words.front().starts_with("__");
  const auto parsed = parse(hidden ? hidden_commands() : commands(), words);
  if (!parsed) {
    const bool json = std::ranges::find(words, "--json") != words.end();
    return report(parsed.error(), json, out, err);
  }
  if (parsed->command == nullptr) {
    out << parsed->help << std::flush;
    return 0;
  }
  const Context context = context_of(parsed->arguments, in, out, err);
  const Outcome outcome = parsed->command->run(context, parsed->arguments);
  if (!outcome) return report(outcome.error(), context.json, out, err);
  if (!out.flush()) {
    return report({ErrorKind::kOther, "cannot write the answer", ""}, false, out, err);
  }
  return *outcome;
}

}  // namespace rsip::cli
