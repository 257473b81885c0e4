#include <ostream>

#include "agent/cli/commands.h"
#include "agent/cli/shell/completion.h"
#include "agent/cli/shell/man_page.h"
#include "agent/cli/verbs/verbs.h"

// completion, help; for completion and build: __complete, __man.
namespace rsip::cli {
namespace {

/// A shell waits for it while somebody types.
constexpr std::chrono::milliseconds kCompletionPatience{200};

Outcome completion(const Context& context, const Arguments& arguments) {
  const std::string shell = arguments.text("SHELL");
  context.out << (shell == "bash"  ? bash_completion(commands())
                  : shell == "zsh" ? zsh_completion(commands())
                                   : fish_completion(commands()));
  return 0;
}

Outcome help(const Context& context, const Arguments& arguments) {
  std::string path;
  for (const std::string& word : arguments.texts("VERB")) path += (path.empty() ? "" : " ") + word;
  return help_text(commands(), path).map([&](const std::string& text) {
    context.out << text;
    return 0;
  });
}

/// Silent whatever is wrong.
Outcome complete(const Context& context, const Arguments& arguments) {
  const auto status = ask(context.socket, kCompletionPatience, ipc::StatusRequest{});
  if (!status) return 0;
  for (const std::string& value : values_of(arguments.text("KIND"), *status)) {
    context.out << value << '\n';
  }
  return 0;
}

Outcome man(const Context& context, const Arguments&) {
  context.out << man_page(commands());
  return 0;
}

}  // namespace

Commands shell_verbs() {
  return {
      {.path = "completion",
       .words = "Print the completion script of a shell",
       .options = {{.name = "SHELL",
                    .argument = "SHELL",
                    .words = "bash, zsh, fish",
                    .choices = {"bash", "zsh", "fish"},
                    .required = true}},
       .run = completion,
       .more = "Packages install these scripts. By hand: source <(rsipctl completion bash)"},
      {.path = "help",
       .words = "What there is, or what a verb does",
       .options = {{.name = "VERB",
                    .argument = "VERB",
                    .words = "For example: lease release",
                    .values = Values::kVerbs,
                    .repeated = true}},
       .run = help},
  };
}

const Commands& hidden_commands() {
  static const Commands kHidden = {
      {.path = "__complete",
       .words = "What completion offers",
       .options = {{.name = "KIND",
                    .argument = "KIND",
                    .words = "gateways, profiles, binds, servers",
                    .required = true}},
       .run = complete},
      {.path = "__man", .words = "rsipctl(1)", .options = {}, .run = man},
  };
  return kHidden;
}

}  // namespace rsip::cli
