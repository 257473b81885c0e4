#pragma once

#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/unit/tests/gateway/tunnel_fixture.h"

namespace rsip::gateway {

inline constexpr std::uint8_t kCapable = 2;      // ECT(0), RFC 3168 section 5
inline constexpr std::uint8_t kExperienced = 3;  // CE

/// The packet in a tunnel packet.
inline Bytes inner(Bytes outer) {
  return {outer.begin() + std::min<std::ptrdiff_t>(20, std::ssize(outer)), outer.end()};
}

/// Everything but the header's time to live, id and checksums, which the kernel may fill in.
inline std::string data_of(const Bytes& packet) {
  return {packet.begin() + std::min<std::ptrdiff_t>(28, std::ssize(packet)), packet.end()};
}

inline Bytes marked(Bytes packet, std::uint8_t tos) {
  view(packet).set_tos(tos);
  return packet;
}

/// A UDP packet in two fragments, the first with 1400 bytes of payload, all with these flags.
inline std::pair<Bytes, Bytes> fragments(const Bytes& whole, std::uint16_t flags) {
  const auto cut = whole.begin() + 20 + 1400;
  Bytes first(whole.begin(), cut);
  Bytes last(whole.begin(), whole.begin() + 20);
  last.insert(last.end(), cut, whole.end());
  packet::write_ipv4_length_and_id(first, static_cast<std::uint16_t>(first.size()), 5);
  packet::store_u16(&first[6], flags | 0x2000);
  packet::store_u16(&last[6], flags | 1400 / 8);
  packet::store_u16(&last[2], static_cast<std::uint16_t>(last.size()));
  packet::store_u16(&last[4], 5);
  return {first, last};
}

/// A pump with a socket for each kind of tunnel; the test plays hosts and public side.
class PumpFixture : public TunnelFixture {
 protected:
  void SetUp() override {
    TunnelFixture::SetUp();
    if (IsSkipped()) return;
    std::vector<HostSocket> hosts;
    for (const auto tunnel : {packet::Encapsulation::kIpIp, packet::Encapsulation::kGre,
                              packet::Encapsulation::kL2tp}) {
      auto opened = HostSocket::open(tunnel, kGateway);
      ASSERT_TRUE(opened) << to_line(opened.error());
      hosts.push_back(std::move(*opened));
    }
    auto tun = TunDevice::open("rsip0");
    ASSERT_TRUE(tun) << to_line(tun.error());
    run("ip link set rsip0 mtu 1462 up && ip route add 198.51.100.0/24 dev rsip0");
    host_.emplace(kHostA, IPPROTO_IPIP);
    other_host_.emplace(kHostB, IPPROTO_IPIP);
    public_.emplace(kRemote, IPPROTO_RAW);
    public_udp_.emplace(kRemote, IPPROTO_UDP);
    public_icmp_.emplace(kRemote, IPPROTO_ICMP);
    PumpEvents events{
        [this](Ipv4Address host, msg::ErrorCode error) { misuses_.put({host, error}); },
        [this] { gone_.put(true); }};
    pump_ =
        std::make_unique<Pump>(std::move(*tun), std::move(hosts), kUnderlayMtu, std::move(events));
    pump_->publish(two_hosts());
    swallow_udp();
  }
  void TearDown() override {
    pump_.reset();
    TunnelFixture::TearDown();
  }

  /// Otherwise the kernel tells the sender that nobody listens on the port.
  void swallow_udp() {
    swallows_ = UniqueFd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in own = to_sockaddr(kRemote);
    own.sin_port = htons(53);
    ASSERT_EQ(bind(swallows_.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own), 0);
  }
  void to_host(const std::string& data, std::uint16_t port = 1000) const {
    EXPECT_TRUE(public_->send(kShared, udp(kRemote, 53, kShared, port, data)));
  }
  void to_public(const std::string& data, std::uint16_t port = 1000) const {
    EXPECT_TRUE(host_->send(kGateway, udp(kShared, port, kRemote, 53, data)));
  }
  void wait_for(Counter counter, std::uint64_t value) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatienceMs);
    while (pump_->counters()[counter] < value && std::chrono::steady_clock::now() < end) {
      std::this_thread::yield();
    }
    EXPECT_EQ(pump_->counters()[counter], value) << to_string(counter);
  }

  std::optional<RawSocket> host_, other_host_, public_, public_udp_, public_icmp_;
  UniqueFd swallows_;
  Mailbox<std::pair<Ipv4Address, msg::ErrorCode>> misuses_;
  Mailbox<bool> gone_;
  std::unique_ptr<Pump> pump_;
};

}  // namespace rsip::gateway
