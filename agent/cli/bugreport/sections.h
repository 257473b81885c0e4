#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "agent/cli/bugreport/redactor.h"
#include "agent/cli/doctor/facts.h"

namespace rsip::cli::bugreport {

/// One file of a report.
struct Section {
  std::string name;      ///< "network/rules.txt"
  std::string text;      ///< What could not be had says why.
  std::string remark{};  ///< "cut at 256 kB"
};

/// What is kept of each at most, in bytes; of a log the end, of everything else the beginning.
inline constexpr std::size_t kMostBytes = 256 * 1024;

/// Everything that a report has, in plain words and numbers: nothing is replaced yet.
std::vector<Section> collect(const std::string& socket, std::chrono::milliseconds patience,
                             const doctor::Facts& facts);

/// Cuts what is too long and says so in it.
///
/// keep_end   of a log the end is what counts
Section cut(Section section, bool keep_end);

/// Names of this host, of its users and of those that the configuration trusts: what a report ought
/// not to tell.
void learn_names(const std::vector<Section>& sections, Redactor& redactor);

/// Values of keys of a configuration that name somebody: "server_name", "local_id".
std::vector<std::string> names_in_config(const std::string& toml);

}  // namespace rsip::cli::bugreport
