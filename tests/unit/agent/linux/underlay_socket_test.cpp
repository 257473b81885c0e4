#include "agent/linux/underlay_socket.h"

#include <chrono>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <vector>

#include <gmock/gmock.h>

#include "agent/linux/unique_fd.h"
#include "tests/fakes/packets.h"
#include "tests/fakes/private_network.h"

namespace rsip::agent {
namespace {

using namespace rsip::fakes;

constexpr std::uint32_t kMark = 4555;

/// The far end of the tunnel: a raw socket on another address of the same host.
class FarEnd {
 public:
  explicit FarEnd(Ipv4Address own)
      : socket_(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_IPIP)) {
    const sockaddr_in address = to_sockaddr(own);
    bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    const timeval patience{5, 0};
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }

  void send(Ipv4Address to, const Bytes& inner) const {
    const sockaddr_in address = to_sockaddr(to);
    sendto(socket_.get(), inner.data(), inner.size(), 0,
           reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  /// Outer packet; empty after some seconds.
  [[nodiscard]] Bytes receive() const {
    Bytes outer(65536);
    const ssize_t got = recv(socket_.get(), outer.data(), outer.size(), 0);
    outer.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return outer;
  }

 private:
  static sockaddr_in to_sockaddr(Ipv4Address ip) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(ip.value);
    return address;
  }
  UniqueFd socket_;
};

class UnderlaySocketTest : public PrivateNetwork {
 protected:
  void SetUp() override {
    PrivateNetwork::SetUp();
    if (IsSkipped()) return;
    run("ip addr add 10.1.0.1/32 dev lo && ip addr add 10.1.0.9/32 dev lo");
    auto opened = LinuxUnderlaySocket::open(ip("10.1.0.1"), kMark);
    ASSERT_TRUE(opened) << to_line(opened.error());
    socket_ = std::move(*opened);
  }

  Bytes inner(std::uint8_t seed) {
    return udp_packet(at("203.0.113.10", 5000), at("198.51.100.7", 53), pattern(40, seed));
  }
  /// A LAN where 192.0.2.1 is to be found.
  static void add_network(const std::string& name) {
    run("ip link add " + name + " type veth peer name far && ip link set far up");
    run("ip link set " + name + " up && ip addr add 192.0.2.2/24 dev " + name);
    run("ip neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev " + name);
  }
  std::span<const TunnelPacket> receive() {
    pollfd wait{socket_->readable(), POLLIN, 0};
    poll(&wait, 1, 5000);
    return socket_->receive();
  }

  std::unique_ptr<LinuxUnderlaySocket> socket_;
};

TEST_F(UnderlaySocketTest, WrapsPacketsInOrderAndCopiesTheTypeOfService) {
  const FarEnd far(ip("10.1.0.1"));
  Bytes first = inner(1);
  packet::Ipv4Packet::parse(first)->set_tos(0xB9);
  const Bytes second = inner(2);
  const packet::WirePacket packets[] = {
      {{}, first}, {std::span(second).first(28), std::span(second).subspan(28)}};
  const Sent sent = socket_->send(packets);
  EXPECT_EQ(sent.packets, 2U);
  EXPECT_EQ(sent.bytes, first.size() + second.size());

  Bytes outer = far.receive();
  const auto wrapped = packet::Ipv4Packet::parse(outer).value();
  EXPECT_EQ(wrapped.tos(), 0xB9);
  EXPECT_TRUE(wrapped.dont_fragment());
  EXPECT_EQ(Bytes(wrapped.payload().begin(), wrapped.payload().end()), first);
  outer = far.receive();
  EXPECT_EQ(packet::Ipv4Packet::parse(outer)->tos(), 0);
  EXPECT_EQ(Bytes(outer.begin() + 20, outer.end()), second);
}

TEST_F(UnderlaySocketTest, UnwrapsWhatComesFromTheFarEndAndNothingElse) {
  const FarEnd far(ip("10.1.0.1"));
  const FarEnd stranger(ip("10.1.0.9"));
  stranger.send(ip("10.1.0.1"), inner(1));
  far.send(ip("10.1.0.1"), inner(2));
  const auto packets = receive();
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(Bytes(packets[0].bytes.begin(), packets[0].bytes.end()), inner(2));
  EXPECT_TRUE(socket_->receive().empty());
  EXPECT_EQ(socket_->refused(), 1U);
}

TEST_F(UnderlaySocketTest, LosesOnlyThePacketThatCannotBeSent) {
  const FarEnd far(ip("10.1.0.1"));
  const Bytes good = inner(1);
  const Bytes too_long(65530, 0x45);
  const packet::WirePacket packets[] = {{{}, good}, {{}, too_long}, {{}, good}};
  const Sent sent = socket_->send(packets);
  EXPECT_EQ(sent.packets, 2U);
  EXPECT_EQ(sent.bytes, 2 * good.size());
}

TEST_F(UnderlaySocketTest, SendsPacketsThatNoLongerFitThePathInFragments) {
  run("ip link set lo mtu 1000");
  const FarEnd far(ip("10.1.0.1"));
  const Bytes large = udp_packet(at("203.0.113.10", 5000), at("198.51.100.7", 53), pattern(1400));
  const packet::WirePacket packet{{}, large};
  EXPECT_EQ(socket_->send({&packet, 1}).packets, 1U);
  const Bytes outer = far.receive();
  ASSERT_GE(outer.size(), 20U);
  EXPECT_EQ(Bytes(outer.begin() + 20, outer.end()), large);
}

TEST_F(UnderlaySocketTest, OuterSourceFollowsTheRoutingOfTheMoment) {
  const FarEnd far(ip("10.1.0.1"));
  const Bytes content = inner(1);
  const packet::WirePacket packet{{}, content};
  for (const char* const source : {"10.1.0.9", "10.1.0.1"}) {
    run(std::string("ip route replace local 10.1.0.1 dev lo table local src ") + source);
    EXPECT_EQ(socket_->send({&packet, 1}).packets, 1U);
    Bytes outer = far.receive();
    EXPECT_EQ(packet::Ipv4Packet::parse(outer)->source(), ip(source));
  }
}

TEST_F(UnderlaySocketTest, LosesPacketsWhileThereIsNoRoute) {
  auto opened = LinuxUnderlaySocket::open(ip("192.0.2.1"), kMark);
  ASSERT_TRUE(opened) << "the network may come later";
  const Bytes content = inner(1);
  const packet::WirePacket packets[] = {{{}, content}, {{}, content}};
  EXPECT_EQ((*opened)->send(packets).packets, 0U);
  add_network("other");
  EXPECT_EQ((*opened)->send(packets).packets, 2U);
}

// A raw socket does not wait for room, so the pump can always end.
TEST_F(UnderlaySocketTest, LosesAtOnceWhatTheQueuesBelowCannotTake) {
  add_network("slow");
  const std::string refusal = run("tc qdisc add dev slow root tbf rate 8kbit burst 3000 limit 1g");
  if (!refusal.empty()) GTEST_SKIP() << refusal;
  auto opened = LinuxUnderlaySocket::open(ip("192.0.2.1"), kMark);
  ASSERT_TRUE(opened);
  const Bytes content(1400, 0x45);
  const std::vector<packet::WirePacket> packets(20000, packet::WirePacket{{}, content});
  const auto before = std::chrono::steady_clock::now();
  const Sent sent = (*opened)->send(packets);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(5));
  EXPECT_GT(sent.packets, 1000U);
  EXPECT_LT(sent.packets, packets.size());
  EXPECT_EQ(sent.bytes, sent.packets * content.size());
}

}  // namespace
}  // namespace rsip::agent
