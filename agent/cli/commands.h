#pragma once

#include "agent/cli/command/command_line.h"

namespace rsip::cli {

/// Everything that rsipctl can do, in the order of its help.
const Commands& commands();

/// What only build and completion ask for; help does not name them.
const Commands& hidden_commands();

/// The program: understands the words after its name, does it, and tells errors.
///
/// out, err   where it prints
/// returns    its exit code
int run(const std::vector<std::string>& words, std::istream& in, std::ostream& out,
        std::ostream& err);

}  // namespace rsip::cli
