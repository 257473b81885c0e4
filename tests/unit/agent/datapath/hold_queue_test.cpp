#include "agent/datapath/hold_queue.h"

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

using namespace std::chrono_literals;

HeldPacket packet_of(std::uint16_t port, std::uint8_t number, TimePoint since = TimePoint(1h)) {
  return {{6, {}, port}, {}, {number}, since};
}

std::vector<int> numbers(std::deque<HeldPacket> packets) {
  std::vector<int> all;
  for (const HeldPacket& packet : packets) all.push_back(packet.bytes[0]);
  return all;
}

TEST(HoldQueue, GivesPacketsInOrder) {
  HoldQueue queue;
  for (std::uint8_t i = 0; i < 4; ++i) EXPECT_EQ(queue.add(packet_of(1, i)), 0U);
  std::size_t too_old = 9;
  EXPECT_EQ(numbers(queue.take_all(TimePoint(1h), too_old)), (std::vector{0, 1, 2, 3}));
  EXPECT_EQ(too_old, 0U);
  EXPECT_TRUE(queue.empty());
}

TEST(HoldQueue, KeepsTheNewestFourOfASocket) {
  HoldQueue queue;
  queue.add(packet_of(2, 99));
  for (std::uint8_t i = 0; i < 4; ++i) queue.add(packet_of(1, i));
  EXPECT_EQ(queue.add(packet_of(1, 4)), 1U);
  std::size_t too_old = 0;
  EXPECT_EQ(numbers(queue.take_all(TimePoint(1h), too_old)), (std::vector{99, 1, 2, 3, 4}));
}

TEST(HoldQueue, KeepsTheNewestSixtyFourInAll) {
  HoldQueue queue;
  for (std::uint8_t i = 0; i < 64; ++i) EXPECT_EQ(queue.add(packet_of(i, i)), 0U);
  EXPECT_EQ(queue.add(packet_of(64, 64)), 1U);
  std::size_t too_old = 0;
  const auto left = numbers(queue.take_all(TimePoint(1h), too_old));
  EXPECT_EQ(left.size(), 64U);
  EXPECT_EQ(left.front(), 1);
}

TEST(HoldQueue, LosesPatience) {
  HoldQueue queue;
  queue.add(packet_of(1, 1, TimePoint(1h)));
  queue.add(packet_of(1, 2, TimePoint(1h + 5s)));
  std::size_t too_old = 0;
  EXPECT_EQ(numbers(queue.take_all(TimePoint(1h) + HoldQueue::kPatience, too_old)), std::vector{2});
  EXPECT_EQ(too_old, 1U);
}

}  // namespace
}  // namespace rsip::agent
