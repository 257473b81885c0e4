#include "agent/cli/agent_client.h"

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace rsip::cli {
namespace {

/// A blocking connection to the agent that reads and writes whole lines.
class LineSocket {
 public:
  LineSocket() = default;
  ~LineSocket() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  LineSocket(const LineSocket&) = delete;
  LineSocket& operator=(const LineSocket&) = delete;

  Result<void> connect(const std::string& path, std::chrono::milliseconds patience);
  Result<void> write_line(std::string line);
  Result<std::string> read_line();

 private:
  int descriptor_ = -1;
  std::string received_;
};

Error cannot_connect(const std::string& path, int reason) {
  if (reason == EACCES || reason == EPERM) {
    return {ErrorKind::kPermission, "not allowed to open " + path,
            "the socket is for all local users: check the permissions of its folder"};
  }
  return {ErrorKind::kAgentNotRunning, "no agent answers at " + path + ": " + std::strerror(reason),
          "start it with: rsipd --config FILE; another socket: rsipctl --socket PATH"};
}

Error lost(int reason) {
  if (reason == EAGAIN) {
    return {ErrorKind::kTimeout, "the agent does not answer", "see its log"};
  }
  return {ErrorKind::kAgentNotRunning,
          std::string("lost the connection to the agent: ") +
              (reason == 0 ? "it ended" : std::strerror(reason)),
          "see its log"};
}

Result<void> LineSocket::connect(const std::string& path, std::chrono::milliseconds patience) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return fail(ErrorKind::kUsage, "the socket path is too long: " + path);
  }
  path.copy(address.sun_path, path.size());
  descriptor_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{patience.count() / 1000, patience.count() % 1000 * 1000};
  setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return tl::unexpected(cannot_connect(path, errno));
  }
  return {};
}

Result<void> LineSocket::write_line(std::string line) {
  line += '\n';
  for (std::size_t sent = 0; sent < line.size();) {
    const ssize_t count = send(descriptor_, &line[sent], line.size() - sent, MSG_NOSIGNAL);
    if (count < 0) return tl::unexpected(lost(errno));
    sent += static_cast<std::size_t>(count);
  }
  return {};
}

Result<std::string> LineSocket::read_line() {
  for (;;) {
    if (const std::size_t end = received_.find('\n'); end != std::string::npos) {
      std::string line = received_.substr(0, end);
      received_.erase(0, end + 1);
      return line;
    }
    if (received_.size() > ipc::kMaxLineBytes) {
      return fail(ErrorKind::kProtocol, "the agent sends a line without end");
    }
    char chunk[4096];
    const ssize_t count = recv(descriptor_, chunk, sizeof chunk, 0);
    if (count <= 0) return tl::unexpected(lost(count == 0 ? 0 : errno));
    received_.append(chunk, static_cast<std::size_t>(count));
  }
}

}  // namespace

Result<std::string> exchange(const std::string& socket_path, std::chrono::milliseconds patience,
                             const std::string& line) {
  LineSocket agent;
  return agent.connect(socket_path, patience)
      .and_then([&] { return agent.read_line(); })
      .and_then([](const std::string& hello) { return ipc::parse_hello(hello); })
      .and_then([&] { return agent.write_line(line); })
      .and_then([&] { return agent.read_line(); });
}

}  // namespace rsip::cli
