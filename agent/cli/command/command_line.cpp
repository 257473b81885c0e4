#include "agent/cli/command/command_line.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include <CLI/CLI.hpp>

#include "agent/cli/command/nearest.h"

namespace rsip::cli {
namespace {

bool begins(const Command& command, const std::string& path) {
  return path.empty() || command.path == path || command.path.starts_with(path + " ");
}

bool is_known(const Commands& commands, const std::string& path) {
  return std::ranges::any_of(commands, [&](const Command& c) { return begins(c, path); });
}

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

/// Options of the program whose value is the next word.
bool takes_next_word(const std::string& word) {
  return std::ranges::any_of(global_options(), [&](const Option& option) {
    return !option.is_switch() && word == option.name;
  });
}

/// The words of the verb, and all the others.
struct Split {
  std::string path;
  std::vector<std::string> others;
};

Split split(const Commands& commands, const std::vector<std::string>& words) {
  Split result;
  bool in_verb = true;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (in_verb && !word.starts_with('-')) {
      const std::string longer = result.path.empty() ? word : result.path + " " + word;
      in_verb = is_known(commands, longer);
      if (in_verb) {
        result.path = longer;
        continue;
      }
    }
    // An optional value has to be joined to its option, or the next argument would be taken for it.
    result.others.push_back(word == "--wait" ? "--wait=" + std::to_string(kWaitSeconds) : word);
    if (takes_next_word(word) && i + 1 < words.size()) result.others.push_back(words[++i]);
  }
  return result;
}

/// The first word that is neither an option nor the value of one.
std::string first_word(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].starts_with('-')) return words[i];
    if (takes_next_word(words[i])) ++i;
  }
  return "";
}

tl::unexpected<Error> no_such_verb(const Commands& commands, const std::string& path,
                                   const std::string& word) {
  const std::vector<std::string> there = next_words(commands, path);
  const std::string list = " list: rsipctl " + (path.empty() ? "" : path + " ") + "--help";
  if (word.empty() && path.empty())
    return fail(ErrorKind::kUsage, "a verb is missing", "the" + list);
  if (word.empty()) {
    return fail(ErrorKind::kUsage, path + " what? There are: " + joined(there, ", "), "the" + list);
  }
  const std::vector<std::string> like = nearest(word, there);
  return fail(ErrorKind::kUsage, "there is no verb " + (path.empty() ? "" : path + " ") + word,
              like.empty() ? "the" + list : "did you mean " + joined(like, ", ") + "? The" + list);
}

CLI::Option& add_to(CLI::App& app, const Option& option) {
  const std::string letter = option.letter == 0 ? "" : std::string("-") + option.letter + ",";
  const std::string words = option.words;
  if (option.is_switch()) return *app.add_flag(letter + option.name, std::as_const(words));
  CLI::Option& made = *app.add_option(letter + option.name, std::as_const(words));
  made.type_name(option.choices.empty() ? option.argument : joined(option.choices, "|"));
  if (option.name == "--wait") made.type_name("[=TIME]");
  made.required(option.required);
  if (option.repeated) made.expected(1, CLI::detail::expected_max_vector_size)->allow_extra_args();
  if (!option.repeated) made.expected(1);
  if (option.is_placed()) made.type_name("");
  if (!option.choices.empty()) {
    made.check([option](const std::string& value) {
      const bool known = std::ranges::find(option.choices, value) != option.choices.end();
      return known ? "" : value + " is none of " + joined(option.choices, ", ");
    });
  }
  if (option.check != nullptr) made.check(option.check);
  return made;
}

/// The command as CLI11 has it.
struct Parser {
  explicit Parser(const Command& command)
      : options(all_options(command)), app(command.words + ".", "rsipctl " + command.path) {
    app.set_help_flag("");
    for (const Option& option : options) made.push_back(&add_to(app, option));
    app.get_formatter()->column_width(34);
  }

  /// "PORT is missing: port where the server listens"
  [[nodiscard]] std::optional<std::string> what_is_missing() const {
    for (std::size_t i = 0; i < options.size(); ++i) {
      if (!options[i].required || made[i]->count() > 0) continue;
      std::string words = options[i].words;
      words[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(words[0])));
      return options[i].name + " is missing: " + words;
    }
    return std::nullopt;
  }

  /// "--from needs DATE"
  [[nodiscard]] std::optional<std::string> what_has_no_value(const std::string& last_word) const {
    for (const Option& option : options) {
      const bool is_it = last_word == option.name ||
                         (option.letter != 0 && last_word == std::string("-") + option.letter);
      if (is_it && !option.is_switch()) return option.name + " needs " + option.argument;
    }
    return std::nullopt;
  }

  /// Options that look like what was written: "did you mean --json? "
  [[nodiscard]] std::string what_was_meant(const std::string& word) const {
    std::vector<std::string> names;
    for (const Option& option : options) {
      if (!option.is_placed()) names.push_back(option.name);
    }
    const std::vector<std::string> like = nearest(word, names);
    return like.empty() ? "" : "did you mean " + joined(like, ", ") + "? ";
  }

  std::vector<Option> options;
  CLI::App app;
  std::vector<CLI::Option*> made;
};

/// What nothing of the command takes.
tl::unexpected<Error> too_much(const Parser& parser, const std::vector<std::string>& words,
                               const std::string& help) {
  const std::vector<std::string> left = parser.app.remaining();
  const auto found = std::ranges::find_if(
      words, [&](const std::string& word) { return std::ranges::find(left, word) != left.end(); });
  const std::string word = found == words.end() ? joined(left, " ") : *found;
  if (!word.starts_with("-")) {
    return fail(ErrorKind::kUsage, word + " is one word too many", "see: " + help);
  }
  const std::string meant = word.starts_with("--") ? parser.what_was_meant(word) : "";
  return fail(ErrorKind::kUsage, "there is no option " + word,
              meant + (meant.empty() ? "see: " : "See: ") + help);
}

std::string group_help(const Commands& commands, const std::string& path) {
  std::string text = path.empty() ? "Shows and steers the RSIP host agent (rsipd).\n" : "";
  text += "Usage: rsipctl " + (path.empty() ? "" : path + " ") + "VERB [OPTIONS]\n\nVerbs:\n";
  for (const Command& command : commands) {
    if (!begins(command, path)) continue;
    std::string name = command.path;
    name.resize(std::max<std::size_t>(name.size() + 1, 18), ' ');
    text += "  " + name + command.words + '\n';
  }
  text += "\nOptions of all of them:\n";
  for (const Option& option : global_options()) {
    std::string name = option.name + (option.is_switch() ? "" : " " + option.argument);
    if (option.letter != 0) name = std::string("-") + option.letter + ", " + name;
    name.resize(std::max<std::size_t>(name.size() + 1, 18), ' ');
    text += "  " + name + option.words + '\n';
  }
  return text +
         "  --version         Of this program\n\nrsipctl help VERB says more of one; so does "
         "rsipctl(1).\n";
}

}  // namespace

const Command* find(const Commands& commands, const std::string& path) {
  const auto found = std::ranges::find(commands, path, &Command::path);
  return found == commands.end() ? nullptr : &*found;
}

std::vector<std::string> next_words(const Commands& commands, const std::string& path) {
  std::vector<std::string> words;
  for (const Command& command : commands) {
    if (!begins(command, path) || command.path == path) continue;
    const std::size_t from = path.empty() ? 0 : path.size() + 1;
    std::string word = command.path.substr(from, command.path.find(' ', from) - from);
    if (std::ranges::find(words, word) == words.end()) words.push_back(std::move(word));
  }
  return words;
}

Result<std::string> help_text(const Commands& commands, const std::string& path) {
  const Command* const command = find(commands, path);
  if (command == nullptr && is_known(commands, path)) return group_help(commands, path);
  if (command == nullptr) return no_such_verb(commands, "", path);
  std::string text = Parser(*command).app.help();
  if (!command->more.empty()) text += '\n' + command->more + '\n';
  return text;
}

Result<Parsed> parse(const Commands& commands, const std::vector<std::string>& words) {
  const Split said = split(commands, words);
  const auto asked = [&](const char* option) {
    return std::ranges::find(said.others, option) != said.others.end();
  };
  if (asked("--help") || asked("-h")) {
    return help_text(commands, said.path).map([](std::string text) {
      return Parsed{nullptr, {}, std::move(text)};
    });
  }
  if (said.path.empty() && asked("--version"))
    return Parsed{nullptr, {}, "rsipctl " RSIP_VERSION "\n"};
  const Command* const command = find(commands, said.path);
  if (command == nullptr) return no_such_verb(commands, said.path, first_word(said.others));
  Parser parser(*command);
  const std::string help = "rsipctl help " + command->path;
  try {
    parser.app.parse(std::vector<std::string>(said.others.rbegin(), said.others.rend()));
  } catch (const CLI::RequiredError& error) {
    return fail(ErrorKind::kUsage, parser.what_is_missing().value_or(error.what()), "see: " + help);
  } catch (const CLI::ExtrasError&) {
    return too_much(parser, said.others, help);
  } catch (const CLI::ArgumentMismatch& error) {
    const auto missing = parser.what_has_no_value(said.others.back());
    return fail(ErrorKind::kUsage, missing.value_or(error.what()), "see: " + help);
  } catch (const CLI::ParseError& error) {
    return fail(ErrorKind::kUsage, error.what(), "see: " + help);
  }
  Parsed parsed{command, {}, {}};
  for (std::size_t i = 0; i < parser.options.size(); ++i) {
    if (parser.made[i]->count() > 0) {
      parsed.arguments.set(parser.options[i].name, parser.made[i]->results());
    }
  }
  return parsed;
}

}  // namespace rsip::cli
