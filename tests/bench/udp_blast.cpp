#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

// How many 64-byte UDP datagrams a second get through, counted where they arrive.
//
//   udp_blast serve ADDRESS PORT              answers clients, one at a time, until it is ended
//   udp_blast up|down ADDRESS PORT SECONDS    prints datagrams per second towards or from the
//   server
//
// The client speaks first in both directions, as every host behind a gateway has to.
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr std::size_t kPayloadBytes = 64;
constexpr unsigned kBatch = 32;

/// Batches of datagrams without content, for sendmmsg and recvmmsg on a connected socket.
struct Batch {
  Batch() {
    for (unsigned i = 0; i < kBatch; ++i) {
      pieces[i] = {payload[i].data(), kPayloadBytes};
      messages[i].msg_hdr.msg_iov = &pieces[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
  }
  std::array<std::array<char, kPayloadBytes>, kBatch> payload{};
  std::array<iovec, kBatch> pieces{};
  std::array<mmsghdr, kBatch> messages{};
};

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

int udp_socket(double patience_seconds) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) die("socket");
  const int bytes = 4 << 20;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  const timeval patience{0, static_cast<suseconds_t>(patience_seconds * 1e6)};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  return fd;
}

sockaddr_in endpoint(const char* address, const char* port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
  if (inet_pton(AF_INET, address, &at.sin_addr) != 1) die(address);
  return at;
}

void blast(int fd, double seconds) {
  Batch batch;
  const auto end = Clock::now() + Seconds(seconds);
  while (Clock::now() < end) sendmmsg(fd, batch.messages.data(), kBatch, 0);
}

/// Datagrams per second between the first and the last that arrive.
double count(int fd, double seconds) {
  Batch batch;
  const auto end = Clock::now() + Seconds(seconds);
  Clock::time_point first{};
  Clock::time_point last{};
  long arrived = 0;
  while (Clock::now() < end) {
    const int got = recvmmsg(fd, batch.messages.data(), kBatch, MSG_WAITFORONE, nullptr);
    if (got <= 0) continue;
    last = Clock::now();
    if (arrived == 0) first = last;
    arrived += got;
  }
  return last > first ? static_cast<double>(arrived) / Seconds(last - first).count() : 0;
}

/// One request "up SECONDS" or "down SECONDS" on the listening socket, served through it.
void serve_one(int fd) {
  char request[32] = {};
  sockaddr_in peer{};
  socklen_t length = sizeof peer;
  if (recvfrom(fd, request, sizeof request - 1, 0, reinterpret_cast<sockaddr*>(&peer), &length) <
      4) {
    return;
  }
  const bool down = std::strncmp(request, "down", 4) == 0;
  if (!down && std::strncmp(request, "up", 2) != 0) return;  // a straggler of the last run
  const double seconds = std::atof(std::strchr(request, ' '));
  if (connect(fd, reinterpret_cast<sockaddr*>(&peer), length) != 0) die("connect");
  if (down) {
    blast(fd, seconds);
  } else {
    const std::string answer = std::to_string(count(fd, seconds + 0.3));
    send(fd, answer.data(), answer.size(), 0);
  }
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;
  connect(fd, &nobody, sizeof nobody);
}

int serve(const sockaddr_in& at) {
  const int fd = udp_socket(0.2);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) die("bind");
  for (;;) serve_one(fd);
}

int measure(bool down, const sockaddr_in& server, const char* seconds) {
  const int fd = udp_socket(0.2);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0) die("connect");
  const std::string request = std::string(down ? "down " : "up ") + seconds;
  send(fd, request.data(), request.size(), 0);
  if (down) {
    std::printf("%.0f\n", count(fd, std::atof(seconds) + 0.3));
    return 0;
  }
  blast(fd, std::atof(seconds));
  char answer[32] = {};
  for (int tries = 0; tries < 20; ++tries) {
    if (recv(fd, answer, sizeof answer - 1, 0) > 0) {
      std::printf("%.0f\n", std::atof(answer));
      return 0;
    }
  }
  std::fprintf(stderr, "no answer from the server\n");
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "serve" && argc == 4) return serve(endpoint(argv[2], argv[3]));
  if ((mode == "up" || mode == "down") && argc == 5) {
    return measure(mode == "down", endpoint(argv[2], argv[3]), argv[4]);
  }
  std::fprintf(stderr, "usage: udp_blast serve ADDRESS PORT | up|down ADDRESS PORT SECONDS\n");
  return 2;
}
