#include "agent/cli/doctor/probes.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/cli/doctor/fact_parsers.h"

namespace rsip::cli::doctor {
namespace {

constexpr int kPatienceMs = 2000;
constexpr std::uint16_t kDnsPort = 53;

/// A socket that is connected to an address, or on its way there.
class Probe {
 public:
  Probe(int type, const std::string& address, std::uint16_t port)
      : descriptor_(socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    if (inet_pton(AF_INET, address.c_str(), &to.sin_addr) != 1) return;
    valid_ = true;
    const int done = connect(descriptor_, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    error_ = done == 0 || errno == EINPROGRESS ? 0 : errno;
  }
  ~Probe() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  [[nodiscard]] bool valid() const { return valid_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

  /// 0, or an errno value; ETIMEDOUT if nothing happens.
  [[nodiscard]] int wait(short events) {
    if (error_ != 0) return error_;
    pollfd waiting{descriptor_, events, 0};
    if (poll(&waiting, 1, kPatienceMs) != 1) return ETIMEDOUT;
    socklen_t size = sizeof error_;
    getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error_, &size);
    return error_;
  }

 private:
  int descriptor_;
  bool valid_ = false;
  int error_ = 0;
};

}  // namespace

ControlPort try_connection(const std::string& address, std::uint16_t port) {
  Probe probe(SOCK_STREAM, address, port);
  const int error = probe.wait(POLLOUT);
  if (error == 0) return ControlPort::kAnswers;
  return error == ECONNREFUSED ? ControlPort::kRefuses : ControlPort::kSilent;
}

std::optional<bool> ask_name_server(const std::string& address) {
  Probe probe(SOCK_DGRAM, address, kDnsPort);
  if (!probe.valid()) return std::nullopt;
  const auto id = static_cast<std::uint16_t>(getpid());
  const std::string question = dns_question(id);
  if (send(probe.descriptor(), question.data(), question.size(), 0) < 0) return false;
  if (probe.wait(POLLIN) != 0) return false;
  std::array<char, 512> answer;
  const ssize_t count = recv(probe.descriptor(), answer.data(), answer.size(), 0);
  return count > 0 && is_dns_answer({answer.data(), static_cast<std::size_t>(count)}, id);
}

}  // namespace rsip::cli::doctor
