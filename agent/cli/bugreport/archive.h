#pragma once

#include <ctime>
#include <string>
#include <vector>

#include "agent/cli/bugreport/sections.h"
#include "common/base/result.h"

namespace rsip::cli::bugreport {

/// Writes the sections into a tar file, compressed with Zstandard, that its owner alone may read.
/// All of them are in one folder of the file's name.
///
/// errors   kUsage if the file exists, kPermission or kOther if it cannot be written; no file is
///          left then
Result<void> write_archive(const std::string& path, const std::vector<Section>& sections,
                           std::time_t now);

}  // namespace rsip::cli::bugreport
