#pragma once

#include <chrono>
#include <string>

#include "common/base/result.h"
#include "common/ipc/protocol.h"

namespace rsip::cli {

/// Sends one line to the running agent after its hello.
///
/// socket_path   of the agent's Unix socket
/// patience      how long to wait for each line of the agent
/// version       becomes the agent's
/// returns       the line it answers
/// errors        kAgentNotRunning, kPermission, kTimeout, kProtocol
Result<std::string> exchange(const std::string& socket_path, std::chrono::milliseconds patience,
                             const std::string& line, std::string* version = nullptr);

/// Asks the running agent for something.
///
/// errors        as exchange(), and what the agent says
template <class Request>
Result<typename Request::Reply> ask(const std::string& socket_path,
                                    std::chrono::milliseconds patience, const Request& request,
                                    std::string* version = nullptr) {
  return exchange(socket_path, patience, ipc::encode_request(1, request), version)
      .and_then(
          [](const std::string& line) { return ipc::parse_answer<typename Request::Reply>(line); });
}

}  // namespace rsip::cli
