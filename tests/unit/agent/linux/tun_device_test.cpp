#include "agent/linux/tun_device.h"

#include <poll.h>

#include <gmock/gmock.h>

#include "agent/linux/boot_clock.h"
#include "tests/fakes/packets.h"
#include "tests/fakes/private_network.h"

namespace rsip::agent {
namespace {

using namespace rsip::fakes;
using ::testing::HasSubstr;

class TunDeviceTest : public PrivateNetwork {
 protected:
  void SetUp() override {
    PrivateNetwork::SetUp();
    if (IsSkipped()) return;
    auto opened = LinuxTunDevice::open("rsip0");
    ASSERT_TRUE(opened) << to_line(opened.error());
    tun_ = std::move(*opened);
    run("ip addr add 203.0.113.10/32 dev rsip0 && ip link set rsip0 up");
    run("ip route add default dev rsip0 src 203.0.113.10");
  }

  std::unique_ptr<LinuxTunDevice> tun_;
};

TEST_F(TunDeviceTest, ReadsWhatTheHostSends) {
  run("ping -c 1 -W 0.01 198.51.100.7");
  const auto reads = tun_->read();
  ASSERT_EQ(reads.size(), 1U);
  ASSERT_TRUE(reads[0].offload);
  EXPECT_TRUE(is_right(reads[0].bytes));
  EXPECT_EQ(parsed(reads[0].bytes).dst_addr(), "198.51.100.7");
  EXPECT_TRUE(tun_->read().empty());
}

TEST_F(TunDeviceTest, WritesSuperPacketsThatTheHostTakesApart) {
  // An echo request to the host itself: it answers through the device.
  const Bytes request =
      echo_packet(ip("198.51.100.7"), ip("203.0.113.10"), Tins::ICMP::ECHO_REQUEST, 5, pattern(40));
  const std::span<const std::uint8_t> pieces[] = {std::span(request).first(30),
                                                  std::span(request).subspan(30)};
  const packet::TunPacket packet{{}, pieces};
  EXPECT_TRUE(tun_->write(packet));
  const auto reads = tun_->read();
  ASSERT_EQ(reads.size(), 1U);
  EXPECT_EQ(parsed(reads[0].bytes).rfind_pdu<Tins::ICMP>().type(), Tins::ICMP::ECHO_REPLY);
}

TEST_F(TunDeviceTest, CarriesNoIpv6) {
  run("sleep 0.1");  // router solicitations start at once
  EXPECT_TRUE(tun_->read().empty());
  EXPECT_EQ(run("ip -6 addr show dev rsip0"), "");
}

TEST_F(TunDeviceTest, KnowsItsMtu) {
  EXPECT_EQ(tun_->mtu(), 1500U);
  run("ip link set rsip0 mtu 1480");
  EXPECT_EQ(tun_->mtu(), 1480U);
}

TEST_F(TunDeviceTest, ReportsAnErrorOnceSomebodyDeletedIt) {
  pollfd wait{tun_->readable(), POLLIN, 0};
  poll(&wait, 1, 0);
  EXPECT_EQ(wait.revents & POLLERR, 0);
  run("ip link del rsip0");
  EXPECT_EQ(poll(&wait, 1, 5000), 1);
  EXPECT_NE(wait.revents & POLLERR, 0);
  EXPECT_TRUE(tun_->read().empty());
  const Bytes content = udp_packet(at("198.51.100.7", 53), at("203.0.113.10", 5000), pattern(40));
  const std::span<const std::uint8_t> pieces[] = {content};
  EXPECT_FALSE(tun_->write({{}, pieces}));
}

TEST_F(TunDeviceTest, VanishesWithTheObject) {
  tun_.reset();
  EXPECT_THAT(run("ip link show rsip0"), HasSubstr("does not exist"));
}

TEST_F(TunDeviceTest, SaysThatAnotherProgramHasIt) {
  const auto again = LinuxTunDevice::open("rsip0");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::kInUse);
  EXPECT_EQ(again.error().message, "interface rsip0 is in use by another program");
}

TEST_F(TunDeviceTest, SaysThatTheNameBelongsToAnotherKindOfInterface) {
  run("ip link add other type veth peer name other2");
  const auto opened = LinuxTunDevice::open("other");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::kInUse);
  EXPECT_THAT(opened.error().hint, HasSubstr("ip link del other"));
}

TEST_F(TunDeviceTest, RefusesANameThatNoInterfaceCanHave) {
  for (const char* name : {"", "a-name-of-16-char", "a/b"}) {
    const auto opened = LinuxTunDevice::open(name);
    ASSERT_FALSE(opened) << name;
    EXPECT_EQ(opened.error().kind, ErrorKind::kConfigInvalid) << name;
  }
}

TEST(BootClock, GoesOn) {
  const BootClock clock;
  const TimePoint before = clock.now();
  EXPECT_GT(before, TimePoint{});
  EXPECT_GE(clock.now(), before);
}

}  // namespace
}  // namespace rsip::agent
