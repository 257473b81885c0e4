#include "agent/datapath/hold_queue.h"

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

using namespace std::chrono_literals;

HeldPacket packet_of(std::uint16_t port, std::uint8_t number, TimePoint since = TimePoint(1h)) {
  return {{6, {}, port}, {}, {}, {number}, since};
}

std::vector<int> numbers(std::deque<HeldPacket> packets) {
  std::vector<int> all;
  for (const HeldPacket& packet : packets) all.push_back(packet.bytes[0]);
  return all;
}

TEST(HoldQueue, GivesPacketsInOrder) {
  HoldQueue queue;
  for (std::uint8_t i = 0; i < 4; ++i) EXPECT_EQ(queue.add(packet_of(1, i)), 0U);
  EXPECT_EQ(numbers(queue.take_all()), (std::vector{0, 1, 2, 3}));
  EXPECT_TRUE(queue.empty());
}

TEST(HoldQueue, KeepsTheNewestFourOfASocket) {
  HoldQueue queue;
  queue.add(packet_of(2, 99));
  for (std::uint8_t i = 0; i < 4; ++i) queue.add(packet_of(1, i));
  EXPECT_EQ(queue.add(packet_of(1, 4)), 1U);
  EXPECT_EQ(numbers(queue.take_all()), (std::vector{99, 1, 2, 3, 4}));
}

TEST(HoldQueue, KeepsSoManyInAll) {
  HoldQueue queue;
  for (std::uint16_t i = 0; i < HoldQueue::kTotal; ++i) EXPECT_EQ(queue.add(packet_of(i, 0)), 0U);
  EXPECT_EQ(queue.add(packet_of(HoldQueue::kTotal, 1)), 1U);
  const auto left = queue.take_all();
  EXPECT_EQ(left.size(), HoldQueue::kTotal);
  EXPECT_EQ(left.front().socket.port, 1);
  EXPECT_EQ(left.back().bytes[0], 1);
}

TEST(HoldQueue, KeepsSoManyBytesInAll) {
  HoldQueue queue;
  const auto big = [](std::uint16_t port) {
    return HeldPacket{{6, {}, port}, {}, {}, std::vector<std::uint8_t>(65000), TimePoint(1h)};
  };
  std::size_t lost = 0;
  for (std::uint16_t i = 0; i < 100; ++i) lost += queue.add(big(i));
  const auto left = queue.take_all();
  EXPECT_EQ(left.size(), HoldQueue::kBytes / 65000);
  EXPECT_EQ(left.size() + lost, 100U);
  EXPECT_EQ(left.back().socket.port, 99);
  EXPECT_EQ(queue.add(big(0)), 0U) << "there is room again";
}

TEST(HoldQueue, PacketsGetTooOld) {
  const HeldPacket packet = packet_of(1, 1, TimePoint(1h));
  EXPECT_FALSE(HoldQueue::is_too_old(packet, TimePoint(1h) + HoldQueue::kPatience - 1ms));
  EXPECT_TRUE(HoldQueue::is_too_old(packet, TimePoint(1h) + HoldQueue::kPatience));
}

}  // namespace
}  // namespace rsip::agent
