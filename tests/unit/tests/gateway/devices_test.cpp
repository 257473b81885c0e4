#include <fstream>

#include "tests/unit/tests/gateway/tunnel_fixture.h"

// Socket and device of the tunnel, on a real kernel.
namespace rsip::gateway {
namespace {

class HostSocketTest : public TunnelFixture {
 protected:
  static constexpr Ipv4Address kNear{0x0A010009};         // 10.1.0.9
  static constexpr Ipv4Address kUnreachable{0x0B000001};  // 11.0.0.1

  /// kNear is behind a device that sends a byte a millisecond.
  void SetUp() override {
    TunnelFixture::SetUp();
    if (IsSkipped()) return;
    run("ip link add name near type veth peer name far && ip link set far up");
    run("ip addr add 10.1.0.1/24 dev near && ip link set near up");
    run("ip neigh add 10.1.0.9 lladdr 02:00:00:00:00:02 dev near");
    run("tc qdisc add dev near root tbf rate 8kbit burst 2000 limit 200000000");
    auto opened = HostSocket::open(packet::Encapsulation::kIpIp, kGateway);
    ASSERT_TRUE(opened) << to_line(opened.error());
    socket_.emplace(std::move(*opened));
  }
  HostSocket::Sent send(const std::vector<Ipv4Address>& hosts) {
    const std::vector<packet::WirePacket> packets(hosts.size(), {{}, bytes_});
    std::vector<TunnelPeer> peers;
    for (const Ipv4Address host : hosts) peers.push_back({host});
    return socket_->send(packets, peers);
  }

  const Bytes bytes_ = udp(kRemote, 53, kShared, 1000, std::string(1400, 'x'));
  std::optional<HostSocket> socket_;
};

TEST_F(HostSocketTest, SendsToTheOthersWhenOneCannotBeReached) {
  const RawSocket first(kHostA, IPPROTO_IPIP);
  const RawSocket second(kHostB, IPPROTO_IPIP);
  const auto sent = send({kNear, kUnreachable, kHostA, kUnreachable, kHostB});
  EXPECT_EQ(sent.packets, 3U);
  EXPECT_EQ(sent.bytes, 3 * bytes_.size());
  EXPECT_FALSE(first.receive().empty());
  EXPECT_FALSE(second.receive().empty());
}

TEST_F(HostSocketTest, LosesTheRestOfABatchWhenItsQueueIsFullAndCountsWhatWasTaken) {
  const std::vector<Ipv4Address> batch(packet::WireBatch::kCapacity, kNear);
  std::size_t taken = 0;
  HostSocket::Sent last;
  do {
    last = send(batch);
    taken += last.packets;
    EXPECT_EQ(last.bytes, last.packets * bytes_.size());
  } while (last.packets == batch.size() && taken < 100000);
  EXPECT_LT(last.packets, batch.size());
  EXPECT_EQ(send(batch).packets, 0U);
}

class GatewayTunDevice : public TunnelFixture {};

// Even without an address a router announces the groups it is in.
TEST_F(GatewayTunDevice, CarriesNoIpv6) {
  const auto tun = TunDevice::open("rsip0");
  ASSERT_TRUE(tun) << to_line(tun.error());
  std::ifstream setting("/proc/sys/net/ipv6/conf/rsip0/disable_ipv6");
  if (!setting) GTEST_SKIP() << "this kernel has no IPv6";
  int off = 0;
  setting >> off;
  EXPECT_EQ(off, 1);
}

}  // namespace
}  // namespace rsip::gateway
