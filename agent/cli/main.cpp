#include <csignal>
#include <iostream>
#include <string>
#include <vector>

#include "agent/cli/commands.h"

// rsipctl: asks the agent and prints what it says, for people or with --json for programs.
int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_DFL);  // `rsipctl monitor | head` ends without a word
  return rsip::cli::run(std::vector<std::string>(argv + 1, argv + argc), std::cin, std::cout,
                        std::cerr);
}
