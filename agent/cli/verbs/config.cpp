#include <algorithm>

#include "agent/cli/host/program.h"
#include "agent/cli/program.h"
#include "agent/cli/verbs/verbs.h"

// config check, show, path.
namespace rsip::cli {
namespace {

constexpr const char* kUsualFile = "/etc/rsip/agent.toml";

/// The file of the running agent, else the usual one.
std::string file_to_check(const Context& context, const Arguments& arguments) {
  if (arguments.has("FILE")) return arguments.text("FILE");
  const auto running = ask(context, ipc::ConfigRequest{});
  return running && !running->file.empty() ? running->file : kUsualFile;
}

/// The last line that a program wrote, without its name.
std::string complaint_in(const std::string& text) {
  std::string line = text.substr(0, text.find_last_not_of('\n') + 1);
  line.erase(0, line.rfind('\n') + 1);
  const std::string name = "rsipd: ";
  return line.starts_with(name) ? line.substr(name.size()) : line;
}

/// rsipd itself reads it: nobody else knows what it takes.
Outcome check(const Context& context, const Arguments& arguments) {
  const std::string file = file_to_check(context, arguments);
  const auto ended = run_program({find_rsipd(), "--check", "--config", file}, {.complaints = true});
  if (!ended) return tl::unexpected(ended.error());
  if (ended->exit_code == 0) return print(context, ipc::Done{}, ended->text);
  return fail(ended->exit_code == exit_code(ErrorKind::kConfigInvalid) ? ErrorKind::kConfigInvalid
                                                                       : ErrorKind::kOther,
              complaint_in(ended->text));
}

Outcome show(const Context& context, const Arguments&) {
  return print_answer(context, ipc::ConfigRequest{}, [](const ipc::ConfigText& config) {
    return config.text + (config.text.ends_with('\n') ? "" : "\n");
  });
}

Outcome path(const Context& context, const Arguments&) {
  return print_answer(context, ipc::ConfigRequest{},
                      [](const ipc::ConfigText& config) { return config.file + '\n'; });
}

}  // namespace

Commands config_verbs() {
  return {
      {.path = "config check",
       .words = "Whether a configuration is valid; exits with 12 if not",
       .options = {{.name = "FILE",
                    .argument = "FILE",
                    .words = "The running agent's if not given, else /etc/rsip/agent.toml",
                    .values = Values::kFiles}},
       .run = check,
       .schema = "done/1"},
      {.path = "config show",
       .words = "The configuration that the agent runs with",
       .options = {},
       .run = show,
       .schema = "config/1"},
      {.path = "config path",
       .words = "Where that is from",
       .options = {},
       .run = path,
       .schema = "config/1"},
  };
}

}  // namespace rsip::cli
