#pragma once

#include <chrono>
#include <string>

#include "agent/cli/doctor/facts.h"

namespace rsip::cli::doctor {

/// Asks the agent and looks at this host: files, `ip`, one connection to each gateway that does not
/// answer the agent, one DNS question. Changes nothing. Takes some seconds at most if something
/// does not answer.
///
/// socket     of the agent
/// patience   for each answer of the agent
Facts read_facts(const std::string& socket, std::chrono::milliseconds patience);

}  // namespace rsip::cli::doctor
