#include <algorithm>

#include "tests/gateway/tunnel/pump.h"
#include "tests/gateway/tunnel/tunnel_type.h"
#include "tests/unit/tests/gateway/pump_fixture.h"

// The pump with each kind of tunnel.
namespace rsip::gateway {
namespace {

using msg::ErrorCode;
using msg::TunnelType;
using packet::Encapsulation;

constexpr packet::TunnelIds kIdsOfA{0x1234, 1};
constexpr std::uint16_t kHostPort = 40000;

Bytes operator+(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

/// A host's end of a tunnel: its header around what is sent, and off what comes.
class HostEnd {
 public:
  HostEnd(Encapsulation tunnel, Ipv4Address own, packet::TunnelIds ids,
          std::uint16_t udp_port = kHostPort)
      : raw_(own, protocol_of(tunnel)), header_(tunnel, ids) {
    if (tunnel != Encapsulation::kL2tp) return;
    udp_ = UniqueFd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in address = to_sockaddr(own);
    address.sin_port = htons(udp_port);
    EXPECT_EQ(bind(udp_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }

  void send(const Bytes& packet) const {
    send_as_is(Bytes(header_.bytes().begin(), header_.bytes().end()) + packet);
  }
  /// What stands behind the outer IP or UDP header.
  void send_as_is(const Bytes& payload) const {
    if (udp_.get() < 0) {
      EXPECT_TRUE(raw_.send(kGateway, payload));
      return;
    }
    sockaddr_in to = to_sockaddr(kGateway);
    to.sin_port = htons(packet::kL2tpPort);
    EXPECT_GT(sendto(udp_.get(), payload.data(), payload.size(), 0,
                     reinterpret_cast<const sockaddr*>(&to), sizeof to),
              0);
  }
  [[nodiscard]] Bytes receive_outer() const { return raw_.receive(); }
  /// Behind the outer IP or UDP header.
  [[nodiscard]] Bytes receive_payload() const {
    const Bytes outer = receive_outer();
    const std::size_t headers = udp_.get() < 0 ? 20 : 28;
    return {outer.begin() + std::ptrdiff_t(std::min(headers, outer.size())), outer.end()};
  }
  /// The packet inside; empty if the tunnel's header is not right.
  [[nodiscard]] Bytes receive() const {
    const Bytes payload = receive_payload();
    const auto header = header_.bytes();
    if (!std::ranges::equal(std::span(payload).first(std::min(header.size(), payload.size())),
                            header)) {
      return {};
    }
    return {payload.begin() + std::ssize(header), payload.end()};
  }

 private:
  static int protocol_of(Encapsulation tunnel) {
    if (tunnel == Encapsulation::kL2tp) return IPPROTO_UDP;
    return tunnel == Encapsulation::kGre ? IPPROTO_GRE : IPPROTO_IPIP;
  }

  RawSocket raw_;
  UniqueFd udp_;
  packet::EncapsulationHeader header_;
};

class PumpTunnelsTest : public PumpFixture, public ::testing::WithParamInterface<TunnelType> {
 protected:
  void SetUp() override {
    PumpFixture::SetUp();
    if (IsSkipped()) return;
    host_.reset();  // not only IP-in-IP here
    other_host_.reset();
    pump_->publish(two_hosts(GetParam()));
    a_.emplace(tunnel(), kHostA, kIdsOfA);
    introduce(*a_);
  }

  static Encapsulation tunnel() { return encapsulation_of(GetParam()); }
  static bool is_l2tp() { return GetParam() == TunnelType::kL2tp; }

  /// Makes the host's port known, if the tunnel has one.
  void introduce(const HostEnd& host) {
    host.send(udp(kShared, 1000, kRemote, 53, "introduction"));
    EXPECT_EQ(data_of(public_udp_->receive()), "introduction");
  }

  std::optional<HostEnd> a_;
};

std::string name_of(const testing::TestParamInfo<TunnelType>& tunnel) {
  constexpr const char* kNames[] = {"IpIp", "Gre", "L2tp"};
  return kNames[static_cast<std::size_t>(tunnel.param) - 1];
}

INSTANTIATE_TEST_SUITE_P(Of, PumpTunnelsTest,
                         ::testing::Values(TunnelType::kIpIp, TunnelType::kGre, TunnelType::kL2tp),
                         name_of);

// G-02: the gateway is the end of the tunnels of its hosts
TEST_P(PumpTunnelsTest, CarriesPacketsBothWays) {
  to_host("to A");
  EXPECT_EQ(data_of(a_->receive()), "to A");
  a_->send(udp(kShared, 1000, kRemote, 53, "from A"));
  EXPECT_EQ(data_of(public_udp_->receive()), "from A");
}

TEST_P(PumpTunnelsTest, CopiesTheTypeOfServiceToTheOuterHeader) {
  EXPECT_TRUE(public_->send(kShared, marked(udp(kRemote, 53, kShared, 1000), 0xB8 | kCapable)));
  Bytes outer = a_->receive_outer();
  ASSERT_FALSE(outer.empty());
  EXPECT_EQ(view(outer).tos(), 0xB8 | kCapable);
  EXPECT_TRUE(view(outer).dont_fragment());
}

TEST_P(PumpTunnelsTest, CountsWhatIsCarriedForABind) {
  const auto usage = std::make_shared<Usage>();
  TableKeeper keeper({kShared});
  keeper.add_host(kHostA, kClientA);
  keeper.set_tunnel(kHostA, GetParam());
  keeper.add(kShared, {{1000, 10}}, {kHostA, {1}, {}, false, usage});
  pump_->publish(keeper.snapshot());
  a_->send(udp(kShared, 1000, kRemote, 53, "1"));
  a_->send(udp(kShared, 1001, kRemote, 53, "two"));
  public_udp_->receive();
  public_udp_->receive();
  to_host("four");
  EXPECT_EQ(data_of(a_->receive()), "four");
  EXPECT_EQ(usage->from_host_packets, 2U);
  EXPECT_EQ(usage->from_host_bytes, 2U * 28 + 4);
  EXPECT_EQ(usage->to_host_packets, 1U);
  EXPECT_EQ(usage->to_host_bytes, 28U + 4);
}

// G-03: the host is known from the whole datagram only
TEST_P(PumpTunnelsTest, PutsFragmentsOfBothSidesTogether) {
  const std::string data(2000, 'x');
  const auto [first, last] = fragments(udp(kShared, 1000, kRemote, 53, data), 0);
  a_->send(last);
  a_->send(first);
  EXPECT_EQ(data_of(public_udp_->receive()), data);
  const auto [first_in, last_in] = fragments(udp(kRemote, 53, kShared, 1000, data), 0);
  EXPECT_TRUE(public_->send(kShared, first_in));
  EXPECT_TRUE(public_->send(kShared, last_in));
  EXPECT_EQ(data_of(a_->receive()), data);
}

// What a tunnel adds differs, so does what fits.
TEST_P(PumpTunnelsTest, TellsTheMtuOfTheHostsOwnTunnel) {
  const auto mtu = static_cast<std::uint16_t>(kUnderlayMtu - packet::overhead_bytes(tunnel()));
  const auto send_whole = [&](std::size_t bytes) {
    const auto [first, last] =
        fragments(udp(kRemote, 53, kShared, 1000, std::string(bytes - 28, 'x')), 0x4000);
    EXPECT_TRUE(public_->send(kShared, first));
    EXPECT_TRUE(public_->send(kShared, last));
  };
  send_whole(mtu);
  EXPECT_EQ(a_->receive().size(), mtu);
  send_whole(mtu + 1U);
  Bytes error = public_icmp_->receive();
  ASSERT_GE(error.size(), 28U);
  EXPECT_EQ(packet::load_u16(&error[26]), mtu);
}

// G-39: 307 for the other tunnels
TEST_P(PumpTunnelsTest, DropsWhatComesThroughAnotherKindOfTunnelAndTellsTheHost) {
  for (const auto other : {Encapsulation::kIpIp, Encapsulation::kGre, Encapsulation::kL2tp}) {
    if (other == tunnel()) continue;
    const HostEnd wrong(other, kHostA, kIdsOfA, kHostPort + 1);
    wrong.send(udp(kShared, 1000, kRemote, 53, "wrong"));
  }
  EXPECT_EQ(misuses_.wait(), std::pair(kHostA, ErrorCode::kBadTunnelType));
  wait_for(Counter::kTunnelType, 2);
}

// G-39: 314 for a remote that the bind is not for
TEST_P(PumpTunnelsTest, DropsWhatIsForAnotherRemoteAndTellsTheHost) {
  TableKeeper keeper({kShared});
  keeper.add_host(kHostA, kClientA);
  keeper.set_tunnel(kHostA, GetParam());
  keeper.add(kShared, {{1000, 10}}, {kHostA, {1}, {kRemote, std::nullopt}});
  pump_->publish(keeper.snapshot());
  a_->send(udp(kShared, 1000, {kRemote.value + 1}, 53));
  EXPECT_EQ(misuses_.wait(), std::pair(kHostA, ErrorCode::kRemoteAddrUnallowed));
  a_->send(udp(kShared, 1000, kRemote, 53, "allowed"));
  EXPECT_EQ(data_of(public_udp_->receive()), "allowed");
}

TEST_P(PumpTunnelsTest, TellsAHostThatIsNotRegistered) {
  pump_->publish(std::make_shared<DemuxTable>());
  a_->send(udp(kShared, 1000, kRemote, 53));
  EXPECT_EQ(misuses_.wait(), std::pair(kHostA, ErrorCode::kLocalAddrUnallowed));
  EXPECT_EQ(pump_->counters()[Counter::kHostNotRegistered], 1U);
}

TEST_P(PumpTunnelsTest, DropsWhatIsNoPacket) {
  const Bytes broken[] = {{0}, {0x80, 2}, {0, 0, 0x86, 0xDD, 1}, Bytes(40, 0xFF)};
  for (const Bytes& payload : broken) a_->send_as_is(payload);
  a_->send({});
  a_->send({0x45, 0});
  wait_for(Counter::kMalformed, 6);
  to_host("still here");
  EXPECT_EQ(data_of(a_->receive()), "still here");
}

/// What L2TP alone has.
class PumpL2tpTest : public PumpTunnelsTest {};

INSTANTIATE_TEST_SUITE_P(Alone, PumpL2tpTest, ::testing::Values(TunnelType::kL2tp), name_of);

TEST_P(PumpL2tpTest, FollowsTheHostToAnotherPort) {
  const HostEnd moved(Encapsulation::kL2tp, kHostA, kIdsOfA, kHostPort + 1);
  introduce(moved);
  to_host("to the new port");
  Bytes outer = moved.receive_outer();
  ASSERT_GE(outer.size(), 28U);
  EXPECT_EQ(view(outer).source_port(), packet::kL2tpPort);
  EXPECT_EQ(view(outer).destination_port(), kHostPort + 1);
}

TEST_P(PumpL2tpTest, AnswersAKeepAliveAndLearnsFromIt) {
  pump_->publish(std::make_shared<DemuxTable>());
  to_host("nobody's");
  wait_for(Counter::kNoOwner, 1);  // all is forgotten
  pump_->publish(two_hosts(TunnelType::kL2tp));
  to_host("too early");
  wait_for(Counter::kNoPeer, 1);
  const auto request = packet::l2tp_echo(kIdsOfA, {.reply = false, .id = 7});
  a_->send_as_is(Bytes(request.begin(), request.end()));
  const auto reply = packet::l2tp_echo(kIdsOfA, {.reply = true, .id = 7});
  EXPECT_EQ(a_->receive_payload(), Bytes(reply.begin(), reply.end()));
  to_host("now");
  EXPECT_EQ(data_of(a_->receive()), "now");
  EXPECT_EQ(pump_->counters()[Counter::kKeepAlives], 1U);
}

TEST_P(PumpL2tpTest, DropsTheIdsOfAHostThatComeFromAnother) {
  const HostEnd thief(Encapsulation::kL2tp, kHostB, kIdsOfA);
  thief.send(udp(kShared, 1000, kRemote, 53, "stolen"));
  const HostEnd guesser(Encapsulation::kL2tp, kHostA, {0x1234, 99}, kHostPort + 1);
  guesser.send(udp(kShared, 1000, kRemote, 53, "guessed"));
  wait_for(Counter::kTunnelId, 2);
  to_host("to the owner");
  EXPECT_EQ(data_of(a_->receive()), "to the owner");
}

TEST_P(PumpL2tpTest, TakesEveryFormOfTheHeader) {
  const Bytes packet = udp(kShared, 1000, kRemote, 53, "long form");
  const auto length = static_cast<std::uint8_t>(15 + packet.size());
  a_->send_as_is(Bytes{0x4A, 2, 0, length, 0x12, 0x34, 0, 1, 0, 1, 0, 0, 0, 0, 0x21} + packet);
  EXPECT_EQ(data_of(public_udp_->receive()), "long form");
}

TEST_P(PumpL2tpTest, CarriesACongestionMarkIntoThePacket) {
  const UniqueFd congested(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const int tos = kExperienced;
  setsockopt(congested.get(), IPPROTO_IP, IP_TOS, &tos, sizeof tos);
  sockaddr_in own = to_sockaddr(kHostA);
  EXPECT_EQ(bind(congested.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own), 0);
  const packet::EncapsulationHeader header(Encapsulation::kL2tp, kIdsOfA);
  const Bytes payload = Bytes(header.bytes().begin(), header.bytes().end()) +
                        marked(udp(kShared, 1000, kRemote, 53), kCapable);
  sockaddr_in to = to_sockaddr(kGateway);
  to.sin_port = htons(packet::kL2tpPort);
  sendto(congested.get(), payload.data(), payload.size(), 0, reinterpret_cast<const sockaddr*>(&to),
         sizeof to);
  Bytes arrived = public_udp_->receive();
  ASSERT_FALSE(arrived.empty());
  EXPECT_EQ(view(arrived).tos(), kExperienced);
}

}  // namespace
}  // namespace rsip::gateway
