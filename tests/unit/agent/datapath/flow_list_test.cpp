#include "agent/datapath/flow_list.h"

#include <gtest/gtest.h>

#include "agent/datapath/port_translator.h"
#include "tests/unit/agent/datapath/flow_map_fixture.h"
#include "tests/unit/agent/datapath/path_fixture.h"

namespace rsip::agent {
namespace {

class FlowListTest : public FlowMapTest {
 protected:
  [[nodiscard]] FlowList list() const {
    FlowListing listing;
    while (!map_.list(listing, now_)) {
    }
    return listing.finish(now_);
  }
  [[nodiscard]] ListedFlow only_flow() const {
    const FlowList all = list();
    EXPECT_EQ(all.flows.size(), 1U);
    return all.flows.empty() ? ListedFlow{} : all.flows.front();
  }
  [[nodiscard]] std::uint32_t high_water() const {
    return static_cast<std::uint32_t>(map_.ports_high_water());
  }
};

TEST_F(FlowListTest, IsEmptyWithoutTraffic) {
  map_.use(table_of({binding(1, {{5000, 4}})}), now_);
  EXPECT_TRUE(list().flows.empty());
  EXPECT_TRUE(list().ports.empty());
  EXPECT_EQ(high_water(), 0U);
}

TEST_F(FlowListTest, TellsBothPortsTheBindAndWhoBegan) {
  map_.use(table_of({binding(7, {{5000, 1}}), listening(8, 80, 8080)}), now_);
  connect(40000);
  const ListedFlow flow = only_flow();
  EXPECT_EQ(flow.app, (FlowKey{6, kLocal, 40000, kServer.address, kServer.port}));
  EXPECT_EQ(flow.leased, 5000);
  EXPECT_EQ(flow.bind, BindId{7});
  EXPECT_EQ(flow.begun_by, BegunBy::kHost);

  call(80, kOtherServer);
  const auto called = list().flows;
  ASSERT_EQ(called.size(), 2U);
  for (const ListedFlow& each : called) {
    if (each.leased != 80) continue;
    EXPECT_EQ(each.app.port, 8080);
    EXPECT_EQ(each.bind, BindId{8});
    EXPECT_EQ(each.begun_by, BegunBy::kRemote);
  }
}

TEST_F(FlowListTest, FollowsAConnectionFromOpeningToItsRest) {
  map_.use(table_of({binding(1, {{5000, 1}})}), now_);
  const auto leased = send(40000, kServer, fakes::kTcpProtocol, kTcpSyn);
  ASSERT_TRUE(leased);
  EXPECT_EQ(only_flow().state, FlowState::kOpening);
  receive(*leased, kServer, fakes::kTcpProtocol, kTcpSyn | kTcpAck);
  EXPECT_EQ(only_flow().state, FlowState::kEstablished);
  send(40000, kServer, fakes::kTcpProtocol, kTcpFin | kTcpAck);
  EXPECT_EQ(only_flow().state, FlowState::kClosing);
  receive(*leased, kServer, fakes::kTcpProtocol, kTcpFin | kTcpAck);
  EXPECT_EQ(only_flow().state, FlowState::kClosed);
  EXPECT_EQ(list().ports, (std::vector<ListedPort>{{kLocal, 5000, 1}}));

  now_ += kTcpClosedLife;  // nobody has noticed yet that it is over
  EXPECT_TRUE(list().flows.empty());
  EXPECT_EQ(list().ports, (std::vector<ListedPort>{{kLocal, 5000, 0}})) << "it rests";
  pass(Duration::zero());
  EXPECT_EQ(list().ports, (std::vector<ListedPort>{{kLocal, 5000, 0}})) << "it still does";
  pass(kTimeWait + std::chrono::seconds(2));
  EXPECT_TRUE(list().ports.empty());
}

TEST_F(FlowListTest, ADatagramPortIsFreeAsSoonAsItsFlowIsOver) {
  map_.use(table_of({binding(1, {{5000, 1}})}), now_);
  send(40000);
  EXPECT_EQ(only_flow().state, FlowState::kActive);
  now_ += kUdpLife;
  EXPECT_TRUE(list().flows.empty());
  EXPECT_TRUE(list().ports.empty());
}

TEST_F(FlowListTest, HasTheLatestPacketFirstAndSaysHowLongAgoItWas) {
  map_.use(table_of({binding(1, {{5000, 4}})}), now_);
  send(40000);
  now_ += std::chrono::seconds(5);
  send(40001);
  now_ += std::chrono::seconds(2);
  auto flows = list().flows;
  ASSERT_EQ(flows.size(), 2U);
  EXPECT_EQ(flows[0].app.port, 40001);
  EXPECT_EQ(flows[0].idle, std::chrono::seconds(2));
  EXPECT_EQ(flows[1].idle, std::chrono::seconds(7));
  send(40000);
  flows = list().flows;
  EXPECT_EQ(flows[0].app.port, 40000);
  EXPECT_EQ(flows[0].idle, Duration::zero());
}

TEST_F(FlowListTest, CopiesABoundedNumberAndSaysHowManyItLeftOut) {
  FlowTable table{1, {}, {{BindId{1}, kLocal, true, {}}}, false};
  map_.use(table, now_);
  for (std::size_t i = 0; i < FlowList::kMostFlows; ++i) {
    send(static_cast<std::uint16_t>(1024 + i));
  }
  now_ += std::chrono::seconds(1);
  send(60000);
  const FlowList all = list();
  EXPECT_EQ(all.flows.size(), FlowList::kMostFlows);
  EXPECT_EQ(all.left_out, 1U);
  EXPECT_EQ(all.flows.front().app.port, 60000);
  EXPECT_EQ(all.ports.size(), FlowList::kMostFlows + 1) << "ports are counted all the same";
}

TEST_F(FlowListTest, LooksAtAPartOfTheFlowsAtATime) {
  FlowTable table{1, {}, {{BindId{1}, kLocal, true, {}}}, false};
  map_.use(table, now_);
  const auto add_flows = [&](std::uint16_t first, std::uint16_t count) {
    for (std::uint16_t i = 0; i < count; ++i) send(static_cast<std::uint16_t>(first + i));
  };
  add_flows(1024, 5000);
  FlowListing listing;
  EXPECT_FALSE(map_.list(listing, now_));
  EXPECT_LT(listing.finish(now_).flows.size(), 2000U);
  add_flows(10000, 20000);  // the map grows under it
  int calls = 1;
  while (!map_.list(listing, now_)) ++calls;
  EXPECT_GT(calls, 10);
  const FlowList all = listing.finish(now_);
  EXPECT_EQ(all.flows.size() + all.left_out, 25000U) << "none is missing, none there twice";
  EXPECT_EQ(all.ports.size(), 25000U);
}

TEST_F(FlowListTest, RemembersTheMostPortsInUse) {
  map_.use(table_of({binding(1, {{5000, 4}})}), now_);
  send(40000);
  send(40001);
  send(40001, kOtherServer);
  pass(kUdpLife + std::chrono::seconds(2));
  EXPECT_EQ(map_.ports_in_use(), 0U);
  EXPECT_EQ(high_water(), 2U);
}

TEST_F(FlowListTest, UseCountsThePortsOfEachBinding) {
  map_.use(table_of({binding(1, {{5000, 1}}), binding(2, {{6000, 8}})}), now_);
  send(40000);
  send(40001);
  send(40002);
  connect(40001);  // one number for both protocols
  EXPECT_EQ(use_of(1).ports_in_use + use_of(2).ports_in_use, map_.ports_in_use());
  EXPECT_EQ(use_of(1).ports_in_use, 1U);
  map_.use(table_of({binding(2, {{6000, 8}})}), now_);
  EXPECT_EQ(use_of(2).ports_in_use, map_.ports_in_use());
  pass(std::chrono::hours(3));
  EXPECT_EQ(use_of(2).ports_in_use, 0U);
}

TEST_F(FlowListTest, AFlowWhosePortIsNotLeasedHasNoBind) {
  FlowTable table = table_of({binding(1, {{5000, 4}})});
  map_.use(table, now_);
  send(40000);
  table.bindings.clear();
  table.suspended = true;
  map_.use(table, now_);
  EXPECT_EQ(only_flow().bind, BindId{});
}

class ListedPathTest : public fakes::PathTest {
 protected:
  [[nodiscard]] FlowList list_flows() const {
    FlowListing listing;
    while (!path_->list(listing, clock_.now())) {
    }
    return listing.finish(clock_.now());
  }
};

TEST_F(ListedPathTest, CountsTheInnerBytesOfBothDirections) {
  lease(fakes::leased_ports({{5000, 1}}));
  send(fakes::udp_packet(host_, server_, fakes::pattern(40)));
  send(fakes::udp_packet(host_, server_, fakes::pattern(60)));
  receive(fakes::udp_packet(server_, mapped_, fakes::pattern(100)));
  receive(fakes::udp_packet(server_, {mapped_.address, 5001}, fakes::pattern(100)));  // dropped
  const FlowList list = list_flows();
  ASSERT_EQ(list.flows.size(), 1U);
  EXPECT_EQ(list.flows[0].sent_bytes, path_->stats().sent_bytes);
  EXPECT_EQ(list.flows[0].sent_bytes, 156U);
  EXPECT_EQ(list.flows[0].received_bytes, 128U);
}

// 3000 bytes in segments of 1400: three packets with a header each.
TEST_F(ListedPathTest, CountsASuperPacketAsThePacketsThatItIsCutInto) {
  lease(fakes::leased_ports({{5000, 1}}));
  auto bytes = fakes::tcp_packet(host_, server_, fakes::pattern(3000));
  auto offload = packet::partial_checksum_of(packet::Ipv4Packet::parse(bytes).value());
  offload.segmentation = packet::Segmentation::kTcp4;
  offload.segment_bytes = 1400;
  offload.header_bytes = 1000;  // a hint of the kernel
  EXPECT_EQ(send(bytes, offload).size(), 3U);
  const FlowList list = list_flows();
  ASSERT_EQ(list.flows.size(), 1U);
  EXPECT_EQ(list.flows[0].sent_bytes, 3000U + 3 * 40);
  EXPECT_EQ(list.flows[0].sent_bytes, path_->stats().sent_bytes);
}

}  // namespace
}  // namespace rsip::agent
