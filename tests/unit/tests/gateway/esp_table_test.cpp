#include "tests/gateway/tunnel/esp_table.h"

#include <gtest/gtest.h>

namespace rsip::gateway {
namespace {

constexpr TimePoint kNow{std::chrono::hours(1)};
constexpr EspKey kKey{50, 0x8000, {1}, {2}};
constexpr Ipv4Address kMe{3};
constexpr Ipv4Address kOther{4};

TEST(EspTable, KnowsWhoSentUntilItHasNotForAMinute) {
  EspTable table;
  table.learn(kKey, kMe, kNow);
  EXPECT_EQ(table.find(kKey, kNow + std::chrono::seconds(59)), kMe);
  EXPECT_FALSE(table.find(kKey, kNow + std::chrono::seconds(60)));
}

TEST(EspTable, TellsProtocolsSpisAddressesAndPeersApart) {
  EspTable table;
  table.learn(kKey, kMe, kNow);
  for (const EspKey& other : {EspKey{51, 0x8000, {1}, {2}}, EspKey{50, 0x8001, {1}, {2}},
                              EspKey{50, 0x8000, {9}, {2}}, EspKey{50, 0x8000, {1}, {9}}}) {
    EXPECT_FALSE(table.find(other, kNow));
  }
}

TEST(EspTable, LetsNobodyTakeOverWhatAnotherHostUses) {
  EspTable table;
  table.learn(kKey, kMe, kNow);
  table.learn(kKey, kOther, kNow + std::chrono::seconds(59));
  EXPECT_EQ(table.find(kKey, kNow + std::chrono::seconds(59)), kMe);
  table.learn(kKey, kOther, kNow + std::chrono::seconds(60));
  EXPECT_EQ(table.find(kKey, kNow + std::chrono::seconds(60)), kOther);
}

}  // namespace
}  // namespace rsip::gateway
