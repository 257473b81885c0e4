#pragma once

#include <string>

#include "common/ipc/status.h"

namespace rsip::cli {

/// What `rsipctl metrics` prints: the text format of Prometheus, version 0.0.4.
std::string metrics_text(const ipc::Status& status);

/// What `rsipctl stats` prints.
///
/// before   the same some seconds ago, for rates; seconds 0: there is none
std::string stats_text(const ipc::Status& status, const ipc::Status& before, double seconds);

}  // namespace rsip::cli
