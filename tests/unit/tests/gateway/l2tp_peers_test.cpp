#include "tests/gateway/tunnel/l2tp_peers.h"

#include "tests/unit/tests/gateway/packet_builder.h"

namespace rsip::gateway {
namespace {

class L2tpPeersTest : public ::testing::Test {
 protected:
  static constexpr std::uint16_t kTunnelA{0x1234};
  static constexpr std::uint16_t kTunnelB{0x5678};

  bool recognise(Ipv4Address from, std::uint16_t port, packet::TunnelIds ids,
                 TimePoint now = kNow) {
    return peers_.recognise(*table_, {from, port, ids}, now) != nullptr;
  }
  std::optional<TunnelPeer> find(Ipv4Address host) { return peers_.find(*table_->host(host)); }

  std::shared_ptr<const DemuxTable> table_ = two_hosts(msg::TunnelType::kL2tp);
  L2tpPeers peers_;
};

TEST_F(L2tpPeersTest, KnowsNobodyBeforeTheFirstPacket) {
  EXPECT_EQ(find(kHostA), std::nullopt);
}

TEST_F(L2tpPeersTest, AnswersWhereAHostWasSeenLast) {
  for (const std::uint16_t port : std::initializer_list<std::uint16_t>{40000, 40001}) {
    EXPECT_TRUE(recognise(kHostA, port, {kTunnelA, 1}));
    EXPECT_EQ(find(kHostA), (TunnelPeer{kHostA, port, {kTunnelA, 1}}));
  }
  EXPECT_EQ(find(kHostB), std::nullopt);
}

TEST_F(L2tpPeersTest, TakesAnySessionThatIsABindOfTheHost) {
  EXPECT_TRUE(recognise(kHostA, 40000, {kTunnelA, 2}));
  EXPECT_EQ(find(kHostA)->ids.session, 2);
  EXPECT_FALSE(recognise(kHostB, 40000, {kTunnelB, 2}));
}

TEST_F(L2tpPeersTest, DoesNotBelieveWhoComesFromElsewhere) {
  EXPECT_TRUE(recognise(kHostA, 40000, {kTunnelA, 1}));
  EXPECT_FALSE(recognise(kHostB, 50000, {kTunnelA, 1}));
  EXPECT_FALSE(recognise({0x0A0100FF}, 50000, {kTunnelA, 1}));
  EXPECT_EQ(find(kHostA)->port, 40000);
}

TEST_F(L2tpPeersTest, DoesNotBelieveOtherIds) {
  EXPECT_TRUE(recognise(kHostA, 40000, {kTunnelA, 1}));
  EXPECT_FALSE(recognise(kHostA, 50000, {kTunnelB, 1}));
  EXPECT_FALSE(recognise(kHostA, 50000, {kTunnelA, 9}));
  EXPECT_FALSE(recognise(kHostA, 50000, {}));
  EXPECT_EQ(find(kHostA)->port, 40000);
}

// A tunnel outlives the bind it was made for.
TEST_F(L2tpPeersTest, KeepsASessionWhoseBindWasFreed) {
  EXPECT_TRUE(recognise(kHostA, 40000, {kTunnelA, 2}));
  TableKeeper keeper({kShared});
  keeper.add_host(kHostA, kClientA);
  keeper.add(kShared, {{1000, 10}}, {kHostA, {1}});
  table_ = keeper.snapshot();
  peers_.forget_others_than(*table_);
  EXPECT_TRUE(recognise(kHostA, 40001, {kTunnelA, 2}));
  EXPECT_EQ(find(kHostA)->port, 40001);
}

TEST_F(L2tpPeersTest, ForgetsAHostThatIsGoneOrRegisteredAnew) {
  EXPECT_TRUE(recognise(kHostA, 40000, {kTunnelA, 1}));
  EXPECT_TRUE(recognise(kHostB, 40000, {kTunnelB, 1}));
  TableKeeper keeper({kShared});
  keeper.add_host(kHostA, {kClientA.value + 1});
  table_ = keeper.snapshot();
  EXPECT_EQ(find(kHostA), std::nullopt) << "another registration of the same host";
  peers_.forget_others_than(*table_);
  table_ = two_hosts(msg::TunnelType::kL2tp);
  EXPECT_EQ(find(kHostA), std::nullopt);
  EXPECT_EQ(find(kHostB), std::nullopt);
}

TEST_F(L2tpPeersTest, LooksForANewSessionOnlySoOften) {
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(recognise(kHostA, 40000, {kTunnelA, 9}));
  EXPECT_FALSE(recognise(kHostA, 40000, {kTunnelA, 1}));
  EXPECT_TRUE(recognise(kHostA, 40000, {kTunnelA, 1}, kNow + std::chrono::seconds(1)));
}

}  // namespace
}  // namespace rsip::gateway
