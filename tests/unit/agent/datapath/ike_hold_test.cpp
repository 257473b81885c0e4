#include <gtest/gtest.h>

#include "tests/unit/agent/datapath/ipsec_packets.h"

// IKE messages wait until the SPI that they announce is leased (RFC 3104 section 5).
namespace rsip::agent {
namespace {

using namespace rsip::fakes;
using std::chrono::seconds;

class IkeHoldTest : public PathTest {
 protected:
  void SetUp() override { hold_ike(true); }
  void hold_ike(bool hold) {
    FlowTable table = leased_spis({}, ++generation_);
    table.bindings[1].ports = {{6000, 4}};
    table.hold_ike = hold;
    lease(std::move(table));
  }
  bool leaves(const Bytes& packet) { return !send(packet).empty(); }
  std::vector<Bytes> release(std::uint64_t id, bool send = true) {
    path_->release(id, send, clock_.now());
    return underlay_.take_sent();
  }

  const Endpoint here_ = at("203.0.113.10", 6000);
  const Endpoint peer_ = at("198.51.100.7", 500);
  const Endpoint peer_nat_t_ = at("198.51.100.7", 4500);
  std::uint64_t generation_ = 10;
  std::vector<IkeHold> held_;

  IkeHoldTest() {
    path_ = std::make_unique<PacketPath>(
        tun_, underlay_, [](const std::vector<RemoteScope>&) {},
        [this](const IkeHold& hold) { held_.push_back(hold); });
  }
};

// H-216, H-222, H-238
TEST_F(IkeHoldTest, WhatAnnouncesAnSpiWaitsForItsRelease) {
  const Bytes message = ike_packet(here_, peer_, {});
  EXPECT_FALSE(leaves(message));
  ASSERT_EQ(held_.size(), 1U);
  EXPECT_EQ(held_[0].local, here_.address);
  EXPECT_EQ(held_[0].remote, peer_.address);
  EXPECT_TRUE(leaves(udp_packet(host_, server_, pattern(40)))) << "others pass it by";
  EXPECT_EQ(release(held_[0].id), std::vector<Bytes>{message});
  EXPECT_TRUE(release(held_[0].id).empty()) << "once";
  EXPECT_EQ(all_drops(), 0U);
}

TEST_F(IkeHoldTest, KnowsWhichMessagesAnnounceOne) {
  struct Case {
    const char* name;
    IkeHeader ike;
    bool held;
  };
  const Case cases[] = {
      {"IKE_SA_INIT", {0x20, 34}, false},
      {"IKE_AUTH", {0x20, 35}, true},
      {"CREATE_CHILD_SA", {0x20, 36}, true},
      {"INFORMATIONAL", {0x20, 37}, false},
      {"Quick Mode", {0x10, 32}, true},
      {"Main Mode", {0x10, 2}, false},
      {"IKEv1, number of IKE_AUTH", {0x10, 35}, false},
      {"IKEv2, number of Quick Mode", {0x20, 32}, false},
      {"IKEv3", {0x30, 35}, false},
  };
  std::uint32_t id = 100;
  for (Case c : cases) {
    c.ike.message_id = ++id;
    EXPECT_EQ(leaves(ike_packet(here_, peer_, c.ike)), !c.held) << c.name;
    c.ike.marker = true;
    c.ike.message_id = ++id;
    EXPECT_EQ(leaves(ike_packet(here_, peer_nat_t_, c.ike)), !c.held) << c.name << ", marked";
  }
  EXPECT_EQ(held_.size(), 6U);
}

TEST_F(IkeHoldTest, TakesNothingElseForIke) {
  Bytes message = ike_packet(here_, peer_, {});
  packet::store_u32(&message[28 + 24], 4711);  // its own length
  EXPECT_TRUE(leaves(message));
  EXPECT_TRUE(leaves(udp_packet(here_, peer_, pattern(20))));
  EXPECT_TRUE(leaves(udp_packet(here_, peer_, {})));
  EXPECT_TRUE(leaves(udp_packet(here_, peer_nat_t_, {0xFF}))) << "keep-alive of NAT traversal";
  EXPECT_TRUE(held_.empty());
}

TEST_F(IkeHoldTest, ItWaitsOnAnyPort) {
  FlowTable table = leased_spis({}, ++generation_);
  table.hold_ike = table.ike_on_500 = true;
  lease(table);
  const Bytes message = ike_packet({here_.address, 500}, peer_, {});
  EXPECT_FALSE(leaves(message));
  ASSERT_EQ(held_.size(), 1U);
  EXPECT_EQ(release(held_[0].id), std::vector<Bytes>{message});
}

// It goes the way that packets go.
TEST_F(IkeHoldTest, WhatIsReleasedIsTranslated) {
  EXPECT_FALSE(leaves(ike_packet({here_.address, 40000}, peer_, {})));
  ASSERT_EQ(held_.size(), 1U);
  const auto sent = release(held_[0].id);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_NE(source_port(sent[0]), 40000);
  EXPECT_TRUE(is_right(sent[0]));
}

TEST_F(IkeHoldTest, SentAgainItTakesItsOwnPlace) {
  EXPECT_FALSE(leaves(ike_packet(here_, peer_, {})));
  const Bytes again = ike_packet(here_, peer_, {}, 100);
  EXPECT_FALSE(leaves(again));
  EXPECT_EQ(held_.size(), 1U) << "one call";
  EXPECT_FALSE(leaves(ike_packet(here_, peer_, {.message_id = 2})));
  EXPECT_FALSE(leaves(ike_packet(here_, peer_, {.next_payload = 53, .fragment = 0x10002})));
  EXPECT_FALSE(leaves(ike_packet(here_, peer_, {.next_payload = 53, .fragment = 0x20002})));
  EXPECT_EQ(held_.size(), 4U) << "other messages and other fragments";
  EXPECT_EQ(release(held_[0].id), std::vector<Bytes>{again});
}

TEST_F(IkeHoldTest, WhatMustNotGoOrNobodyReleasesIsDropped) {
  leaves(ike_packet(here_, peer_, {}));
  EXPECT_TRUE(release(held_.at(0).id, false).empty());
  EXPECT_EQ(drops(DropReason::kIkeNotReleased), 1U);
  leaves(ike_packet(here_, peer_, {.message_id = 2}));
  pass(std::chrono::milliseconds(3499));
  EXPECT_EQ(drops(DropReason::kIkeNotReleased), 1U);
  EXPECT_TRUE(path_->patience().has_value());
  pass(std::chrono::milliseconds(1));
  EXPECT_EQ(drops(DropReason::kIkeNotReleased), 2U);
  EXPECT_TRUE(release(held_.at(1).id).empty());
}

TEST_F(IkeHoldTest, SentAgainAfterItsTimeItCallsAgain) {
  leaves(ike_packet(here_, peer_, {}));
  clock_.advance(seconds(4));
  leaves(ike_packet(here_, peer_, {}));
  ASSERT_EQ(held_.size(), 2U);
  EXPECT_EQ(release(held_[1].id).size(), 1U);
}

// However many a local process sends, the event loop is not asked about more than that at once.
TEST_F(IkeHoldTest, OnlySoManyWait) {
  for (std::uint32_t id = 0; id < IkeHolds::kMost + 3; ++id) {
    EXPECT_FALSE(leaves(ike_packet(here_, peer_, {.message_id = id})));
  }
  EXPECT_EQ(drops(DropReason::kHoldQueueFull), 3U);
  EXPECT_EQ(held_.size(), IkeHolds::kMost);
  EXPECT_EQ(release(held_.front().id).size(), 1U);
  EXPECT_EQ(release(held_.back().id).size(), 1U);
}

TEST_F(IkeHoldTest, IpFragmentsWaitWithTheirFirst) {
  const auto pieces = fragments_of(ike_packet(here_, peer_, {}, 3000), 1480);
  for (const Bytes& piece : pieces) EXPECT_FALSE(leaves(piece));
  ASSERT_EQ(held_.size(), 1U);
  EXPECT_EQ(release(held_[0].id), pieces);
}

TEST_F(IkeHoldTest, WithoutTheNeedNothingWaits) {
  EXPECT_FALSE(leaves(ike_packet(here_, peer_, {})));
  hold_ike(false);
  EXPECT_EQ(underlay_.take_sent().size(), 1U) << "nobody would release it";
  EXPECT_TRUE(leaves(ike_packet(here_, peer_, {.message_id = 2})));
  FlowTable ports = leased_ports({{6000, 4}}, false, ++generation_);
  ports.hold_ike = true;
  lease(ports);
  EXPECT_TRUE(leaves(ike_packet(here_, peer_, {.message_id = 3}))) << "no SPIs";
  FlowTable whole = leased_address(++generation_);
  whole.bindings[0].spis = {{256, 1000}};
  whole.hold_ike = true;
  lease(whole);
  EXPECT_TRUE(leaves(ike_packet(here_, peer_, {.message_id = 4}))) << "all SPIs";
  EXPECT_EQ(held_.size(), 1U);
}

}  // namespace
}  // namespace rsip::agent
