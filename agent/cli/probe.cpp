#include "agent/cli/probe.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <ifaddrs.h>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/cli/command/command.h"

namespace rsip::cli {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// A socket that closes itself.
class Socket {
 public:
  explicit Socket(int type) : descriptor_(socket(AF_INET, type | SOCK_CLOEXEC, 0)) {}
  ~Socket() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

Result<sockaddr_in> resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (error != 0) {
    return fail(ErrorKind::kUsage, host + " has no IPv4 address: " + gai_strerror(error));
  }
  sockaddr_in address{};
  std::memcpy(&address, found->ai_addr, sizeof address);
  freeaddrinfo(found);
  address.sin_port = htons(port);
  return address;
}

std::string text_of(const in_addr& address) {
  char text[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, &address, text, sizeof text);
  return text;
}

/// returns   0, or why there is no connection
int connect_within(int descriptor, const sockaddr_in& address, milliseconds patience) {
  fcntl(descriptor, F_SETFL, O_NONBLOCK);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd waiting{descriptor, POLLOUT, 0};
  if (poll(&waiting, 1, static_cast<int>(patience.count())) == 0) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

std::string device_with(const in_addr& address) {
  ifaddrs* all = nullptr;
  if (getifaddrs(&all) != 0) return "";
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(all, freeifaddrs);
  for (const ifaddrs* one = all; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || one->ifa_addr->sa_family != AF_INET) continue;
    sockaddr_in has{};
    std::memcpy(&has, one->ifa_addr, sizeof has);
    if (has.sin_addr.s_addr == address.s_addr) return one->ifa_name;
  }
  return "";
}

}  // namespace

Result<std::pair<std::string, std::uint16_t>> parse_endpoint(const std::string& text,
                                                             std::uint16_t port) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) return std::pair(text, port);
  if (text.find(':', colon + 1) != std::string::npos) {
    return fail(ErrorKind::kUsage, text + " is not an IPv4 address", "RSIP carries IPv4 alone");
  }
  const std::string digits = text.substr(colon + 1);
  if (const std::string complaint = check_port(digits); !complaint.empty()) {
    return fail(ErrorKind::kUsage, text + " has no port after its colon",
                "for example " + text.substr(0, colon) + ":443");
  }
  return std::pair(text.substr(0, colon), static_cast<std::uint16_t>(std::stoul(digits)));
}

Result<ipc::ProbeReport> probe(const std::string& host, std::uint16_t port, int times,
                               milliseconds patience) {
  const auto address = resolve(host, port);
  if (!address) return tl::unexpected(address.error());
  ipc::ProbeReport report{host, text_of(address->sin_addr), port, {}};
  for (int i = 0; i < times; ++i) {
    const Socket tcp(SOCK_STREAM);
    const auto begun = steady_clock::now();
    if (const int error = connect_within(tcp.get(), *address, patience); error != 0) {
      return fail(
          ErrorKind::kUnreachable,
          report.address + ":" + std::to_string(port) + " does not answer: " + std::strerror(error),
          "a gateway that speaks UDP alone cannot be probed");
    }
    report.connected_microseconds.push_back(static_cast<std::uint32_t>(
        std::chrono::duration_cast<microseconds>(steady_clock::now() - begun).count()));
  }
  return report;
}

void look_at_path(const std::string& address, ipc::MtuReport& report) {
  const auto target = resolve(address, 9);  // nothing is sent
  const Socket udp(SOCK_DGRAM);
  if (!target ||
      connect(udp.get(), reinterpret_cast<const sockaddr*>(&*target), sizeof *target) != 0) {
    return;
  }
  sockaddr_in own{};
  socklen_t size = sizeof own;
  int mtu = 0;
  socklen_t mtu_size = sizeof mtu;
  if (getsockopt(udp.get(), IPPROTO_IP, IP_MTU, &mtu, &mtu_size) == 0) {
    report.path_mtu = static_cast<std::uint32_t>(mtu);
  }
  if (getsockname(udp.get(), reinterpret_cast<sockaddr*>(&own), &size) != 0) return;
  report.outer_device = device_with(own.sin_addr);
  std::ifstream("/sys/class/net/" + report.outer_device + "/mtu") >> report.outer_mtu;
}

}  // namespace rsip::cli
