#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <utility>
#include <vector>

#include <linux/if_ether.h>
#include <linux/if_packet.h>

// A wire that takes time, for kernels without netem: every Ethernet frame that arrives at one of
// two interfaces leaves at the other one so many milliseconds later.
//
//   delay_relay INTERFACE INTERFACE MILLISECONDS
//
// The machines at its ends have to finish their checksums themselves (ethtool -K ... tx off).
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxFrameBytes = 65536;
constexpr std::size_t kMaxFrames =
    20000;  // on the way in one direction; more are lost, as on a wire

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

int packet_socket(const char* interface) {
  const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ALL));
  if (fd < 0) die("socket");
  sockaddr_ll at{};
  at.sll_family = AF_PACKET;
  at.sll_protocol = htons(ETH_P_ALL);
  at.sll_ifindex = static_cast<int>(if_nametoindex(interface));
  if (at.sll_ifindex == 0) die(interface);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) die("bind");
  const packet_mreq everything{at.sll_ifindex, PACKET_MR_PROMISC, 0, {}};
  if (setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &everything, sizeof everything) != 0) {
    die("promiscuous mode");
  }
  const int bytes = 16 << 20;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  return fd;
}

/// Frames on the way from one interface to the other.
class Direction {
 public:
  Direction(int from, int to, Clock::duration delay) : from_(from), to_(to), delay_(delay) {}

  void take_in() {
    for (;;) {
      sockaddr_ll sender{};
      socklen_t length = sizeof sender;
      const ssize_t size = recvfrom(from_, buffer_.data(), buffer_.size(), 0,
                                    reinterpret_cast<sockaddr*>(&sender), &length);
      if (size < 0) return;
      if (sender.sll_pkttype == PACKET_OUTGOING) continue;  // our own
      if (frames_.size() == kMaxFrames) continue;
      frames_.push_back({Clock::now() + delay_, {buffer_.begin(), buffer_.begin() + size}});
    }
  }

  void let_out() {
    for (; !frames_.empty() && frames_.front().due <= Clock::now(); frames_.pop_front()) {
      const auto& bytes = frames_.front().bytes;
      send(to_, bytes.data(), bytes.size(), 0);
    }
  }

  [[nodiscard]] Clock::time_point next() const {
    return frames_.empty() ? Clock::time_point::max() : frames_.front().due;
  }

 private:
  struct Frame {
    Clock::time_point due;
    std::vector<char> bytes;
  };
  int from_;
  int to_;
  Clock::duration delay_;
  std::deque<Frame> frames_;
  std::vector<char> buffer_ = std::vector<char>(kMaxFrameBytes);
};

/// How long poll may wait; nullptr: until something arrives.
const timespec* patience(Clock::time_point until, timespec& storage) {
  if (until == Clock::time_point::max()) return nullptr;
  const auto left = std::max(Clock::duration::zero(), until - Clock::now());
  const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(left).count();
  storage = {ns / 1'000'000'000, ns % 1'000'000'000};
  return &storage;
}

[[noreturn]] void relay(int one, int other, Clock::duration delay) {
  Direction there(one, other, delay);
  Direction back(other, one, delay);
  for (;;) {
    std::array<pollfd, 2> waiting{{{one, POLLIN, 0}, {other, POLLIN, 0}}};
    timespec storage{};
    ppoll(waiting.data(), waiting.size(), patience(std::min(there.next(), back.next()), storage),
          nullptr);
    there.take_in();
    back.take_in();
    there.let_out();
    back.let_out();
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: delay_relay INTERFACE INTERFACE MILLISECONDS\n");
    return 2;
  }
  const std::chrono::duration<double, std::milli> delay(std::atof(argv[3]));
  relay(packet_socket(argv[1]), packet_socket(argv[2]),
        std::chrono::duration_cast<Clock::duration>(delay));
}
