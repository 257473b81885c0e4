#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agent/cli/command/command_line.h"

/// Completion scripts, made from the table of commands. What only the agent knows they ask of the
/// hidden `rsipctl __complete KIND`, which says nothing if no agent answers at once.
namespace rsip::cli {

std::string bash_completion(const Commands& commands);
std::string zsh_completion(const Commands& commands);
std::string fish_completion(const Commands& commands);

/// What `__complete` is asked for: "gateways"; empty: it is not asked.
std::string kind_of(Values values);
/// What there is of that kind in the agent's snapshot.
std::vector<std::string> values_of(const std::string& kind, const ipc::Status& status);

/// Visits each option that takes a value, with its verb's path; those of all verbs with "*".
void for_each_valued_option(
    const Commands& commands,
    const std::function<void(const std::string& path, const Option& option)>& visit);

/// Every path that is a verb or begins one: "lease", "lease list".
std::vector<std::string> all_paths(const Commands& commands);

}  // namespace rsip::cli
