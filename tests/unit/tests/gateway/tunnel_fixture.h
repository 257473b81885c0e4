#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <sys/socket.h>

#include "tests/fakes/private_network.h"
#include "tests/gateway/tunnel/pump.h"
#include "tests/unit/tests/gateway/packet_builder.h"

namespace rsip::gateway {

inline constexpr Ipv4Address kGateway{0x0A010001};  // 10.1.0.1
inline constexpr int kPatienceMs = 10000;           // what is waited for comes; machines are slow

inline sockaddr_in to_sockaddr(Ipv4Address address) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(address.value);
  return to;
}

/// A raw socket of one of the test's own addresses. Reads whole packets; writes whole packets with
/// IPPROTO_RAW, else payloads.
class RawSocket {
 public:
  RawSocket(Ipv4Address local, int protocol)
      : fd_(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, protocol)) {
    const sockaddr_in own = to_sockaddr(local);
    EXPECT_EQ(bind(fd_.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own), 0);
  }
  void set_outer_tos(int tos) const { setsockopt(fd_.get(), IPPROTO_IP, IP_TOS, &tos, sizeof tos); }
  /// Whether the kernel took it.
  bool send(Ipv4Address to, const Bytes& bytes) const {
    const sockaddr_in peer = to_sockaddr(to);
    return sendto(fd_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT,
                  reinterpret_cast<const sockaddr*>(&peer), sizeof peer) >= 0;
  }
  /// Waits for the next packet; empty if none comes.
  Bytes receive() const {
    pollfd readable{fd_.get(), POLLIN, 0};
    if (poll(&readable, 1, kPatienceMs) != 1) return {};
    Bytes bytes(65536);
    const ssize_t size = recv(fd_.get(), bytes.data(), bytes.size(), 0);
    bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return bytes;
  }

 private:
  UniqueFd fd_;
};

/// Things that another thread reports.
template <class Thing>
class Mailbox {
 public:
  void put(Thing thing) {
    const std::lock_guard lock(mutex_);
    things_.push_back(std::move(thing));
    arrived_.notify_one();
  }
  std::optional<Thing> wait() {
    std::unique_lock lock(mutex_);
    const auto patience = std::chrono::milliseconds(kPatienceMs);
    if (!arrived_.wait_for(lock, patience, [this] { return !things_.empty(); })) return {};
    Thing first = std::move(things_.front());
    things_.pop_front();
    return first;
  }
  std::size_t size() {
    const std::lock_guard lock(mutex_);
    return things_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Thing> things_;
};

/// A network namespace that is gateway, private and public network in one: all their addresses are
/// on its loopback, only the leased ones are routed into the TUN.
class TunnelFixture : public fakes::PrivateNetwork {
 protected:
  static constexpr std::uint16_t kUnderlayMtu = 1500;

  void SetUp() override {
    PrivateNetwork::SetUp();
    if (IsSkipped()) return;
    for (const Ipv4Address own : {kGateway, kHostA, kHostB, kRemote}) {
      run("ip addr add " + own.to_string() + "/32 dev lo");
    }
  }
};

}  // namespace rsip::gateway
