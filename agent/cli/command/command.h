#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/cli/command/arguments.h"
#include "agent/cli/command/context.h"
#include "common/base/result.h"

/// What rsipctl can do, as a table: parsing, help, completion and the manual page come from it.
namespace rsip::cli {

/// What may stand for a value, for completion.
enum class Values {
  kAnything,
  kGateways,
  kProfiles,
  kBinds,
  kServers,  ///< Ports that `listen add` made reachable.
  kVerbs,
  kFiles,
};

/// Says what is wrong with a value; empty: nothing.
using Check = std::string (*)(const std::string&);
std::string check_port(const std::string& text);
std::string check_number(const std::string& text);
std::string check_duration(const std::string& text);  ///< "90", "90s", "10m", "2h"
std::string check_date(const std::string& text);      ///< "2026-11-24"

/// An option ("--gateway"), a switch (one without argument), or what stands at its place ("ID").
struct Option {
  std::string name;
  std::string argument;  ///< "NAME"; empty: a switch.
  std::string words;
  char letter = 0;
  Values values = Values::kAnything;
  std::vector<std::string> choices = {};  ///< Nothing else is taken; empty: anything is.
  Check check = nullptr;
  bool required = false;
  bool repeated = false;

  [[nodiscard]] bool is_placed() const { return !name.starts_with('-'); }
  [[nodiscard]] bool is_switch() const { return !is_placed() && argument.empty(); }
};

/// Exit code of what was done; an error is told to the user in one place.
using Outcome = Result<int>;

struct Command {
  std::string path;   ///< "lease list"
  std::string words;  ///< What it does, a line without full stop.
  std::vector<Option> options;
  std::function<Outcome(const Context&, const Arguments&)> run;
  std::string schema = {};  ///< Of what --json prints: "leases/1"; empty: there is no --json.
  bool waits = false;       ///< Has --wait.
  std::string more = {};    ///< For the manual page: whole sentences.
};

/// Options that every command takes.
const std::vector<Option>& global_options();
/// Those of a command with --json, --wait and the global ones.
std::vector<Option> all_options(const Command& command);

/// How long --wait waits where it does not say.
inline constexpr int kWaitSeconds = 30;

}  // namespace rsip::cli
