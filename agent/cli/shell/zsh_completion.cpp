#include "agent/cli/shell/completion.h"

namespace rsip::cli {
namespace {

/// 'it'\''s'
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += " " + word;
  return text;
}

/// A command line of zsh that offers the values of an option.
std::string action_for(const Commands& commands, const Option& option) {
  if (!option.choices.empty()) return "compadd --" + joined(option.choices);
  if (option.values == Values::kFiles) return "_files";
  if (option.values == Values::kVerbs) return "compadd --" + joined(next_words(commands, ""));
  const std::string kind = kind_of(option.values);
  return kind.empty() ? "_message " + quoted(option.argument) : "_rsipctl_ask " + kind;
}

/// Of a path the next verbs, each with what it does.
std::string described_verbs(const Commands& commands, const std::string& path) {
  std::string list;
  for (const std::string& word : next_words(commands, path)) {
    const std::string whole = path.empty() ? word : path + " " + word;
    const Command* const command = find(commands, whole);
    list += ' ' + quoted(word + ":" + (command != nullptr ? command->words : "..."));
  }
  return "verbs=(" + list + " ); _describe verb verbs";
}

std::string value_cases(const Commands& commands) {
  std::string text;
  for_each_valued_option(commands, [&](const std::string& path, const Option& option) {
    const auto one = [&](const std::string& name) {
      return path == "*" ? "*:" + name : quoted(path + ":" + name);
    };
    std::string pattern = one(option.name);
    if (option.letter != 0) pattern += "|" + one(std::string("-") + option.letter);
    text += "    " + pattern + ") " + action_for(commands, option) + "; return ;;\n";
  });
  return text;
}

std::string option_cases(const Commands& commands) {
  std::string text;
  const auto list = [](const std::vector<Option>& options) {
    std::string words;
    for (const Option& option : options) {
      if (!option.is_placed()) words += ' ' + quoted(option.name + ":" + option.words);
    }
    return words;
  };
  for (const Command& command : commands) {
    text +=
        "      " + quoted(command.path) + ") options=(" + list(all_options(command)) + " ) ;;\n";
  }
  return text + "      *) options=(" + list(global_options()) + " ) ;;\n";
}

std::string word_cases(const Commands& commands) {
  std::string text = "    '') " + described_verbs(commands, "") + " ;;\n";
  for (const std::string& path : all_paths(commands)) {
    std::string action;
    if (!next_words(commands, path).empty()) action = described_verbs(commands, path);
    const Command* const command = find(commands, path);
    for (const Option& option : command != nullptr ? command->options : std::vector<Option>()) {
      if (option.is_placed() && action.empty()) action = action_for(commands, option);
    }
    if (!action.empty()) text += "    " + quoted(path) + ") " + action + " ;;\n";
  }
  return text;
}

}  // namespace

std::string zsh_completion(const Commands& commands) {
  std::string known;
  for (const std::string& path : all_paths(commands)) {
    known += (known.empty() ? "" : "|") + quoted(path);
  }
  return "#compdef rsipctl\n# Made from rsipctl's table of commands.\n\n"
         "_rsipctl_ask() {\n"
         "  local -a found\n"
         "  found=(${(f)\"$(\"${ask[1]}\" __complete \"$1\" \"${(@)ask[2,-1]}\" 2>/dev/null)\"})\n"
         "  compadd -- $found\n"
         "}\n\n"
         "_rsipctl() {\n"
         "  local at='' word i\n"
         "  local -a verbs options ask\n"
         "  ask=(\"${words[1]}\")\n"
         "  for ((i = 2; i < CURRENT; i++)); do\n"
         "    word=${words[i]}\n"
         "    if [[ $word == --socket ]]; then\n"
         "      ask+=(--socket \"${words[i + 1]}\")\n"
         "      ((i++))\n"
         "      continue\n"
         "    fi\n"
         "    case \"${at:+$at }$word\" in\n"
         "      " +
         known +
         ") at=\"${at:+$at }$word\" ;;\n"
         "    esac\n"
         "  done\n"
         "  case \"$at:${words[CURRENT - 1]}\" in\n" +
         value_cases(commands) +
         "  esac\n"
         "  if [[ ${words[CURRENT]} == -* ]]; then\n"
         "    case \"$at\" in\n" +
         option_cases(commands) +
         "    esac\n"
         "    _describe -o option options\n"
         "    return\n"
         "  fi\n"
         "  case \"$at\" in\n" +
         word_cases(commands) +
         "  esac\n"
         "}\n\n"
         "if [[ $funcstack[1] == _rsipctl ]]; then _rsipctl \"$@\"; else compdef _rsipctl rsipctl; "
         "fi\n";
}

}  // namespace rsip::cli
