#include "agent/cli/command/context.h"

#include <ostream>

#include "common/base/utc_time.h"

namespace rsip::cli {

int print(const Context& context, const ipc::Documents& answer, const std::string& text) {
  if (!context.json) return say(context, text);
  const auto* const status = std::get_if<ipc::Status>(&answer);  // a subscription's names its agent
  context.out << ipc::document(answer, status != nullptr ? status->agent : context.agent,
                               utc_time(std::time(nullptr)))
              << '\n'
              << std::flush;
  return 0;
}

int say(const Context& context, const std::string& text) {
  if (!context.quiet) context.out << text << std::flush;
  return 0;
}

std::string coloured(const Context& context, Colour colour, const std::string& text) {
  if (!context.colour) return text;
  const char* const codes[] = {"\033[31m", "\033[33m", "\033[32m"};
  return codes[static_cast<int>(colour)] + text + "\033[0m";
}

}  // namespace rsip::cli
