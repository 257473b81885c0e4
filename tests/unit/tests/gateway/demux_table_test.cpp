#include "tests/gateway/engine/demux_table.h"

#include <gtest/gtest.h>

namespace rsip::gateway {
namespace {

constexpr Ipv4Address kAddress{0xC6336401};
constexpr Ipv4Address kHostA{0x0A010002};
constexpr Ipv4Address kHostB{0x0A010003};

std::optional<Ipv4Address> host_at(const DemuxTable::Row& row, std::uint16_t port) {
  const Owner* const owner = owner_of(row, port);
  return owner != nullptr ? std::optional(owner->host) : std::nullopt;
}

TEST(TableKeeper, KnowsSharedAddressesThatNobodyHasYet) {
  TableKeeper keeper({kAddress});
  const auto table = keeper.snapshot();
  ASSERT_NE(table->find(kAddress), nullptr);
  EXPECT_FALSE(host_at(*table->find(kAddress), 1000));
  EXPECT_EQ(table->find({1}), nullptr);
}

TEST(TableKeeper, FindsTheOwnerOfEachPort) {
  TableKeeper keeper({kAddress});
  keeper.add(kAddress, {{1000, 10}, {1020, 1}}, {kHostA});
  keeper.add(kAddress, {{1010, 10}}, {kHostB});
  const auto table = keeper.snapshot();
  const auto& row = *table->find(kAddress);
  EXPECT_FALSE(host_at(row, 999));
  EXPECT_EQ(host_at(row, 1000), kHostA);
  EXPECT_EQ(host_at(row, 1009), kHostA);
  EXPECT_EQ(host_at(row, 1010), kHostB);
  EXPECT_EQ(host_at(row, 1020), kHostA);
  EXPECT_FALSE(host_at(row, 1021));
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
  keeper.add(kAddress, {{1000, 10}}, {kHostA});
  const auto before = keeper.snapshot();
  keeper.remove(kAddress, {{1000, 10}}, kHostA);
  const auto after = keeper.snapshot();
  EXPECT_EQ(host_at(*before->find(kAddress), 1000), kHostA);
  EXPECT_FALSE(host_at(*after->find(kAddress), 1000));
  EXPECT_FALSE(leases_from(*after->find(kAddress), kHostA));
}

TEST(TableKeeper, SharesWhatDidNotChange) {
  TableKeeper keeper({kAddress, {kAddress.value + 1}});
  const auto before = keeper.snapshot();
  keeper.add({kAddress.value + 1}, {{1000, 10}}, {kHostA});
  EXPECT_EQ(before->find(kAddress)->shared, keeper.snapshot()->find(kAddress)->shared);
}

TEST(TableKeeper, KnowsAWholeAddressWhileItIsLeased) {
  TableKeeper keeper({});
  keeper.add_whole(kAddress, {kHostA});
  EXPECT_EQ(host_at(*keeper.snapshot()->find(kAddress), 1), kHostA);
  EXPECT_TRUE(leases_from(*keeper.snapshot()->find(kAddress), kHostA));
  keeper.remove_whole(kAddress);
  EXPECT_EQ(keeper.snapshot()->find(kAddress), nullptr);
}

TEST(TableKeeper, SaysEverythingAboutTheBindOfAPort) {
  TableKeeper keeper({kAddress});
  const auto usage = std::make_shared<Usage>();
  keeper.add(kAddress, {{1000, 2}}, {kHostA, {7}, {Ipv4Address{9}, 80}, true, usage});
  const auto table = keeper.snapshot();
  const Owner* const owner = owner_of(*table->find(kAddress), 1001);
  ASSERT_NE(owner, nullptr);
  EXPECT_EQ(owner->bind, BindId{7});
  EXPECT_EQ(owner->remote, (RemoteScope{Ipv4Address{9}, 80}));
  EXPECT_TRUE(owner->listens);
  EXPECT_EQ(owner->usage, usage);
}

TEST(TableKeeper, FindsAHostByAddressAndByTunnelId) {
  TableKeeper keeper({});
  keeper.add_host(kHostB, {0x00050001});
  keeper.add_host(kHostA, {0x00040002});
  keeper.set_tunnel(kHostA, msg::TunnelType::kL2tp);
  const auto table = keeper.snapshot();
  ASSERT_NE(table->host(kHostA), nullptr);
  EXPECT_EQ(table->host(kHostA)->tunnel, msg::TunnelType::kL2tp);
  EXPECT_EQ(table->host_of_tunnel_id(2), table->host(kHostA));
  EXPECT_EQ(table->host_of_tunnel_id(1), table->host(kHostB));
  EXPECT_EQ(table->host_of_tunnel_id(3), nullptr);
  EXPECT_EQ(table->host({7}), nullptr);
}

TEST(RemoteScope, WithoutLimitsAllowsAnything) {
  EXPECT_TRUE(RemoteScope{}.allows({9}, 80));
}

TEST(RemoteScope, OfAnAddressAllowsAllItsPorts) {
  const RemoteScope scope{Ipv4Address{9}, {}};
  EXPECT_TRUE(scope.allows({9}, 80));
  EXPECT_TRUE(scope.allows({9}, {}));
  EXPECT_FALSE(scope.allows({8}, 80));
}

TEST(RemoteScope, OfAnAddressAndPortAllowsThatAndWhatHasNoPort) {
  const RemoteScope scope{Ipv4Address{9}, 80};
  EXPECT_TRUE(scope.allows({9}, 80));
  EXPECT_FALSE(scope.allows({9}, 81));
  EXPECT_TRUE(scope.allows({9}, {}));
  EXPECT_FALSE(scope.allows({8}, {}));
}

TEST(DemuxTable, KnowsTheSessionsOfAHost) {
  TableKeeper keeper({kAddress});
  keeper.add_host(kHostA, {1});
  keeper.add(kAddress, {{1000, 10}, {1020, 1}}, {kHostA, {5}});
  keeper.add_whole({kAddress.value + 1}, {kHostA, {0x10006}});
  keeper.add(kAddress, {{1010, 10}}, {kHostB, {7}});
  const auto table = keeper.snapshot();
  EXPECT_TRUE(table->has_session(kHostA, 5));
  EXPECT_TRUE(table->has_session(kHostA, 6)) << "low 16 bits";
  EXPECT_FALSE(table->has_session(kHostA, 7));
  EXPECT_TRUE(table->has_session(kHostB, 7));
}

// H-217: SPIs beside ports
TEST(TableKeeper, FindsTheOwnerOfEachSpi) {
  TableKeeper keeper({kAddress});
  keeper.add(kAddress, {{1000, 2}}, {kHostA, {1}}, {{0x1000, 4}, {0xFFFFFFF0, 16}});
  keeper.add(kAddress, {}, {kHostB, {2}}, {{0x1004, 1}});
  const auto table = keeper.snapshot();
  const auto& row = *table->find(kAddress);
  EXPECT_EQ(owner_of_spi(row, 0xFFF), nullptr);
  EXPECT_EQ(owner_of_spi(row, 0x1003)->host, kHostA);
  EXPECT_EQ(owner_of_spi(row, 0x1004)->host, kHostB);
  EXPECT_EQ(owner_of_spi(row, 0x1005), nullptr);
  EXPECT_EQ(owner_of_spi(row, 0xFFFFFFFF)->host, kHostA);
  EXPECT_TRUE(leases_from(row, kHostB));
  EXPECT_EQ(holding_of(row, kHostA)->size(), 1U);
  keeper.remove(kAddress, {}, kHostB, {2}, {{0x1004, 1}});
  const auto after = keeper.snapshot();
  EXPECT_EQ(owner_of_spi(*after->find(kAddress), 0x1004), nullptr);
  EXPECT_FALSE(leases_from(*after->find(kAddress), kHostB));
  EXPECT_EQ(owner_of_spi(row, 0x1004)->host, kHostB) << "a table never changes";
}

}  // namespace
}  // namespace rsip::gateway
