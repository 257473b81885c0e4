#include "agent/cli/agent_client.h"

#include "agent/cli/line_socket.h"

namespace rsip::cli {

Result<std::string> exchange(const std::string& socket_path, std::chrono::milliseconds patience,
                             const std::string& line, std::string* version) {
  LineSocket agent;
  return agent.connect(socket_path, patience)
      .and_then([&] { return agent.read_line(patience); })
      .and_then([](const std::string& hello) { return ipc::parse_hello(hello); })
      .and_then([&](const std::string& said) {
        if (version != nullptr) *version = said;
        return agent.write_line(line);
      })
      .and_then([&] { return agent.read_line(patience); });
}

}  // namespace rsip::cli
