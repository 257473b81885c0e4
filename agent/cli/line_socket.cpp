#include "agent/cli/line_socket.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/ipc/protocol.h"

namespace rsip::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Error cannot_connect(const std::string& path, int reason) {
  if (reason == EACCES || reason == EPERM) {
    return {ErrorKind::kPermission, "not allowed to open " + path,
            "the socket is for all local users: check the permissions of its folder"};
  }
  return {ErrorKind::kAgentNotRunning, "no agent answers at " + path + ": " + std::strerror(reason),
          "start it with: systemctl start rsipd, or rsipd --config FILE; another socket: rsipctl "
          "--socket PATH"};
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

/// errors   kTimeout if nothing comes until then
Result<void> wait_readable(int descriptor, std::optional<steady_clock::time_point> until) {
  for (;;) {
    int left = -1;
    if (until) {
      const auto rest = std::chrono::ceil<milliseconds>(*until - steady_clock::now()).count();
      left = static_cast<int>(std::max<milliseconds::rep>(rest, 0));
    }
    pollfd waiting{descriptor, POLLIN, 0};
    const int ready = poll(&waiting, 1, left);
    if (ready > 0) return {};
    if (ready == 0) return tl::unexpected(lost(EAGAIN));
    if (errno != EINTR) return tl::unexpected(lost(errno));
  }
}

}  // namespace

LineSocket::~LineSocket() {
  if (descriptor_ >= 0) close(descriptor_);
}

Result<void> LineSocket::connect(const std::string& path, milliseconds patience) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return fail(ErrorKind::kUsage, "the socket path is too long: " + path);
  }
  path.copy(address.sun_path, path.size());
  descriptor_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{patience.count() / 1000, patience.count() % 1000 * 1000};
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

Result<std::string> LineSocket::read_line(std::optional<milliseconds> patience) {
  std::optional<steady_clock::time_point> until;
  if (patience) until = steady_clock::now() + *patience;
  for (;;) {
    if (const std::size_t end = received_.find('\n'); end != std::string::npos) {
      std::string line = received_.substr(0, end);
      received_.erase(0, end + 1);
      return line;
    }
    if (received_.size() > ipc::kMaxLineBytes) {
      return fail(ErrorKind::kProtocol, "the agent sends a line without end");
    }
    if (auto readable = wait_readable(descriptor_, until); !readable) {
      return tl::unexpected(readable.error());
    }
    char chunk[4096];
    const ssize_t count = recv(descriptor_, chunk, sizeof chunk, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return tl::unexpected(lost(count == 0 ? 0 : errno));
    received_.append(chunk, static_cast<std::size_t>(count));
  }
}

}  // namespace rsip::cli
