#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "agent/linux/host_network.h"
#include "agent/linux/tun_device.h"
#include "tests/fakes/private_network.h"

namespace rsip::agent {

inline Ipv4Address ip(const char* text) {
  return Ipv4Address::parse(text).value();
}
inline Ipv4Prefix net(const char* text) {
  return Ipv4Prefix::parse(text).value();
}

/// A host with a private network and a TUN device that waits for its plan.
class HostNetworkFixture : public rsip::fakes::PrivateNetwork {
 protected:
  void SetUp() override {
    PrivateNetwork::SetUp();
    if (IsSkipped()) return;
    run("ip link add lan type veth peer name far");
    run("ip addr add 10.0.0.2/24 dev lan && ip link set lan up && ip link set far up");
    run("ip route add default via 10.0.0.1");
    run("ip route add 192.168.7.0/24 via 10.0.0.9 table 99");
    run("ip rule add priority 5000 to 192.168.7.0/24 lookup 99");
    auto tun = LinuxTunDevice::open("rsip0");
    ASSERT_TRUE(tun) << to_line(tun.error());
    tun_ = std::move(*tun);
    clean_ = state();
  }

  static NetworkPlan plan() {
    return {{{"rsip0",
              1480,
              {ip("203.0.113.10")},
              ip("203.0.113.10"),
              {net("0.0.0.0/0"), net("198.51.100.0/24")}}},
            {net("10.1.0.1/32"), net("172.16.0.0/12")}};
  }

  /// Everything the agent may touch, as the kernel shows it.
  static std::string state() {
    return run("ip -br link show rsip0") + run("ip -4 -br addr") + run("ip rule") +
           run("ip route show table all") + run("nft -a list ruleset");
  }

  void expect_applied(const NetworkPlan& plan) {
    const auto applied = network_.apply(plan);
    EXPECT_TRUE(applied) << to_line(applied.error());
  }

  std::unique_ptr<LinuxTunDevice> tun_;
  LinuxHostNetwork network_;
  std::string clean_;
};

}  // namespace rsip::agent
