#include "tests/gateway/tunnel/tunnel_type.h"

#include <gtest/gtest.h>

namespace rsip::gateway {
namespace {

using packet::Encapsulation;

TEST(TunnelType, IsAnEncapsulation) {
  EXPECT_EQ(encapsulation_of(msg::TunnelType::kIpIp), Encapsulation::kIpIp);
  EXPECT_EQ(encapsulation_of(msg::TunnelType::kGre), Encapsulation::kGre);
  EXPECT_EQ(encapsulation_of(msg::TunnelType::kL2tp), Encapsulation::kL2tp);
}

TEST(TunnelMtu, LeavesRoomForTheLargestHeaderOffered) {
  constexpr Encapsulation kIpIp[] = {Encapsulation::kIpIp};
  constexpr Encapsulation kTwo[] = {Encapsulation::kIpIp, Encapsulation::kGre};
  constexpr Encapsulation kAll[] = {Encapsulation::kL2tp, Encapsulation::kIpIp,
                                    Encapsulation::kGre};
  EXPECT_EQ(tunnel_mtu(1500, kIpIp), 1480);
  EXPECT_EQ(tunnel_mtu(1500, kTwo), 1476);
  EXPECT_EQ(tunnel_mtu(1500, kAll), 1462);
  EXPECT_EQ(tunnel_mtu(10, kAll), 0);
}

}  // namespace
}  // namespace rsip::gateway
