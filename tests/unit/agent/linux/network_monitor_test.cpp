#include "agent/linux/network_monitor.h"

#include <chrono>

#include <gtest/gtest.h>

#include "tests/fakes/private_network.h"

namespace rsip::agent {
namespace {

using namespace std::chrono_literals;

class NetworkMonitorTest : public rsip::fakes::PrivateNetwork {
 protected:
  void SetUp() override {
    PrivateNetwork::SetUp();
    if (IsSkipped()) return;
    run("ip link add lan type veth peer name far && ip link set far up && ip link set lan up && ip "
        "addr add 10.0.0.2/24 dev lan");
    ASSERT_TRUE(monitor_.start([this] { ++calls_; }));
  }
  /// True if it called within some seconds.
  bool calls() {
    const int before = calls_;
    const auto end = std::chrono::steady_clock::now() + 5s;
    while (calls_ == before && std::chrono::steady_clock::now() < end) io_.run_one_for(100ms);
    return calls_ > before;
  }

  boost::asio::io_context io_;
  LinuxNetworkMonitor monitor_{io_};
  int calls_ = 0;
};

TEST_F(NetworkMonitorTest, NoticesLinksAddressesRoutesAndRules) {
  for (const char* const change :
       {"ip link set lan mtu 1400", "ip addr add 10.0.0.3/24 dev lan",
        "ip addr del 10.0.0.2/24 dev lan", "ip route add 192.0.2.0/24 dev lan",
        "ip route add throw 192.0.2.0/24 table 4555", "ip route flush table 4555",
        "ip rule add priority 4554 lookup 4555", "ip rule del priority 4554", "ip link del lan"}) {
    EXPECT_EQ(run(change), "");
    EXPECT_TRUE(calls()) << change;
  }
}

TEST_F(NetworkMonitorTest, CallsOnceForManyChanges) {
  run("for i in 1 2 3 4 5 6 7 8 9; do ip addr add 10.0.1.$i/32 dev lan; done");
  EXPECT_TRUE(calls());
  io_.run_for(500ms);
  EXPECT_EQ(calls_, 1);
}

TEST_F(NetworkMonitorTest, SurvivesMoreNewsThanTheKernelKeepsForIt) {
  EXPECT_EQ(run("for a in $(seq 20); do for b in $(seq 250); do "
                "echo route add 172.16.$a.$b dev lan; done; done | ip -batch -"),
            "");
  EXPECT_TRUE(calls());
  io_.run_for(500ms);
  run("ip link set lan mtu 1400");
  EXPECT_TRUE(calls());
}

TEST_F(NetworkMonitorTest, IsSilentAfterStopAndKeepsNoLoopAlive) {
  run("ip link set lan mtu 1400");
  io_.run_one_for(100ms);
  monitor_.stop();
  run("ip link set lan mtu 1300");
  io_.run_for(1s);
  EXPECT_TRUE(io_.stopped()) << "nothing left to wait for";
  EXPECT_EQ(calls_, 0);
}

}  // namespace
}  // namespace rsip::agent
