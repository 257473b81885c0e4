#include "agent/datapath/packet_path.h"

#include <gtest/gtest.h>

#include "common/packet/transport_header.h"
#include "tests/unit/agent/datapath/path_fixture.h"

namespace rsip::agent {
namespace {

using namespace rsip::fakes;

using PacketPathTest = PathTest;

// H-005, H-008, H-027: rewritten to a leased port, the rest unchanged
TEST_F(PacketPathTest, SendsUnderTheLeasedPortAndBringsTheAnswerBack) {
  lease(leased_ports({{5000, 32}}));
  EXPECT_EQ(send(udp_packet(host_, server_, pattern(40))),
            std::vector<Bytes>{udp_packet(mapped_, server_, pattern(40))});
  EXPECT_EQ(receive(udp_packet(server_, mapped_, pattern(50))),
            std::vector<Bytes>{udp_packet(server_, host_, pattern(50))});
  EXPECT_EQ(send(tcp_packet(host_, server_, pattern(40))),
            std::vector<Bytes>{tcp_packet(mapped_, server_, pattern(40))});
  EXPECT_EQ(receive(tcp_packet(server_, mapped_, pattern(50))),
            std::vector<Bytes>{tcp_packet(server_, host_, pattern(50))});
  const DatapathStats stats = path_->stats();
  EXPECT_EQ(stats.sent_packets, 2U);
  EXPECT_EQ(stats.sent_bytes, 68U + 80U);
  EXPECT_EQ(stats.received_packets, 2U);
  EXPECT_EQ(stats.received_bytes, 78U + 90U);
  EXPECT_EQ(all_drops(), 0U);
}

TEST_F(PacketPathTest, DoesNotTouchAPacketFromALeasedPort) {
  lease(leased_ports({{5000, 32}}));
  const Endpoint own = at("203.0.113.10", 5007);
  EXPECT_EQ(send(udp_packet(own, server_, pattern(40))),
            std::vector<Bytes>{udp_packet(own, server_, pattern(40))});
}

TEST_F(PacketPathTest, CompletesPartialChecksumsAfterRewriting) {
  lease(leased_ports({{5000, 32}}));
  EXPECT_EQ(send(with_partial_checksum(udp_packet(host_, server_, pattern(40))), {{true, 20, 6}}),
            std::vector<Bytes>{udp_packet(mapped_, server_, pattern(40))});
}

TEST_F(PacketPathTest, CutsASuperPacketIntoRightSegmentsOfTheLeasedPort) {
  lease(leased_ports({{5000, 32}}));
  const Bytes data = pattern(50000);
  const auto sent =
      send(with_partial_checksum(tcp_packet(host_, server_, data)),
           packet::Offload{true, 20, 16, packet::Segmentation::kTcp4, 1440, 40, false});
  ASSERT_EQ(sent.size(), 35U);
  Bytes received;
  for (const Bytes& segment : sent) {
    EXPECT_TRUE(is_right(segment));
    EXPECT_EQ(source_port(segment), 5000);
    received.insert(received.end(), segment.begin() + 40, segment.end());
  }
  EXPECT_EQ(received, data);
  EXPECT_EQ(path_->stats().sent_packets, 35U);
}

TEST_F(PacketPathTest, HandsLeakedPartialChecksumsToTheStackAsSuch) {
  lease(leased_ports({{5000, 32}}));
  send(tcp_packet(host_, server_, {}));
  send(udp_packet(host_, server_, pattern(1)));
  EXPECT_EQ(receive(with_partial_checksum(tcp_packet(server_, mapped_, pattern(50)))),
            std::vector<Bytes>{tcp_packet(server_, host_, pattern(50))});
  EXPECT_EQ(receive(with_partial_checksum(udp_packet(server_, mapped_, pattern(50)))),
            std::vector<Bytes>{udp_packet(server_, host_, pattern(50))});
}

TEST_F(PacketPathTest, MergesTheSegmentsOfABatch) {
  lease(leased_ports({{5000, 32}}));
  send(tcp_packet(host_, server_, {}));
  for (std::uint32_t i = 0; i < 3; ++i) {
    underlay_.inject(tcp_packet(server_, mapped_, pattern(100),
                                [&](Tins::IP&, Tins::TCP& tcp) { tcp.seq(1000 + 100 * i); }));
  }
  path_->pump_in(clock_.now());
  const auto written = tun_.take_written();
  ASSERT_EQ(written.size(), 1U);
  EXPECT_EQ(written[0].offload.segmentation, packet::Segmentation::kTcp4);
  EXPECT_EQ(written[0].bytes.size(), 340U);
  EXPECT_EQ(destination_port(written[0].bytes), host_.port);
  EXPECT_EQ(path_->stats().received_packets, 3U);
}

TEST_F(PacketPathTest, UsesTheMtuTheDeviceHasAtThePublication) {
  tun_.set_mtu(1000);
  lease(leased_ports({{5000, 32}}));
  send(tcp_packet(host_, server_, {}));
  underlay_.inject(with_partial_checksum(tcp_packet(server_, mapped_, pattern(5000))));
  path_->pump_in(clock_.now());
  const auto written = tun_.take_written();
  ASSERT_EQ(written.size(), 1U);
  EXPECT_EQ(written[0].offload.segment_bytes, 960);
}

TEST_F(PacketPathTest, CountsEveryDropOnTheWayOutByItsReason) {
  struct Case {
    DropReason reason;
    Bytes packet;
    std::optional<packet::Offload> offload = packet::Offload{};
  };
  Bytes ipv6 = udp_packet(host_, server_, pattern(40));
  ipv6[0] = 0x60;
  Bytes wrong_length = udp_packet(host_, server_, pattern(40));
  wrong_length[2] = 0xFF;
  Bytes no_ports = udp_packet(host_, server_, {});
  no_ports.resize(24);
  no_ports[3] = 24;
  Bytes esp = udp_packet(host_, server_, pattern(40));
  esp[9] = 50;
  const packet::Offload nonsense{true, 20, 200};
  const Case cases[] = {
      {DropReason::kNotIpv4, ipv6},
      {DropReason::kNotIpv4, {}},
      {DropReason::kNotIpv4, ipv6, std::nullopt},
      {DropReason::kMalformed, wrong_length},
      {DropReason::kMalformed, no_ports},
      {DropReason::kMalformed, udp_packet(host_, server_, pattern(40)), std::nullopt},
      {DropReason::kMalformed, udp_packet(host_, server_, pattern(40)), nonsense},
      {DropReason::kSourceNotLeased, udp_packet(at("10.0.0.2", 1), server_, pattern(40))},
      {DropReason::kProtocolNotLeased, esp},
      {DropReason::kProtocolNotLeased,
       echo_packet(host_.address, server_.address, Tins::ICMP::ECHO_REPLY, 1)},
      {DropReason::kNoFlow,
       tcp_packet(host_, server_, {},
                  [](Tins::IP&, Tins::TCP& tcp) { tcp.flags(Tins::TCP::RST); })},
      {DropReason::kOrphanFragment, fragments_of(udp_packet(host_, server_, pattern(99)), 48)[1]},
  };
  lease(leased_ports({{5000, 32}}));
  for (const Case& c : cases) {
    const std::uint64_t before = drops(c.reason);
    const std::uint64_t all_before = all_drops();
    EXPECT_TRUE(send(c.packet, c.offload).empty()) << to_string(c.reason);
    EXPECT_EQ(drops(c.reason), before + 1) << to_string(c.reason);
    EXPECT_EQ(all_drops(), all_before + 1) << to_string(c.reason);
  }
}

TEST_F(PacketPathTest, CountsEveryDropOnTheWayInByItsReason) {
  lease(leased_ports({{5000, 32}}));
  send(udp_packet(host_, server_, pattern(40)));
  Bytes broken = udp_packet(server_, mapped_, pattern(40));
  broken[2] = 0xFF;
  struct Case {
    DropReason reason;
    Bytes packet;
    std::uint8_t outer_tos = 0;
  };
  const Case cases[] = {
      {DropReason::kMalformed, broken},
      {DropReason::kMalformed, {}},
      {DropReason::kNoLease, udp_packet(server_, at("203.0.113.99", 5000), pattern(40))},
      {DropReason::kNoLease, udp_packet(server_, at("203.0.113.10", 80), pattern(40))},
      {DropReason::kUnsolicited, udp_packet(at("198.51.100.8", 443), mapped_, pattern(40))},
      {DropReason::kUnsolicited,
       echo_packet(server_.address, host_.address, Tins::ICMP::ECHO_REQUEST, 5000)},
      {DropReason::kCongestionDropped, udp_packet(server_, mapped_, pattern(40)), 3},
      {DropReason::kOrphanFragment, fragments_of(udp_packet(server_, mapped_, pattern(99)), 48)[1]},
  };
  for (const Case& c : cases) {
    const std::uint64_t before = drops(c.reason);
    const std::uint64_t all_before = all_drops();
    EXPECT_TRUE(receive(c.packet, c.outer_tos).empty()) << to_string(c.reason);
    EXPECT_EQ(drops(c.reason), before + 1) << to_string(c.reason);
    EXPECT_EQ(all_drops(), all_before + 1) << to_string(c.reason);
  }
  EXPECT_EQ(path_->stats().received_packets, 0U);
}

TEST_F(PacketPathTest, CountsWhatSocketOrDeviceRefuse) {
  lease(leased_ports({{5000, 32}}));
  underlay_.refuse_sends(true);
  send(udp_packet(host_, server_, pattern(40)));
  EXPECT_EQ(drops(DropReason::kSendFailed), 1U);
  EXPECT_EQ(path_->stats().sent_packets, 0U);
  EXPECT_EQ(path_->stats().sent_bytes, 0U);
  tun_.refuse_writes(true);
  receive(udp_packet(server_, mapped_, pattern(40)));
  EXPECT_EQ(drops(DropReason::kWriteFailed), 1U);
  EXPECT_EQ(path_->stats().received_packets, 0U);
  EXPECT_EQ(path_->stats().received_bytes, 0U);
}

TEST_F(PacketPathTest, CountsOfABatchOnlyTheBytesThatWereSent) {
  lease(leased_ports({{5000, 32}}));
  underlay_.refuse_size(68);
  tun_.inject(udp_packet(host_, server_, pattern(40)));
  tun_.inject(udp_packet(host_, server_, pattern(100)));
  path_->pump_out(clock_.now());
  EXPECT_EQ(path_->stats().sent_packets, 1U);
  EXPECT_EQ(path_->stats().sent_bytes, 128U);
  EXPECT_EQ(drops(DropReason::kSendFailed), 1U);
}

TEST_F(PacketPathTest, CountsTheSegmentsOfASuperPacketOneByOne) {
  lease(leased_ports({{5000, 32}}));
  send(tcp_packet(host_, server_, {}));
  const auto inject_segments = [this](std::uint32_t sequence) {
    for (std::uint32_t i = 0; i < 3; ++i) {
      underlay_.inject(tcp_packet(server_, mapped_, pattern(100),
                                  [&](Tins::IP&, Tins::TCP& tcp) { tcp.seq(sequence + 100 * i); }));
    }
    path_->pump_in(clock_.now());
  };
  inject_segments(1000);
  ASSERT_EQ(tun_.take_written().size(), 1U);
  EXPECT_EQ(path_->stats().received_packets, 3U);
  EXPECT_EQ(path_->stats().received_bytes, 3U * 140U);
  tun_.refuse_writes(true);
  inject_segments(1300);
  EXPECT_EQ(drops(DropReason::kWriteFailed), 3U);
  EXPECT_EQ(path_->stats().received_packets, 3U);
}

TEST_F(PacketPathTest, CountsWhatTheSocketTookFromNobodyItKnows) {
  lease(leased_ports({{5000, 32}}));
  underlay_.inject_foreign(2);
  EXPECT_FALSE(path_->pump_in(clock_.now()));
  EXPECT_EQ(drops(DropReason::kNotFromGateway), 2U);
  underlay_.inject_foreign(1);
  path_->pump_in(clock_.now());
  EXPECT_EQ(drops(DropReason::kNotFromGateway), 3U);
  EXPECT_EQ(all_drops(), 3U);
}

// RFC 6040 section 4.2.
TEST_F(PacketPathTest, TakesCongestionMarksOverFromTheOuterHeader) {
  lease(leased_ports({{5000, 32}}));
  send(udp_packet(host_, server_, pattern(40)));
  Bytes capable = udp_packet(server_, mapped_, pattern(40));
  packet::Ipv4Packet::parse(capable)->set_tos(0xBA);
  const auto marked = receive(capable, 3);
  ASSERT_EQ(marked.size(), 1U);
  EXPECT_TRUE(is_right(marked[0]));
  EXPECT_EQ(marked[0][1], 0xBB);
  EXPECT_EQ(receive(capable, 2)[0][1], 0xBA);
  EXPECT_EQ(receive(capable, 1)[0][1], 0xB9) << "ECT(1) outside goes before ECT(0) inside";
}

TEST_F(PacketPathTest, WithAWholeAddressNothingIsRewrittenButStrangersStayOut) {
  lease(leased_address());
  EXPECT_EQ(send(udp_packet(host_, server_, pattern(40))),
            std::vector<Bytes>{udp_packet(host_, server_, pattern(40))});
  EXPECT_EQ(receive(udp_packet(server_, host_, pattern(40))).size(), 1U);
  EXPECT_TRUE(receive(udp_packet(server_, at("203.0.113.10", 22), pattern(40))).empty());
  EXPECT_EQ(drops(DropReason::kUnsolicited), 1U);
}

TEST_F(PacketPathTest, LaterFragmentsFollowTheirFirstInBothDirections) {
  lease(leased_ports({{5000, 32}}));
  const auto question = fragments_of(udp_packet(host_, server_, pattern(3000)), 1400);
  const auto expected = fragments_of(udp_packet(mapped_, server_, pattern(3000)), 1400);
  for (std::size_t i = 0; i < question.size(); ++i) {
    EXPECT_EQ(send(question[i]), std::vector<Bytes>{expected[i]}) << "outbound fragment " << i;
  }
  const auto answer = fragments_of(udp_packet(server_, mapped_, pattern(3000)), 1400);
  const auto wanted = fragments_of(udp_packet(server_, host_, pattern(3000)), 1400);
  for (std::size_t i = 0; i < answer.size(); ++i) {
    EXPECT_EQ(receive(answer[i]), std::vector<Bytes>{wanted[i]}) << "inbound fragment " << i;
  }
}

TEST_F(PacketPathTest, LaterFragmentsOfARefusedPacketShareItsFate) {
  lease(leased_ports({{5000, 32}}));
  for (const Bytes& fragment : fragments_of(udp_packet(server_, mapped_, pattern(3000)), 1400)) {
    EXPECT_TRUE(receive(fragment).empty());
  }
  EXPECT_EQ(drops(DropReason::kUnsolicited), 3U);
}

TEST_F(PacketPathTest, FragmentsOfStrangersTakeNoRoomFromThoseOfKnownFlows) {
  lease(leased_ports({{5000, 32}}));
  send(udp_packet(host_, server_, pattern(40)));
  const auto fragments = fragments_of(udp_packet(server_, mapped_, pattern(3000)), 1400);
  ASSERT_EQ(receive(fragments[0]).size(), 1U);
  for (std::uint32_t i = 0; i < 2 * FragmentTable::kEntries; ++i) {
    const Endpoint stranger{{0xC0000200 + i}, 99};
    EXPECT_TRUE(
        receive(fragments_of(udp_packet(stranger, mapped_, pattern(3000)), 1400)[0]).empty());
  }
  EXPECT_EQ(receive(fragments[1]).size(), 1U);
  EXPECT_EQ(drops(DropReason::kOrphanFragment), 0U);
}

TEST_F(PacketPathTest, LaterFragmentsFollowTheFirstThatCameLast) {
  lease(leased_ports({{5000, 32}}));
  const auto fragments = fragments_of(udp_packet(server_, mapped_, pattern(3000)), 1400);
  EXPECT_TRUE(receive(fragments[0]).empty()) << "no flow yet";
  send(udp_packet(host_, server_, pattern(40)));
  EXPECT_EQ(receive(fragments[0]).size(), 1U);
  EXPECT_EQ(receive(fragments[1]).size(), 1U);
  lease(leased_ports({{6000, 32}}, true, 2));
  EXPECT_TRUE(receive(fragments[0]).empty());
  EXPECT_TRUE(receive(fragments[1]).empty());
}

TEST_F(PacketPathTest, FragmentsAreForgottenAfterHalfAMinuteOrWhenTooMany) {
  lease(leased_ports({{5000, 32}}));
  const auto fragments = fragments_of(udp_packet(host_, server_, pattern(99)), 48);
  send(fragments[0]);
  pass(FragmentTable::kLife);
  EXPECT_TRUE(send(fragments[1]).empty());
  send(fragments[0]);
  for (std::uint16_t id = 0; id < FragmentTable::kEntries; ++id) {
    Bytes other = fragments[0];
    packet::store_u16(&other[4], static_cast<std::uint16_t>(30000 + id));
    packet::Ipv4Packet::parse(other)->write_header_checksum();
    send(other);
  }
  EXPECT_TRUE(send(fragments[1]).empty());
  EXPECT_EQ(drops(DropReason::kOrphanFragment), 2U);
}

// H-048: what uses a lease is known
TEST_F(PacketPathTest, ReportsPortsInUseUntilTheirFlowsEnd) {
  lease(leased_ports({{5000, 32}}));
  send(udp_packet(host_, server_, pattern(40)));
  pass(std::chrono::seconds(1));
  EXPECT_EQ(path_->stats().ports_in_use, 1U);
  EXPECT_TRUE(path_->patience());
  pass(kUdpLife);
  EXPECT_EQ(path_->stats().ports_in_use, 0U);
  EXPECT_FALSE(path_->patience()) << "nothing to wake up for";
}

TEST_F(PacketPathTest, DoesNotWaitWhileManyFlowsAreOver) {
  lease(leased_ports({{1024, 1024}}));
  for (std::uint16_t i = 0; i < 1024; ++i) {
    send(udp_packet({host_.address, static_cast<std::uint16_t>(30000 + i)}, server_, pattern(4)));
  }
  clock_.advance(kUdpLife + std::chrono::seconds(1));
  int rounds = 0;
  do {
    path_->tidy(clock_.now());
    ++rounds;
  } while (path_->patience() == Duration::zero());
  EXPECT_EQ(path_->stats().ports_in_use, 0U);
  EXPECT_GT(rounds, 1) << "each does a bounded amount of work";
}

TEST_F(PacketPathTest, PortsOfEndedFlowsCallForNoGrowth) {
  lease(leased_ports({{1024, 200}}));
  for (std::uint16_t i = 0; i < 200; ++i) {
    send(udp_packet({host_.address, static_cast<std::uint16_t>(30000 + i)}, server_, pattern(4)));
  }
  clock_.advance(kUdpLife + std::chrono::seconds(1));
  EXPECT_EQ(send(udp_packet(host_, server_, pattern(4))).size(), 1U);
  EXPECT_EQ(ports_wanted_, 0);
}

TEST_F(PacketPathTest, NothingPassesBeforeTheFirstTable) {
  EXPECT_TRUE(send(udp_packet(host_, server_, pattern(40))).empty());
  EXPECT_TRUE(receive(udp_packet(server_, mapped_, pattern(40))).empty());
  EXPECT_EQ(drops(DropReason::kSourceNotLeased), 1U);
  EXPECT_EQ(drops(DropReason::kNoLease), 1U);
}

}  // namespace
}  // namespace rsip::agent
