#include "agent/cli/shell/completion.h"

namespace rsip::cli {
namespace {

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

/// What to do for a value: "kind=gateways", "words='auto never'", "kind=files".
std::string action_for(const Commands& commands, const Option& option) {
  if (!option.choices.empty()) return "words='" + joined(option.choices, " ") + "'";
  if (option.values == Values::kFiles) return "kind=files";
  if (option.values == Values::kVerbs) {
    return "words='" + joined(next_words(commands, ""), " ") + "'";
  }
  const std::string kind = kind_of(option.values);
  return kind.empty() ? ":" : "kind=" + kind;
}

/// 'PATH:--gateway'|'PATH:-g'
std::string pattern_for(const std::string& path, const Option& option) {
  const auto one = [&](const std::string& name) {
    return path == "*" ? "*':" + name + "'" : "'" + path + ":" + name + "'";
  };
  std::string pattern = one(option.name);
  if (option.letter != 0) pattern += "|" + one(std::string("-") + option.letter);
  return pattern;
}

std::string value_cases(const Commands& commands) {
  std::string text;
  for_each_valued_option(commands, [&](const std::string& path, const Option& option) {
    text += "    " + pattern_for(path, option) + ") takes_value=yes " +
            action_for(commands, option) + " ;;\n";
  });
  return text;
}

std::string option_cases(const Commands& commands) {
  std::string text;
  for (const Command& command : commands) {
    std::vector<std::string> names;
    for (const Option& option : all_options(command)) {
      if (!option.is_placed()) names.push_back(option.name);
    }
    text += "      '" + command.path + "') words='" + joined(names, " ") + "' ;;\n";
  }
  std::vector<std::string> names = {"--version"};
  for (const Option& option : global_options()) names.push_back(option.name);
  return text + "      *) words='" + joined(names, " ") + "' ;;\n";
}

std::string word_cases(const Commands& commands) {
  std::string text = "      '') words='" + joined(next_words(commands, ""), " ") + "' ;;\n";
  for (const std::string& path : all_paths(commands)) {
    std::string actions;
    const auto verbs = next_words(commands, path);
    if (!verbs.empty()) actions = "words='" + joined(verbs, " ") + "'";
    const Command* const command = find(commands, path);
    for (const Option& option : command != nullptr ? command->options : std::vector<Option>()) {
      if (!option.is_placed() || !actions.empty()) continue;
      const std::string action = action_for(commands, option);
      if (action != ":") actions = action;
    }
    if (!actions.empty()) text += "      '" + path + "') " + actions + " ;;\n";
  }
  return text;
}

constexpr const char* kBegin =
    R"(# bash completion for rsipctl, made from its table of commands

_rsipctl() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local path='' words='' kind='' takes_value='' i word
  local ask=("${COMP_WORDS[0]}")
  COMPREPLY=()
  if [[ $current == = ]]; then current=''; fi
  if [[ $previous == = ]]; then previous=${COMP_WORDS[COMP_CWORD - 2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == --socket ]]; then
      if [[ ${COMP_WORDS[i + 1]} == = ]]; then ((i++)); fi
      ask+=(--socket "${COMP_WORDS[i + 1]}")
      ((i++))
      continue
    fi
    case "${path:+$path }$word" in
)";
constexpr const char* kEnd =
    R"(
  if [[ $kind == files ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
    return
  fi
  if [[ -n $kind ]]; then
    words=$("${ask[0]}" __complete "$kind" "${ask[@]:1}" 2>/dev/null)
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _rsipctl rsipctl
)";

}  // namespace

std::string bash_completion(const Commands& commands) {
  std::string known;
  for (const std::string& path : all_paths(commands)) {
    known += (known.empty() ? "'" : "|'") + path + "'";
  }
  return kBegin + ("      " + known + ") path=${path:+$path }$word ;;\n    esac\n  done\n") +
         "  case \"$path:$previous\" in\n" + value_cases(commands) +
         "  esac\n  if [[ -n $takes_value ]]; then\n    :\n  elif [[ $current == -* ]]; then\n"
         "    case \"$path\" in\n" +
         option_cases(commands) + "    esac\n  else\n    case \"$path\" in\n" +
         word_cases(commands) + "    esac\n  fi" + kEnd;
}

}  // namespace rsip::cli
