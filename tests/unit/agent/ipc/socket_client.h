#pragma once

#include <optional>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "common/ipc/protocol.h"

namespace rsip::agent::test {

/// A client of the agent's socket that reads line by line.
class SocketClient {
 public:
  explicit SocketClient(const std::string& path) : descriptor_(socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_TRUE(line()) << "no hello";
  }
  ~SocketClient() { close(descriptor_); }
  SocketClient(const SocketClient&) = delete;
  SocketClient& operator=(const SocketClient&) = delete;

  void send(const std::string& text) const {
    EXPECT_EQ(::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  void ask(const ipc::Call& call) const { send(ipc::encode_request(1, call) + '\n'); }

  /// Nothing if the connection ended, or after five seconds.
  std::optional<std::string> line() {
    for (;;) {
      if (const auto end = unread_.find('\n'); end != std::string::npos) {
        std::string found = unread_.substr(0, end);
        unread_.erase(0, end + 1);
        return found;
      }
      pollfd wait{descriptor_, POLLIN, 0};
      char bytes[65536];
      if (poll(&wait, 1, 5000) <= 0) return std::nullopt;
      const ssize_t count = read(descriptor_, bytes, sizeof bytes);
      if (count <= 0) return std::nullopt;
      unread_.append(bytes, static_cast<std::size_t>(count));
    }
  }
  template <class Reply>
  Result<Reply> answer() {
    const auto read = line();
    if (!read) return fail(ErrorKind::kTimeout, "no answer");
    return ipc::parse_answer<Reply>(*read);
  }
  std::optional<ipc::Event> event() {
    const auto read = line();
    if (!read) return std::nullopt;
    const auto event = ipc::parse_event(*read);
    return event ? *event : std::nullopt;
  }

 private:
  int descriptor_;
  std::string unread_;
};

}  // namespace rsip::agent::test
