#include <gmock/gmock.h>

#include "tests/unit/agent/linux/host_network_fixture.h"
#include "tests/unit/agent/linux/lan_probe.h"

namespace rsip::agent {
namespace {

using rsip::fakes::ChangeMonitor;

class HostNetworkRepairTest : public HostNetworkFixture {
 protected:
  void SetUp() override {
    HostNetworkFixture::SetUp();
    if (IsSkipped()) return;
    expect_applied(plan());
    applied_ = everything();
    routing_ = routing();
  }
  std::size_t repaired() {
    const auto repaired = network_.repair();
    EXPECT_TRUE(repaired) << to_line(repaired.error());
    return repaired.value_or(0);
  }

  static std::string everything() {
    return state() + run("ip -o link show rsip0 | grep -o 'mtu [0-9]*'");
  }
  static std::string routing() { return run("ip rule") + run("ip route show table all"); }

  std::string applied_;
  std::string routing_;
};

TEST_F(HostNetworkRepairTest, ChangesAndAnnouncesNothingWhereNothingIsMissing) {
  const ChangeMonitor monitor;
  EXPECT_EQ(repaired(), 0U);
  EXPECT_FALSE(monitor.saw_change());
  EXPECT_EQ(everything(), applied_);
}

TEST_F(HostNetworkRepairTest, PutsBackWhateverOthersRemove) {
  for (const char* const damage :
       {"ip link set rsip0 down && ip link set rsip0 up", "ip link set rsip0 down",
        "ip link set rsip0 mtu 9000", "ip addr flush dev rsip0", "ip route flush table 4555",
        "ip route del throw 10.1.0.1 table 4555", "ip rule del priority 4553",
        "ip rule del priority 4553; ip rule del priority 4554"}) {
    EXPECT_EQ(run(damage), "") << damage;
    EXPECT_NE(everything(), applied_) << damage;
    EXPECT_GT(repaired(), 0U) << damage;
    EXPECT_EQ(everything(), applied_) << damage;
    EXPECT_EQ(repaired(), 0U) << damage;
  }
}

TEST_F(HostNetworkRepairTest, PutsBackItsRulesAfterAllWereFlushed) {
  run("ip rule flush");
  EXPECT_EQ(repaired(), 2U);
  run("ip rule add priority 32766 lookup main");
  EXPECT_THAT(run("ip route get 8.8.8.8"), ::testing::HasSubstr("dev rsip0 table 4555"));
}

TEST_F(HostNetworkRepairTest, ArpSilenceCannotBeFlushed) {
  run("nft flush ruleset");
  EXPECT_EQ(everything(), applied_);
}

TEST_F(HostNetworkRepairTest, LeavesAloneWhatOthersPutInPlaceOfIt) {
  run("ip route replace 198.51.100.0/24 dev lan table 4555");
  const std::string changed = everything();
  EXPECT_EQ(repaired(), 0U);
  EXPECT_EQ(everything(), changed);
}

TEST_F(HostNetworkRepairTest, SaysThatTheDeviceIsGone) {
  run("ip link del rsip0");
  const auto repaired = network_.repair();
  ASSERT_FALSE(repaired);
  EXPECT_EQ(repaired.error().kind, ErrorKind::kNotFound);
  expect_applied({});
  auto again = LinuxTunDevice::open("rsip0");
  ASSERT_TRUE(again);
  tun_ = std::move(*again);
  expect_applied(plan());
  EXPECT_EQ(routing(), routing_);
}

TEST_F(HostNetworkRepairTest, HasNothingToDoOnACleanHost) {
  expect_applied({});
  EXPECT_EQ(repaired(), 0U);
  EXPECT_EQ(state(), clean_);
}

}  // namespace
}  // namespace rsip::agent
