#pragma once

#include <string>

#include "common/ipc/summary.h"

namespace rsip::cli {

/// The first line of `rsipctl status`, without newline: all of it in one sentence.
std::string headline_text(const ipc::Summary& summary, const ipc::NetworkStatus& network);

}  // namespace rsip::cli
