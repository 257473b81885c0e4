#include "tests/gateway/engine/demux_table.h"

#include <gtest/gtest.h>

namespace rsip::gateway {
namespace {

constexpr Ipv4Address kAddress{0xC6336401};
constexpr Ipv4Address kHostA{0x0A010002};
constexpr Ipv4Address kHostB{0x0A010003};

TEST(TableKeeper, KnowsSharedAddressesThatNobodyHasYet) {
  TableKeeper keeper({kAddress});
  const auto table = keeper.snapshot();
  ASSERT_NE(table->find(kAddress), nullptr);
  EXPECT_FALSE(owner_of(*table->find(kAddress), 1000));
  EXPECT_EQ(table->find({1}), nullptr);
}

TEST(TableKeeper, FindsTheOwnerOfEachPort) {
  TableKeeper keeper({kAddress});
  keeper.add(kAddress, {{1000, 10}, {1020, 1}}, kHostA);
  keeper.add(kAddress, {{1010, 10}}, kHostB);
  const auto table = keeper.snapshot();
  const auto& row = *table->find(kAddress);
  EXPECT_FALSE(owner_of(row, 999));
  EXPECT_EQ(owner_of(row, 1000), kHostA);
  EXPECT_EQ(owner_of(row, 1009), kHostA);
  EXPECT_EQ(owner_of(row, 1010), kHostB);
  EXPECT_EQ(owner_of(row, 1020), kHostA);
  EXPECT_FALSE(owner_of(row, 1021));
  EXPECT_TRUE(leases_from(row, kHostA));
  EXPECT_FALSE(leases_from(row, {7}));
}

TEST(TableKeeper, HandsOutTheSameTableUntilSomethingChanges) {
  TableKeeper keeper({kAddress});
  const auto before = keeper.snapshot();
  EXPECT_EQ(before, keeper.snapshot());
  keeper.add_host(kHostA, {1});
  EXPECT_NE(before, keeper.snapshot());
}

TEST(TableKeeper, LeavesATableThatWasHandedOutAsItWas) {
  TableKeeper keeper({kAddress});
  keeper.add(kAddress, {{1000, 10}}, kHostA);
  const auto before = keeper.snapshot();
  keeper.remove(kAddress, {{1000, 10}}, kHostA);
  const auto after = keeper.snapshot();
  EXPECT_EQ(owner_of(*before->find(kAddress), 1000), kHostA);
  EXPECT_FALSE(owner_of(*after->find(kAddress), 1000));
  EXPECT_FALSE(leases_from(*after->find(kAddress), kHostA));
}

TEST(TableKeeper, SharesWhatDidNotChange) {
  TableKeeper keeper({kAddress, {kAddress.value + 1}});
  const auto before = keeper.snapshot();
  keeper.add({kAddress.value + 1}, {{1000, 10}}, kHostA);
  EXPECT_EQ(before->find(kAddress)->shared, keeper.snapshot()->find(kAddress)->shared);
}

TEST(TableKeeper, KnowsAWholeAddressWhileItIsLeased) {
  TableKeeper keeper({});
  keeper.add_whole(kAddress, kHostA);
  EXPECT_EQ(owner_of(*keeper.snapshot()->find(kAddress), 1), kHostA);
  EXPECT_TRUE(leases_from(*keeper.snapshot()->find(kAddress), kHostA));
  keeper.remove_whole(kAddress);
  EXPECT_EQ(keeper.snapshot()->find(kAddress), nullptr);
}

}  // namespace
}  // namespace rsip::gateway
