#include <chrono>
#include <net/if.h>
#include <netinet/in.h>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>

#include <gtest/gtest.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <tins/tins.h>

#include "agent/linux/underlay_socket.h"
#include "agent/linux/unique_fd.h"
#include "tests/fakes/packets.h"
#include "tests/fakes/private_network.h"

// What a tunnel makes of a path whose MTU shrinks.
namespace rsip::agent {
namespace {

using namespace rsip::fakes;
using packet::Encapsulation;

constexpr std::uint16_t kSmallMtu = 1000;

/// A router next to this host, played on the other end of a cable.
class Router {
 public:
  Router() : socket_(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_IP))) {
    address_.sll_family = AF_PACKET;
    address_.sll_protocol = htons(ETH_P_IP);
    address_.sll_ifindex = static_cast<int>(if_nametoindex("far"));
    bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address_), sizeof address_);
    const timeval patience{5, 0};
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }

  /// The next packet on its way to the tunnel's far end; empty after some seconds.
  [[nodiscard]] Bytes next() const {
    for (;;) {
      Bytes bytes(65536);
      const ssize_t got = recv(socket_.get(), bytes.data(), bytes.size(), 0);
      if (got <= 0) return {};
      bytes.resize(static_cast<std::size_t>(got));
      const auto packet = packet::Ipv4Packet::parse(bytes);
      if (packet && packet->destination() == ip("192.0.2.1")) return bytes;
    }
  }
  /// "Fragmentation needed" about a packet (RFC 1191).
  void refuse(const Bytes& packet) {
    Tins::ICMP icmp(Tins::ICMP::DEST_UNREACHABLE);
    icmp.code(4);
    icmp.mtu(kSmallMtu);
    const auto error =
        (Tins::IP("192.0.2.2", "192.0.2.9") / icmp / Tins::RawPDU(packet.data(), 28 + 8))
            .serialize();
    sockaddr_ll to = address_;
    to.sll_halen = ETH_ALEN;
    to.sll_addr[0] = to.sll_addr[5] = 2;  // 02:00:00:00:00:02
    sendto(socket_.get(), error.data(), error.size(), 0, reinterpret_cast<const sockaddr*>(&to),
           sizeof to);
  }

 private:
  UniqueFd socket_;
  sockaddr_ll address_{};
};

class UnderlayPathMtuTest : public PrivateNetwork,
                            public ::testing::WithParamInterface<Encapsulation> {
 protected:
  void SetUp() override {
    PrivateNetwork::SetUp();
    if (IsSkipped()) return;
    run("ip link add near address 02:00:00:00:00:02 type veth peer name far");
    run("ip link set far up && ip link set near up && ip addr add 192.0.2.2/24 dev near");
    run("ip neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev near");
    router_.emplace();
    auto opened = open_underlay({GetParam(), ip("192.0.2.1"), 0x1234, 5}, 4555);
    ASSERT_TRUE(opened) << to_line(opened.error());
    socket_ = std::move(*opened);
  }
  void send() {
    const packet::WirePacket packet{{}, large_};
    EXPECT_EQ(socket_->send({&packet, 1}).packets, 1U);
  }
  static bool knows_the_small_mtu() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < end) {
      if (run("ip route get 192.0.2.1").find("mtu 1000") != std::string::npos) return true;
    }
    return false;
  }

  const Bytes large_ = udp_packet(at("203.0.113.10", 5000), at("198.51.100.7", 53), pattern(1300));
  std::optional<Router> router_;
  std::unique_ptr<UnderlaySocket> socket_;
};

INSTANTIATE_TEST_SUITE_P(Of, UnderlayPathMtuTest,
                         ::testing::Values(Encapsulation::kIpIp, Encapsulation::kGre,
                                           Encapsulation::kL2tp),
                         [](const auto& tunnel) {
                           const std::string name = packet::to_string(tunnel.param);
                           return name == "ip-ip" ? std::string("IpIp") : name;
                         });

// H-040: the kernel learns the path MTU from the outer packet's error, and nothing is lost after it
TEST_P(UnderlayPathMtuTest, LearnsFromARoutersErrorAndFragmentsOutsideFromThenOn) {
  send();
  Bytes whole = router_->next();
  ASSERT_EQ(whole.size(), large_.size() + packet::overhead_bytes(GetParam()));
  EXPECT_TRUE(packet::Ipv4Packet::parse(whole)->dont_fragment());
  router_->refuse(whole);
  ASSERT_TRUE(knows_the_small_mtu());

  send();
  std::size_t payload = 0;
  for (bool more = true; more;) {
    Bytes outer = router_->next();
    const auto fragment = packet::Ipv4Packet::parse(outer);
    ASSERT_TRUE(fragment);
    EXPECT_TRUE(fragment->is_fragment());
    EXPECT_FALSE(fragment->dont_fragment());
    EXPECT_LE(outer.size(), kSmallMtu);
    payload += fragment->payload().size();
    more = fragment->more_fragments();
  }
  EXPECT_EQ(payload, whole.size() - packet::kIpv4HeaderBytes);
}

}  // namespace
}  // namespace rsip::agent
