#pragma once

#include <string>
#include <vector>

#include "agent/cli/command/command.h"

namespace rsip::cli {

using Commands = std::vector<Command>;

/// A command line that was understood.
struct Parsed {
  const Command* command = nullptr;  ///< Null: help is asked for.
  Arguments arguments;
  std::string help;
};

/// errors   kUsage: what is wrong, with the nearest verbs if there is no such one
Result<Parsed> parse(const Commands& commands, const std::vector<std::string>& words);

/// What `rsipctl --help` prints; with a verb, what that one's --help prints.
/// errors   kUsage if there is no such verb
Result<std::string> help_text(const Commands& commands, const std::string& path);

/// What can stand at a place of a command line after these words: for completion.
/// returns   "status", "lease"; of "lease": "list", "show"
std::vector<std::string> next_words(const Commands& commands, const std::string& path);

/// The command of that path; null: none.
const Command* find(const Commands& commands, const std::string& path);

}  // namespace rsip::cli
