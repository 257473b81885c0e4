#include "agent/linux/underlay_socket.h"

#include <algorithm>
#include <chrono>
#include <netinet/in.h>
#include <optional>
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

using packet::Encapsulation;

constexpr std::uint32_t kMark = 4555;
constexpr std::uint16_t kL2tpPort = 1701;
constexpr packet::TunnelIds kIds{0x1234, 5};

int protocol_of(Encapsulation kind) {
  if (kind == Encapsulation::kL2tp) return IPPROTO_UDP;
  return kind == Encapsulation::kGre ? IPPROTO_GRE : IPPROTO_IPIP;
}

/// What has to stand in front of a packet in the payload of the outer one.
Bytes header_of(Encapsulation kind, const packet::TunnelIds& ids = kIds) {
  const packet::EncapsulationHeader header(kind, ids);
  return {header.bytes().begin(), header.bytes().end()};
}

Bytes operator+(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

sockaddr_in to_sockaddr(Ipv4Address ip, std::uint16_t port = 0) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(ip.value);
  address.sin_port = htons(port);
  return address;
}

/// The far end of the tunnel, on another address of the same host: a raw socket, and for L2TP the
/// UDP port that packets come from.
class FarEnd {
 public:
  FarEnd(Encapsulation kind, Ipv4Address own, std::uint16_t udp_port = kL2tpPort)
      : kind_(kind), raw_(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, protocol_of(kind))) {
    open(raw_, own, 0);
    if (kind != Encapsulation::kL2tp) return;
    udp_ = UniqueFd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    open(udp_, own, udp_port);
  }

  /// To the port that the last packet received came from.
  void send(Ipv4Address to, const Bytes& payload) const {
    const sockaddr_in address = to_sockaddr(to, port_);
    const UniqueFd& from = kind_ == Encapsulation::kL2tp ? udp_ : raw_;
    sendto(from.get(), payload.data(), payload.size(), 0,
           reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  void set_tos(int tos) const {
    for (const UniqueFd* const fd : {&raw_, &udp_}) {
      setsockopt(fd->get(), IPPROTO_IP, IP_TOS, &tos, sizeof tos);
    }
  }
  void answer_to(std::uint16_t port) { port_ = port; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Outer packet; empty after some seconds.
  Bytes receive() {
    Bytes outer(65536);
    const ssize_t got = recv(raw_.get(), outer.data(), outer.size(), 0);
    outer.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    if (kind_ == Encapsulation::kL2tp && outer.size() >= 28) port_ = packet::load_u16(&outer[20]);
    return outer;
  }
  /// Its payload: what follows the IP or UDP header.
  Bytes receive_payload() {
    const Bytes outer = receive();
    const std::size_t headers = kind_ == Encapsulation::kL2tp ? 28 : 20;
    return {outer.begin() + std::ptrdiff_t(std::min(headers, outer.size())), outer.end()};
  }

 private:
  static void open(const UniqueFd& fd, Ipv4Address own, std::uint16_t port) {
    const sockaddr_in address = to_sockaddr(own, port);
    bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    const timeval patience{5, 0};
    setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  Encapsulation kind_;
  UniqueFd raw_;
  UniqueFd udp_;
  std::uint16_t port_ = 0;
};

/// Each test with each tunnel.
class UnderlaySocketTest : public PrivateNetwork,
                           public ::testing::WithParamInterface<Encapsulation> {
 protected:
  void SetUp() override {
    PrivateNetwork::SetUp();
    if (IsSkipped()) return;
    run("ip addr add 10.1.0.1/32 dev lo && ip addr add 10.1.0.9/32 dev lo");
    socket_ = open(end_at("10.1.0.1"));
    ASSERT_TRUE(socket_);
  }

  static TunnelEnd end_at(const char* address) {
    return {GetParam(), ip(address), kIds.tunnel, kIds.session};
  }
  static std::unique_ptr<UnderlaySocket> open(const TunnelEnd& end) {
    auto opened = open_underlay(end, kMark);
    EXPECT_TRUE(opened) << to_line(opened.error());
    return opened ? std::move(*opened) : nullptr;
  }
  static Bytes wrapped(const Bytes& packet) { return header_of(GetParam()) + packet; }

  Bytes inner(std::uint8_t seed) {
    return udp_packet(at("203.0.113.10", 5000), at("198.51.100.7", 53), pattern(40, seed));
  }
  /// Tells the far end our UDP port, if the tunnel has one.
  void introduce(FarEnd& far) {
    const Bytes content = inner(0);
    const packet::WirePacket packet{{}, content};
    EXPECT_EQ(socket_->send({&packet, 1}).packets, 1U);
    EXPECT_EQ(far.receive_payload(), wrapped(content));
    if (GetParam() != Encapsulation::kL2tp) socket_->receive();  // our own, on the same host
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

  std::unique_ptr<UnderlaySocket> socket_;
};

INSTANTIATE_TEST_SUITE_P(Of, UnderlaySocketTest,
                         ::testing::Values(Encapsulation::kIpIp, Encapsulation::kGre,
                                           Encapsulation::kL2tp),
                         [](const auto& tunnel) {
                           const std::string name = packet::to_string(tunnel.param);
                           return name == "ip-ip" ? std::string("IpIp") : name;
                         });

// H-008, H-033: the inner bytes as they are, the type of service outside as inside
TEST_P(UnderlaySocketTest, WrapsPacketsInOrderAndCopiesTheTypeOfService) {
  FarEnd far(GetParam(), ip("10.1.0.1"));
  Bytes first = inner(1);
  packet::Ipv4Packet::parse(first)->set_tos(0xB9);
  const Bytes second = inner(2);
  const packet::WirePacket packets[] = {
      {{}, first}, {std::span(second).first(28), std::span(second).subspan(28)}};
  const Sent sent = socket_->send(packets);
  EXPECT_EQ(sent.packets, 2U);
  EXPECT_EQ(sent.bytes, first.size() + second.size());

  Bytes outer = far.receive();
  const auto marked = packet::Ipv4Packet::parse(outer).value();
  EXPECT_EQ(marked.tos(), 0xB9);
  EXPECT_TRUE(marked.dont_fragment());
  EXPECT_EQ(outer.size(), first.size() + packet::overhead_bytes(GetParam()));
  const Bytes payload(marked.payload().end() - std::ptrdiff_t(wrapped(first).size()),
                      marked.payload().end());
  EXPECT_EQ(payload, wrapped(first));
  outer = far.receive();
  EXPECT_EQ(packet::Ipv4Packet::parse(outer)->tos(), 0);
  EXPECT_EQ(Bytes(outer.end() - std::ptrdiff_t(second.size()), outer.end()), second);
}

// H-033: the other setting
TEST_P(UnderlaySocketTest, KeepsTheCodePointToItselfIfAskedTo) {
  TunnelEnd end = end_at("10.1.0.1");
  end.dscp = OuterDscp::kZero;
  const auto silent = open(end);
  FarEnd far(GetParam(), ip("10.1.0.1"));
  Bytes content = inner(1);
  packet::Ipv4Packet::parse(content)->set_tos(0xB9);
  const packet::WirePacket packet{{}, content};
  EXPECT_EQ(silent->send({&packet, 1}).packets, 1U);
  Bytes outer = far.receive();
  EXPECT_EQ(packet::Ipv4Packet::parse(outer)->tos(), 1) << "congestion bits are copied always";
}

TEST_P(UnderlaySocketTest, UnwrapsWhatComesFromTheFarEndAndNothingElse) {
  FarEnd far(GetParam(), ip("10.1.0.1"));
  introduce(far);
  FarEnd stranger(GetParam(), ip("10.1.0.9"));
  stranger.answer_to(far.port());
  stranger.send(ip("10.1.0.1"), wrapped(inner(1)));
  far.send(ip("10.1.0.1"), wrapped(inner(2)));
  const auto packets = receive();
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(Bytes(packets[0].bytes.begin(), packets[0].bytes.end()), inner(2));
  EXPECT_TRUE(socket_->receive().empty());
  EXPECT_EQ(socket_->refused(), 1U);
}

TEST_P(UnderlaySocketTest, SaysTheOuterTypeOfService) {
  FarEnd far(GetParam(), ip("10.1.0.1"));
  introduce(far);
  far.set_tos(3);
  far.send(ip("10.1.0.1"), wrapped(inner(1)));
  const auto packets = receive();
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].outer_tos, 3);
}

TEST_P(UnderlaySocketTest, TakesAWholeBatchAndTheNextOne) {
  FarEnd far(GetParam(), ip("10.1.0.1"));
  introduce(far);
  constexpr int kPackets = 150;
  for (int i = 0; i < kPackets; ++i) {
    far.send(ip("10.1.0.1"), wrapped(inner(static_cast<std::uint8_t>(i))));
  }
  int taken = 0;
  for (auto packets = receive(); !packets.empty(); packets = socket_->receive()) {
    for (const TunnelPacket& packet : packets) {
      const Bytes expected = inner(static_cast<std::uint8_t>(taken++));
      EXPECT_EQ(Bytes(packet.bytes.begin(), packet.bytes.end()), expected);
    }
  }
  EXPECT_EQ(taken, kPackets);
}

TEST_P(UnderlaySocketTest, LosesOnlyThePacketThatCannotBeSent) {
  const FarEnd far(GetParam(), ip("10.1.0.1"));
  const Bytes good = inner(1);
  const Bytes too_long(65530, 0x45);
  const packet::WirePacket packets[] = {{{}, good}, {{}, too_long}, {{}, good}};
  const Sent sent = socket_->send(packets);
  EXPECT_EQ(sent.packets, 2U);
  EXPECT_EQ(sent.bytes, 2 * good.size());
}

TEST_P(UnderlaySocketTest, SendsPacketsThatNoLongerFitThePathInFragments) {
  run("ip link set lo mtu 1000");
  FarEnd far(GetParam(), ip("10.1.0.1"));
  const Bytes large = udp_packet(at("203.0.113.10", 5000), at("198.51.100.7", 53), pattern(1400));
  const packet::WirePacket packet{{}, large};
  EXPECT_EQ(socket_->send({&packet, 1}).packets, 1U);
  EXPECT_EQ(far.receive_payload(), wrapped(large));
  far.send(ip("10.1.0.1"), wrapped(large));
  const auto packets = receive();
  ASSERT_FALSE(packets.empty());
  EXPECT_EQ(Bytes(packets.back().bytes.begin(), packets.back().bytes.end()), large);
}

TEST_P(UnderlaySocketTest, OuterSourceFollowsTheRoutingOfTheMomentAndThePortStays) {
  FarEnd far(GetParam(), ip("10.1.0.1"));
  const Bytes content = inner(1);
  const packet::WirePacket packet{{}, content};
  std::vector<std::uint16_t> ports;
  for (const char* const source : {"10.1.0.9", "10.1.0.1"}) {
    run(std::string("ip route replace local 10.1.0.1 dev lo table local src ") + source);
    EXPECT_EQ(socket_->send({&packet, 1}).packets, 1U);
    Bytes outer = far.receive();
    EXPECT_EQ(packet::Ipv4Packet::parse(outer)->source(), ip(source));
    ports.push_back(far.port());
  }
  EXPECT_EQ(ports[0], ports[1]);
}

TEST_P(UnderlaySocketTest, LosesPacketsWhileThereIsNoRoute) {
  const auto early = open(end_at("192.0.2.1"));
  ASSERT_TRUE(early) << "the network may come later";
  const Bytes content = inner(1);
  const packet::WirePacket packets[] = {{{}, content}, {{}, content}};
  EXPECT_EQ(early->send(packets).packets, 0U);
  add_network("other");
  EXPECT_EQ(early->send(packets).packets, 2U);
}

// The pump can always end, for nothing waits for room.
TEST_P(UnderlaySocketTest, LosesAtOnceWhatTheQueuesBelowCannotTake) {
  add_network("slow");
  const std::string refusal = run("tc qdisc add dev slow root tbf rate 8kbit burst 3000 limit 1g");
  if (!refusal.empty()) GTEST_SKIP() << refusal;
  const auto slow = open(end_at("192.0.2.1"));
  ASSERT_TRUE(slow);
  const Bytes content(1400, 0x45);
  const std::vector<packet::WirePacket> packets(20000, packet::WirePacket{{}, content});
  const auto before = std::chrono::steady_clock::now();
  const Sent sent = slow->send(packets);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(5));
  EXPECT_GT(sent.packets, 1000U);
  EXPECT_LT(sent.packets, packets.size());
  EXPECT_EQ(sent.bytes, sent.packets * content.size());
}

TEST_P(UnderlaySocketTest, NeedsAKeepAliveOnlyWhereATranslatorMayBeOnTheWay) {
  const bool wanted = GetParam() == Encapsulation::kL2tp;
  EXPECT_EQ(socket_->keep_alive_every().has_value(), wanted);
}

/// What L2TP alone has.
class L2tpUnderlayTest : public UnderlaySocketTest {
 protected:
  void SetUp() override {
    UnderlaySocketTest::SetUp();
    if (IsSkipped()) return;
    far_.emplace(Encapsulation::kL2tp, ip("10.1.0.1"));
    introduce(*far_);
  }
  /// Only the packet behind it arrives.
  void expect_refused(const Bytes& payload) {
    const std::uint64_t before = socket_->refused();
    far_->send(ip("10.1.0.1"), payload);
    far_->send(ip("10.1.0.1"), wrapped(inner(9)));
    EXPECT_EQ(receive().size() + socket_->receive().size(), 1U);
    EXPECT_EQ(socket_->refused(), before + 1);
  }

  std::optional<FarEnd> far_;
};

INSTANTIATE_TEST_SUITE_P(Alone, L2tpUnderlayTest, ::testing::Values(Encapsulation::kL2tp),
                         [](const auto&) { return "l2tp"; });

TEST_P(L2tpUnderlayTest, KeepsAliveByAnEchoRequestAndTakesTheReplyInSilence) {
  for (const std::uint8_t id : std::initializer_list<std::uint8_t>{0, 1}) {
    socket_->keep_alive();
    const auto request = packet::l2tp_echo(kIds, {.reply = false, .id = id});
    EXPECT_EQ(far_->receive_payload(), Bytes(request.begin(), request.end()));
    const auto reply = packet::l2tp_echo(kIds, {.reply = true, .id = id});
    far_->send(ip("10.1.0.1"), Bytes(reply.begin(), reply.end()));
    EXPECT_TRUE(receive().empty());
    far_->receive();  // its own reply, on the same host
  }
  EXPECT_EQ(socket_->refused(), 0U);
}

TEST_P(L2tpUnderlayTest, RefusesOtherTunnelsAndSessions) {
  expect_refused(header_of(Encapsulation::kL2tp, {0x1235, 5}) + inner(1));
  expect_refused(header_of(Encapsulation::kL2tp, {0x1234, 6}) + inner(1));
}

TEST_P(L2tpUnderlayTest, RefusesControlMessagesAndOtherProtocols) {
  expect_refused({0xC8, 2, 0, 12, 0x12, 0x34, 0, 5, 0, 0, 0, 0});
  expect_refused(Bytes{0, 2, 0x12, 0x34, 0, 5, 0xFF, 3, 0x80, 0x21} + inner(1));
}

TEST_P(L2tpUnderlayTest, RefusesAnotherPortOfTheFarEnd) {
  FarEnd neighbour(Encapsulation::kL2tp, ip("10.1.0.1"), 1702);
  neighbour.answer_to(far_->port());
  neighbour.send(ip("10.1.0.1"), wrapped(inner(1)));
  EXPECT_TRUE(receive().empty());
  EXPECT_EQ(socket_->refused(), 1U);
}

TEST_P(L2tpUnderlayTest, TakesEveryFormOfTheHeader) {
  far_->send(ip("10.1.0.1"),
             Bytes{0x4A, 2, 0, 83, 0x12, 0x34, 0, 5, 0, 1, 0, 0, 0, 0, 0x21} + inner(1));
  const auto packets = receive();
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(Bytes(packets[0].bytes.begin(), packets[0].bytes.end()), inner(1));
}

}  // namespace
}  // namespace rsip::agent
