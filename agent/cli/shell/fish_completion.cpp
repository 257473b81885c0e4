#include "agent/cli/shell/completion.h"

namespace rsip::cli {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// What `complete -a` is given; empty: nothing.
std::string values_for(const Commands& commands, const Option& option) {
  if (!option.choices.empty()) return joined(option.choices);
  if (option.values == Values::kVerbs) return joined(next_words(commands, ""));
  const std::string kind = kind_of(option.values);
  return kind.empty() ? "" : "(__rsipctl_ask " + kind + ")";
}

std::string line_for(const Commands& commands, const std::string& condition, const Option& option) {
  std::string line = "complete -c rsipctl" + condition;
  if (option.is_placed()) {
    if (option.values == Values::kFiles) return line + " -F\n";
    const std::string values = values_for(commands, option);
    return values.empty() ? "" : line + " -a " + quoted(values) + '\n';
  }
  line += " -l " + option.name.substr(2);
  if (option.letter != 0) line += std::string(" -s ") + option.letter;
  if (!option.is_switch()) line += option.values == Values::kFiles ? " -r -F" : " -x";
  const std::string values = values_for(commands, option);
  if (!values.empty()) line += " -a " + quoted(values);
  return line + " -d " + quoted(option.words) + '\n';
}

std::string at(const std::string& path) {
  return " -n " + quoted("__rsipctl_at \"" + path + "\"");
}

std::string verb_lines(const Commands& commands, const std::string& path) {
  std::string text;
  for (const std::string& word : next_words(commands, path)) {
    const Command* const command = find(commands, path.empty() ? word : path + " " + word);
    text += "complete -c rsipctl" + at(path) + " -a " + word;
    text += (command != nullptr ? " -d " + quoted(command->words) : std::string()) + '\n';
  }
  return text;
}

constexpr const char* kFunctions = R"(
function __rsipctl_at -d 'Whether the verb so far is this one'
    set -l words (commandline -opc)
    set -l path ''
    set -l skip 0
    for word in $words[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        if test "$word" = --socket -o "$word" = --color
            set skip 1
            continue
        end
        set -l longer (string trim -- "$path $word")
        if contains -- "$longer" $__rsipctl_paths
            set path $longer
        end
    end
    test "$path" = "$argv[1]"
end

function __rsipctl_ask -d 'What only the agent knows'
    set -l words (commandline -opc)
    set -l place (contains -i -- --socket $words)
    if test -n "$place"
        $words[1] __complete $argv[1] --socket $words[(math $place + 1)] 2>/dev/null
    else
        $words[1] __complete $argv[1] 2>/dev/null
    end
end

complete -c rsipctl -f
)";

}  // namespace

std::string fish_completion(const Commands& commands) {
  std::string text =
      "# fish completion for rsipctl, made from its table of commands\n\nset -g "
      "__rsipctl_paths";
  for (const std::string& path : all_paths(commands)) text += ' ' + quoted(path);
  text += '\n' + std::string(kFunctions) + verb_lines(commands, "");
  for (const std::string& path : all_paths(commands)) text += verb_lines(commands, path);
  for (const Option& option : global_options()) text += line_for(commands, "", option);
  for (const Command& command : commands) {
    for (const Option& option : all_options(command)) {
      const bool global = std::string_view("--socket --quiet --color --help").find(option.name) !=
                          std::string_view::npos;
      if (!global) text += line_for(commands, at(command.path), option);
    }
  }
  return text;
}

}  // namespace rsip::cli
