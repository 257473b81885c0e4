#include "agent/cli/command/command.h"

#include <algorithm>
#include <cctype>

namespace rsip::cli {

std::string check_port(const std::string& text) {
  const std::string complaint = check_number(text);
  if (complaint.empty() && text.size() <= 5 && std::stoul(text) >= 1 && std::stoul(text) <= 65535) {
    return "";
  }
  return text + " is no port: 1 to 65535";
}

std::string check_number(const std::string& text) {
  const bool digits = std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c); });
  if (!text.empty() && digits && text.size() <= 10 && std::stoull(text) <= 0xffffffffULL) return "";
  return text + " is no number";
}

std::string check_duration(const std::string& text) {
  return parse_duration(text) ? "" : text + " is no time: 90s, 10m, 2h";
}

std::string check_date(const std::string& text) {
  constexpr std::string_view kShape = "dddd-dd-dd";
  const bool same = text.size() == kShape.size() &&
                    std::ranges::equal(text, kShape, [](unsigned char c, char shape) {
                      return shape == 'd' ? std::isdigit(c) != 0 : c == '-';
                    });
  return same ? "" : text + " is no date: 2026-11-24";
}

const std::vector<Option>& global_options() {
  static const std::vector<Option> kOptions = {
      {.name = "--socket",
       .argument = "PATH",
       .words = "The agent's socket; RSIP_SOCKET says the same",
       .values = Values::kFiles},
      {.name = "--quiet",
       .argument = "",
       .words = "Print nothing but errors, and JSON where it is asked for",
       .letter = 'q'},
      {.name = "--color",
       .argument = "WHEN",
       .words = "Colour: on a terminal (auto, unless NO_COLOR is set), always or never",
       .choices = {"auto", "always", "never"}},
      {.name = "--help", .argument = "", .words = "What this is for", .letter = 'h'},
  };
  return kOptions;
}

std::vector<Option> all_options(const Command& command) {
  std::vector<Option> options = command.options;
  if (command.waits) {
    options.push_back({.name = "--wait",
                       .argument = "TIME",
                       .words = "Come back only when it is so, or after this time (--wait alone: " +
                                std::to_string(kWaitSeconds) + "s)",
                       .check = check_duration});
  }
  if (!command.schema.empty()) {
    options.push_back(
        {.name = "--json", .argument = "", .words = "Print JSON, schema rsip." + command.schema});
  }
  options.insert(options.end(), global_options().begin(), global_options().end());
  return options;
}

}  // namespace rsip::cli
