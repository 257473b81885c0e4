#pragma once

#include <string>

#include "agent/app/config.h"
#include "common/config/table_reader.h"

namespace rsip::agent {

/// Reads every [[profile]]. The gateways have been read before.
///
/// errors   kConfigInvalid "file:line:column: ..."
Result<void> read_profiles(const toml::table& root, const std::string& file, Config& config);

}  // namespace rsip::agent
