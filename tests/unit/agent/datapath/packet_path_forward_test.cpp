#include <gtest/gtest.h>

#include "agent/datapath/packet_path.h"
#include "tests/unit/agent/datapath/flow_map_fixture.h"
#include "tests/unit/agent/datapath/path_fixture.h"

namespace rsip::agent {
namespace {

using namespace rsip::fakes;
using namespace std::chrono_literals;

/// Leased tuples in the hands of other hosts: ports 5000 to 5003 of one address, all of another.
class PacketPathForwardTest : public PathTest {
 protected:
  void SetUp() override {
    FlowTable table = table_of({binding(1, {{5000, 4}}), {BindId{2}, whole_.address, true, {}}});
    table.forward = true;
    lease(table);
  }
  void expect_out(const Bytes& packet) { EXPECT_EQ(send(packet), std::vector<Bytes>{packet}); }
  void expect_in(const Bytes& packet) { EXPECT_EQ(receive(packet), std::vector<Bytes>{packet}); }

  const Endpoint whole_ = at("203.0.113.11", 40000);
  const Endpoint not_leased_ = at("203.0.113.10", 5004);
};

TEST_F(PacketPathForwardTest, LeasedTuplesPassAsTheyAreWhoeverBegan) {
  expect_in(tcp_packet(server_, mapped_, pattern(40)));
  expect_in(udp_packet(server_, mapped_, pattern(40)));
  expect_in(udp_packet(server_, whole_, pattern(40)));
  expect_out(udp_packet(mapped_, server_, pattern(40)));
  expect_out(tcp_packet(whole_, server_, pattern(40)));
  EXPECT_EQ(all_drops(), 0U);
  EXPECT_EQ(path_->stats().ports_in_use, 0U);
}

// H-005: also on behalf of others.
TEST_F(PacketPathForwardTest, OtherTuplesDoNotPass) {
  EXPECT_TRUE(send(udp_packet(not_leased_, server_, {1})).empty());
  EXPECT_TRUE(send(udp_packet(at("192.0.2.9", 5000), server_, {1})).empty());
  EXPECT_EQ(drops(DropReason::kSourceNotLeased), 2U);
  EXPECT_TRUE(receive(udp_packet(server_, not_leased_, {1})).empty());
  EXPECT_TRUE(receive(udp_packet(server_, at("192.0.2.9", 5000), {1})).empty());
  EXPECT_EQ(drops(DropReason::kNoLease), 2U);
}

TEST_F(PacketPathForwardTest, ScopeHoldsForOthersToo) {
  FlowTable table = table_of({binding(1, {{5000, 4}}, only(server_.address))});
  table.generation = 2;
  table.forward = true;
  lease(table);
  expect_out(udp_packet(mapped_, server_, {1}));
  EXPECT_TRUE(send(udp_packet(mapped_, at("192.0.2.1", 443), {1})).empty());
  EXPECT_TRUE(receive(udp_packet(at("192.0.2.1", 443), mapped_, {1})).empty());
}

TEST_F(PacketPathForwardTest, FragmentsFollowTheirFirstOrTheWholeAddress) {
  EXPECT_TRUE(
      send(fragments_of(udp_packet(not_leased_, server_, pattern(3000)), 1400).at(1)).empty());
  for (const Bytes& fragment : fragments_of(udp_packet(mapped_, server_, pattern(3000)), 1400)) {
    expect_out(fragment);
  }
  for (const Bytes& fragment : fragments_of(udp_packet(server_, mapped_, pattern(3000)), 1400)) {
    expect_in(fragment);
  }
  expect_out(fragments_of(udp_packet(whole_, server_, pattern(3000)), 1400).at(1));
  expect_in(fragments_of(udp_packet(server_, whole_, pattern(3000)), 1400).at(1));
}

TEST_F(PacketPathForwardTest, IcmpPassesByAddressAndErrorsByWhatTheyQuote) {
  const Ipv4Address router = ip("192.0.2.1");
  for (const auto type : {Tins::ICMP::ECHO_REQUEST, Tins::ICMP::ECHO_REPLY}) {
    expect_out(echo_packet(mapped_.address, server_.address, type, 777));
    expect_in(echo_packet(server_.address, mapped_.address, type, 777));
  }
  expect_in(unreachable_packet(router, mapped_.address, udp_packet(mapped_, server_, {1}), 28));
  expect_out(unreachable_packet(mapped_.address, router, udp_packet(server_, mapped_, {1}), 28));
  const Bytes strange = udp_packet(not_leased_, server_, {1});
  EXPECT_TRUE(receive(unreachable_packet(router, mapped_.address, strange, 28)).empty());
  EXPECT_EQ(drops(DropReason::kNoLease), 1U);
}

TEST_F(PacketPathForwardTest, ProtocolsWithoutPortsNeedAWholeAddress) {
  const auto esp = [](const Endpoint& from, const Endpoint& to) {
    Bytes packet = udp_packet(from, to, pattern(40));
    packet[9] = 50;
    packet::Ipv4Packet::parse(packet)->write_header_checksum();
    return packet;
  };
  expect_out(esp(whole_, server_));
  expect_in(esp(server_, whole_));
  EXPECT_TRUE(send(esp(mapped_, server_)).empty());
  EXPECT_EQ(drops(DropReason::kProtocolNotLeased), 1U);
  EXPECT_TRUE(receive(esp(server_, mapped_)).empty());
}

TEST_F(PacketPathForwardTest, NothingPassesWhileTheLeasesAreAway) {
  FlowTable none{2, {}, {}, true};
  none.forward = none.suspended = true;
  lease(none);
  EXPECT_TRUE(send(udp_packet(mapped_, server_, {1})).empty());
  EXPECT_TRUE(receive(udp_packet(server_, mapped_, {1})).empty());
}

// H-048: the other hosts' flows are not known, their packets are.
TEST_F(PacketPathForwardTest, BindingIsInUseForTwoMinutesAfterAPacketEitherWay) {
  const auto use = [&](std::uint32_t bind) {
    for (const BindingUse& line : path_->binding_use(clock_.now())) {
      if (line.bind == BindId{bind}) return line.in_use;
    }
    return false;
  };
  receive(udp_packet(server_, mapped_, {1}));
  send(echo_packet(whole_.address, server_.address, Tins::ICMP::ECHO_REQUEST, 1));
  pass(kTimeWait - 1s);
  EXPECT_TRUE(use(1));
  EXPECT_TRUE(use(2));
  pass(1s);
  EXPECT_FALSE(use(1));
  EXPECT_FALSE(use(2));
}

}  // namespace
}  // namespace rsip::agent
