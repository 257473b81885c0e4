#pragma once

#include <chrono>
#include <string>

#include "common/base/result.h"
#include "common/ipc/status.h"

namespace rsip::cli {

/// Asks the running agent for its status.
///
/// socket_path   of the agent's Unix socket
/// patience      how long to wait for each line of the agent
/// errors        kAgentNotRunning, kPermission, kTimeout, kProtocol
Result<ipc::Status> ask_status(const std::string& socket_path, std::chrono::milliseconds patience);

}  // namespace rsip::cli
