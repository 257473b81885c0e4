#include "tests/gateway/tunnel/ike_table.h"

#include <gtest/gtest.h>

namespace rsip::gateway {
namespace {

using std::chrono::minutes;
using Sent = IkeTable::Sent;

constexpr TimePoint kNow{std::chrono::hours(1)};
constexpr Ipv4Address kLocal{0xC6336401};
constexpr Ipv4Address kOtherLocal{0xC6336402};
constexpr Ipv4Address kPeer{0xCB007105};
constexpr Ipv4Address kOtherPeer{0xCB007106};
constexpr Ipv4Address kA{0x0A010002};
constexpr Ipv4Address kB{0x0A010003};

/// The sender has begun the IKE SA.
IkeMessage begun(std::uint64_t cookie, std::uint64_t responder = 0) {
  return {cookie, responder, 2, true};
}
/// The sender's peer has.
IkeMessage responding(std::uint64_t cookie, std::uint64_t responder = 77) {
  return {cookie, responder, 2, false};
}

class IkeCookies : public ::testing::Test {
 protected:
  Sent sent(Ipv4Address host, const IkeMessage& message, Ipv4Address remote = kPeer,
            Ipv4Address local = kLocal, TimePoint now = kNow) {
    return table_.sent(host, local, remote, message, now);
  }
  std::optional<Ipv4Address> received(const IkeMessage& message, Ipv4Address remote = kPeer,
                                      Ipv4Address local = kLocal, TimePoint now = kNow) {
    return table_.received(local, remote, message, now);
  }
  IkeTable table_;
};

// H-214: demultiplexed by cookie and address
TEST_F(IkeCookies, AnswersGoToWhoeverUsedTheCookieFirst) {
  EXPECT_EQ(sent(kA, begun(1)), Sent::kPasses);
  EXPECT_EQ(sent(kB, begun(2)), Sent::kPasses);
  EXPECT_EQ(received(responding(1)), kA);
  EXPECT_EQ(received(responding(2)), kB);
  EXPECT_FALSE(received(responding(1), kPeer, kOtherLocal));
}

// G-44: unique per address
TEST_F(IkeCookies, ACookieThatAnotherHostUsesIsTaken) {
  sent(kA, begun(1));
  EXPECT_EQ(sent(kB, begun(1)), Sent::kTaken);
  EXPECT_EQ(sent(kB, begun(1), kPeer, kOtherLocal), Sent::kPasses);
  EXPECT_EQ(received(responding(1)), kA);
}

// G-46: unknown cookies
TEST_F(IkeCookies, WhatNobodyHasUsedIsNobodys) {
  EXPECT_FALSE(received(begun(1)));
  EXPECT_FALSE(received(responding(1)));
}

TEST_F(IkeCookies, AreForgottenWhenNobodyUsesThem) {
  sent(kA, begun(1));
  EXPECT_EQ(received(responding(1), kPeer, kLocal, kNow + minutes(59)), kA);
  EXPECT_EQ(received(responding(1), kPeer, kLocal, kNow + minutes(118)), kA) << "used since";
  EXPECT_FALSE(received(responding(1), kPeer, kLocal, kNow + minutes(178)));
  EXPECT_EQ(table_.size(), 0U);
  EXPECT_EQ(sent(kB, begun(1), kPeer, kLocal, kNow + minutes(178)), Sent::kPasses);
}

TEST_F(IkeCookies, AHostLosesItsOwnOldestToOneTooMany) {
  table_ = IkeTable({true, minutes(60), 2, 100});
  sent(kB, begun(9));
  sent(kA, begun(1));
  sent(kA, begun(2), kPeer, kLocal, kNow + minutes(1));
  sent(kA, begun(1), kPeer, kLocal, kNow + minutes(2));
  sent(kA, begun(3), kPeer, kLocal, kNow + minutes(3));
  EXPECT_FALSE(table_.find(kLocal, 2, kNow + minutes(3)));
  EXPECT_EQ(table_.find(kLocal, 1, kNow + minutes(3)), kA);
  EXPECT_EQ(table_.find(kLocal, 9, kNow + minutes(3)), kB);
}

TEST_F(IkeCookies, WithTheTableFullWhoeverHasMostPays) {
  table_ = IkeTable({true, minutes(60), 10, 3});
  sent(kA, begun(1));
  sent(kA, begun(2));
  sent(kA, begun(3));
  EXPECT_EQ(sent(kB, begun(4)), Sent::kPasses);
  EXPECT_EQ(table_.size(), 3U);
  EXPECT_EQ(table_.find(kLocal, 4, kNow), kB);
}

TEST_F(IkeCookies, GoWithTheLastSpisOfTheirHostAtTheirAddress) {
  TableKeeper keeper({kLocal, kOtherLocal});
  keeper.add(kLocal, {}, {kA, {1}}, {{0x1000, 2}});
  keeper.add(kLocal, {{1000, 1}}, {kA, {2}});
  keeper.add(kOtherLocal, {}, {kA, {3}}, {{0x1000, 2}});
  sent(kA, begun(1));
  sent(kA, begun(2), kPeer, kOtherLocal);
  table_.forget_others_than(*keeper.snapshot());
  EXPECT_EQ(table_.size(), 2U);
  keeper.remove(kLocal, {}, kA, {1}, {{0x1000, 2}});
  table_.forget_others_than(*keeper.snapshot());
  EXPECT_FALSE(table_.find(kLocal, 1, kNow));
  EXPECT_EQ(table_.find(kOtherLocal, 2, kNow), kA);
}

// H-237: an IKE_SA rekeying by the peer: it then asks with SPIs that nobody has seen in the clear
TEST_F(IkeCookies, APeersNewAssociationGoesToTheOnlyHostThatTalksToIt) {
  sent(kA, begun(1));
  EXPECT_FALSE(received(begun(5, 6))) << "it has not answered yet";
  received(responding(1));
  EXPECT_EQ(received(begun(5, 6)), kA);
  EXPECT_FALSE(received(responding(5, 6))) << "says that the host had begun it";
  EXPECT_FALSE(received(begun(5, 6), kOtherPeer));
  EXPECT_EQ(sent(kA, responding(5, 6)), Sent::kPasses) << "the host's answer teaches the cookie";
  EXPECT_EQ(table_.find(kLocal, 5, kNow), kA);
}

// H-237: where the host speaks first on the new association
TEST_F(IkeCookies, APeersCookieIsLearnedFromTheHostsFirstMessage) {
  sent(kA, begun(1));
  sent(kB, begun(2));
  received(responding(1));
  received(responding(2));
  EXPECT_FALSE(received(begun(5, 6))) << "two hosts have this peer";
  sent(kB, responding(5, 6));
  EXPECT_EQ(received(begun(5, 6)), kB);
}

// H-237, G-46: IKEv1, where a peer's phase 1 begins without responder cookie
TEST_F(IkeCookies, InIkev1OnlyTheFirstMessageMayBeUnknown) {
  const IkeMessage first{5, 0, 1, false};
  const IkeMessage later{5, 6, 1, false};
  sent(kA, {1, 0, 1, false});
  received({1, 2, 1, false});
  EXPECT_EQ(received(first), kA);
  EXPECT_FALSE(received(later));
}

// G-46: as RFC 3104 appendix E has it
TEST_F(IkeCookies, OfPeersAreNotLearnedIfThatIsOff) {
  table_ = IkeTable({false, minutes(60), 64, 100});
  sent(kA, begun(1));
  EXPECT_EQ(received(responding(1)), kA);
  EXPECT_FALSE(received(begun(5, 6)));
  EXPECT_EQ(sent(kA, responding(5, 6)), Sent::kUnknown);
  EXPECT_EQ(sent(kA, begun(7, 8)), Sent::kPasses) << "its own, after an hour of silence";
}

TEST_F(IkeCookies, AnAssociationIsWithTheLastPeerAlone) {
  sent(kA, begun(1));
  received(responding(1));
  EXPECT_EQ(table_.only_host(kLocal, kPeer), kA);
  sent(kA, begun(1), kOtherPeer);
  EXPECT_FALSE(table_.only_host(kLocal, kPeer));
  EXPECT_FALSE(table_.only_host(kLocal, kOtherPeer));
}

}  // namespace
}  // namespace rsip::gateway
