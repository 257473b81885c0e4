#include <gtest/gtest.h>

#include "agent/datapath/packet_path.h"
#include "tests/unit/agent/datapath/path_fixture.h"

namespace rsip::agent {
namespace {

using namespace rsip::fakes;
using namespace std::chrono_literals;

/// One leased port, which is in use: the next socket has to wait.
class PacketPathHoldingTest : public PathTest {
 protected:
  void SetUp() override {
    lease(leased_ports({{5000, 1}}));
    send(udp_packet(host_, server_, pattern(1)));
  }
  Endpoint socket(std::uint16_t number) const {
    return {host_.address, static_cast<std::uint16_t>(41000 + number)};
  }
  Bytes packet(std::uint16_t number, std::uint8_t content = 0) const {
    return udp_packet(socket(number), server_, {content});
  }
  std::vector<int> contents(const std::vector<Bytes>& packets) {
    std::vector<int> all;
    for (const Bytes& packet : packets) all.push_back(packet[28]);
    return all;
  }
};

// H-013: the flow that waited succeeds
TEST_F(PacketPathHoldingTest, HeldPacketsGoOutInOrderWhenMorePortsCome) {
  EXPECT_TRUE(send(packet(1, 1)).empty());
  EXPECT_TRUE(send(packet(2, 2)).empty());
  EXPECT_TRUE(send(packet(1, 3)).empty());
  EXPECT_EQ(all_drops(), 0U);
  lease(leased_ports({{5000, 1}, {6000, 2}}, true, 2));
  const auto sent = underlay_.take_sent();
  EXPECT_EQ(contents(sent), (std::vector{1, 2, 3}));
  EXPECT_EQ(source_port(sent[0]), 6000);
  EXPECT_EQ(source_port(sent[1]), 6001);
  EXPECT_EQ(source_port(sent[2]), 6000);
  for (const Bytes& packet : sent) EXPECT_TRUE(is_right(packet));
}

TEST_F(PacketPathHoldingTest, AsksForPortsAtMostOnceASecondWhileTheNeedLasts) {
  for (std::uint8_t i = 0; i < 10; ++i) send(packet(i));
  EXPECT_EQ(ports_wanted_, 1);
  pass(999ms);
  EXPECT_EQ(ports_wanted_, 1);
  pass(1ms);
  EXPECT_EQ(ports_wanted_, 2);
  lease(leased_ports({{5000, 1}, {6000, 32}}, true, 2));
  pass(5s);
  EXPECT_EQ(ports_wanted_, 2);
}

TEST_F(PacketPathHoldingTest, AsksAgainAtOnceIfTheNewPortsAreTooFew) {
  send(packet(1));
  send(packet(2));
  EXPECT_EQ(ports_wanted_, 1);
  lease(leased_ports({{5000, 1}, {6000, 1}}, true, 2));
  EXPECT_EQ(underlay_.take_sent().size(), 1U);
  EXPECT_EQ(ports_wanted_, 2);
}

TEST_F(PacketPathHoldingTest, PortThatComesFreeIsUsedWithoutANewTable) {
  pass(kUdpLife - 1s);
  send(packet(1));
  pass(2s);
  EXPECT_EQ(underlay_.take_sent().size(), 1U);
}

TEST_F(PacketPathHoldingTest, WhatStillFindsNoPortGoesOnWaiting) {
  send(packet(1, 1));
  send(packet(2, 2));
  lease(leased_ports({{5000, 2}}, true, 2));
  EXPECT_EQ(contents(underlay_.take_sent()), std::vector{1});
  lease(leased_ports({{5000, 3}}, true, 3));
  EXPECT_EQ(contents(underlay_.take_sent()), std::vector{2});
}

TEST_F(PacketPathHoldingTest, DropsWhatWaitsWhenNoMoreCanBeHad) {
  send(packet(1));
  lease(leased_ports({{5000, 1}}, false, 2));
  EXPECT_EQ(drops(DropReason::kNoFreePort), 1U);
  send(packet(1));
  EXPECT_EQ(drops(DropReason::kNoFreePort), 2U);
  EXPECT_EQ(ports_wanted_, 1);
}

TEST_F(PacketPathHoldingTest, OldestPacketsMakeRoomAndAreCounted) {
  for (std::uint8_t i = 0; i < 6; ++i) send(packet(1, i));
  EXPECT_EQ(drops(DropReason::kHoldQueueFull), 2U);
  for (std::uint16_t i = 2; i < 300; ++i) send(packet(i));
  EXPECT_EQ(drops(DropReason::kHoldQueueFull), 2U + 298U + 4U - HoldQueue::kTotal);
}

TEST_F(PacketPathHoldingTest, PacketsDoNotWaitForEver) {
  send(packet(1));
  for (int second = 0; second < 10; ++second) pass(1s);
  EXPECT_EQ(drops(DropReason::kNoFreePort), 1U);
  lease(leased_ports({{5000, 9}}, true, 2));
  EXPECT_TRUE(underlay_.take_sent().empty());
}

TEST_F(PacketPathHoldingTest, SuperPacketIsHeldWholeAndCutLater) {
  const Bytes super = with_partial_checksum(tcp_packet(socket(1), server_, pattern(5000)));
  lease({2, {}, {{BindId{1}, host_.address, false, {}}}, true});
  EXPECT_TRUE(
      send(super, packet::Offload{true, 20, 16, packet::Segmentation::kTcp4, 1000, 40, false})
          .empty());
  lease(leased_ports({{6000, 1}}, true, 3));
  const auto sent = underlay_.take_sent();
  ASSERT_EQ(sent.size(), 5U);
  for (const Bytes& packet : sent) EXPECT_TRUE(is_right(packet));
}

TEST_F(PacketPathHoldingTest, FragmentsWaitWithTheirFirst) {
  const auto fragments = fragments_of(udp_packet(socket(1), server_, pattern(3000)), 1400);
  for (const Bytes& fragment : fragments) EXPECT_TRUE(send(fragment).empty());
  EXPECT_EQ(all_drops(), 0U);
  lease(leased_ports({{5000, 2}}, true, 2));
  EXPECT_EQ(underlay_.take_sent().size(), fragments.size());
}

}  // namespace
}  // namespace rsip::agent
