#include "tests/gateway/tunnel/echo_table.h"

#include <gtest/gtest.h>

namespace rsip::gateway {
namespace {

constexpr TimePoint kNow{std::chrono::hours(1)};
constexpr Ipv4Address kHost{1};

TEST(EchoTable, ForgetsNothingWithinItsLifetimeUnderModestLoad) {
  EchoTable table;
  for (std::uint16_t sequence = 0; sequence < 1000; ++sequence) {
    table.learn({1, sequence, {2}, {3}}, kHost, kNow);
  }
  int found = 0;
  for (std::uint16_t sequence = 0; sequence < 1000; ++sequence) {
    found += table.find({1, sequence, {2}, {3}}, kNow) == kHost ? 1 : 0;
  }
  EXPECT_EQ(found, 1000);
}

TEST(EchoTable, TheLastHostToUseAKeyHasIt) {
  EchoTable table;
  table.learn({1, 1, {2}, {3}}, kHost, kNow);
  table.learn({1, 1, {2}, {3}}, {9}, kNow);
  EXPECT_EQ(table.find({1, 1, {2}, {3}}, kNow), Ipv4Address{9});
}

TEST(EchoTable, PrefersNewEntriesUnderAFlood) {
  EchoTable table;
  for (std::uint32_t i = 0; i < 200000; ++i) {
    table.learn({static_cast<std::uint16_t>(i), static_cast<std::uint16_t>(i >> 16), {2}, {3}},
                kHost, kNow + Duration(i));
  }
  EXPECT_EQ(table.find({static_cast<std::uint16_t>(199999), 199999 >> 16, {2}, {3}}, kNow), kHost);
}

}  // namespace
}  // namespace rsip::gateway
