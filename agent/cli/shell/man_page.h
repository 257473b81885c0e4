#pragma once

#include <string>

#include "agent/cli/command/command_line.h"

namespace rsip::cli {

/// rsipctl(1), in man(7) markup.
std::string man_page(const Commands& commands);

}  // namespace rsip::cli
