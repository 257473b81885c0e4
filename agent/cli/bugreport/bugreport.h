#pragma once

#include <chrono>
#include <ctime>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "agent/cli/bugreport/sections.h"
#include "common/base/result.h"

namespace rsip::cli::bugreport {

struct BugreportOptions {
  std::string socket;
  std::chrono::milliseconds patience{3000};  ///< For each answer of the agent.
  std::string file;                          ///< Empty: one in this folder that tells the time.
  bool redact = true;
  bool yes = false;       ///< Do not ask.
  bool terminal = false;  ///< Somebody is there who can be asked.
};

/// The whole of `rsipctl bugreport`: collects, shows what is in it and where it would go, asks, and
/// writes. Nothing leaves this host.
///
/// in       where the answer comes from
/// errors   kUsage if nobody can be asked and neither --yes nor -o says that it is wanted, or if
///          the file exists; kPermission, kOther if it cannot be written
Result<void> run_bugreport(const BugreportOptions& options, std::istream& in, std::ostream& out);

/// The second half of it: shows what is in the report and where it would go, asks, and writes.
///
/// redactor   that was used; none: nothing was replaced
Result<void> offer_report(const BugreportOptions& options, const std::vector<Section>& sections,
                          const Redactor* redactor, std::time_t now, std::istream& in,
                          std::ostream& out);

/// What is in it, with sizes, and what was replaced.
std::string contents_text(const std::vector<Section>& sections, const Redactor* redactor);

}  // namespace rsip::cli::bugreport
