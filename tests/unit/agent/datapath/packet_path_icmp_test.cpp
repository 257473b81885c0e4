#include <gtest/gtest.h>

#include "agent/datapath/packet_path.h"
#include "tests/unit/agent/datapath/path_fixture.h"

namespace rsip::agent {
namespace {

using namespace rsip::fakes;

constexpr auto kRequest = Tins::ICMP::ECHO_REQUEST;
constexpr auto kReply = Tins::ICMP::ECHO_REPLY;

class PacketPathIcmpTest : public PathTest {
 protected:
  void SetUp() override { lease(leased_ports({{5000, 32}})); }
  const Ipv4Address router_ = ip("192.0.2.1");
};

// H-037: requests are tunnelled, the reply found by its identifier
TEST_F(PacketPathIcmpTest, PingGoesOutUnderALeasedIdentifierAndTheReplyComesBack) {
  EXPECT_EQ(
      send(echo_packet(host_.address, server_.address, kRequest, 777, pattern(56))),
      std::vector<Bytes>{echo_packet(host_.address, server_.address, kRequest, 5000, pattern(56))});
  EXPECT_EQ(
      receive(echo_packet(server_.address, host_.address, kReply, 5000, pattern(56))),
      std::vector<Bytes>{echo_packet(server_.address, host_.address, kReply, 777, pattern(56))});
}

TEST_F(PacketPathIcmpTest, ReplyFromSomebodyElseOrToAnotherIdentifierStaysOut) {
  send(echo_packet(host_.address, server_.address, kRequest, 777));
  EXPECT_TRUE(receive(echo_packet(router_, host_.address, kReply, 5000)).empty());
  EXPECT_TRUE(receive(echo_packet(server_.address, host_.address, kReply, 5001)).empty());
  EXPECT_EQ(drops(DropReason::kUnsolicited), 2U);
}

TEST_F(PacketPathIcmpTest, FragmentedPingPasses) {
  const auto sent =
      fragments_of(echo_packet(host_.address, server_.address, kRequest, 777, pattern(3000)), 1480);
  const auto expected = fragments_of(
      echo_packet(host_.address, server_.address, kRequest, 5000, pattern(3000)), 1480);
  for (std::size_t i = 0; i < sent.size(); ++i) {
    EXPECT_EQ(send(sent[i]), std::vector<Bytes>{expected[i]});
  }
}

// Path MTU discovery and "connection refused" live from these.
// H-039: errors for the stack
TEST_F(PacketPathIcmpTest, ErrorAboutAMappedPacketReachesItsApplication) {
  struct Case {
    const char* name;
    Bytes sent;
  };
  const Case cases[] = {
      {"tcp", tcp_packet(host_, server_, pattern(40))},
      {"udp", udp_packet(host_, server_, pattern(40))},
      {"echo", echo_packet(host_.address, server_.address, kRequest, host_.port, pattern(40))},
  };
  for (const Case& c : cases) {
    const auto out = send(c.sent);
    ASSERT_EQ(out.size(), 1U) << c.name;
    for (const std::size_t quoted : {28U, 60U}) {
      EXPECT_EQ(receive(unreachable_packet(router_, host_.address, out[0], quoted)),
                std::vector<Bytes>{unreachable_packet(router_, host_.address, c.sent, quoted)})
          << c.name;
    }
  }
}

TEST_F(PacketPathIcmpTest, ErrorAboutAPacketNeverSentStaysOut) {
  const Bytes never = udp_packet(mapped_, server_, pattern(40));
  EXPECT_TRUE(receive(unreachable_packet(router_, host_.address, never, 28)).empty());
  EXPECT_TRUE(receive(unreachable_packet(router_, host_.address, never, 20)).empty());
  EXPECT_EQ(drops(DropReason::kUnsolicited), 2U);
}

// H-038: this host's own errors
TEST_F(PacketPathIcmpTest, ErrorOfThisHostQuotesWhatTheRemoteSent) {
  send(udp_packet(host_, server_, pattern(40)));
  const Bytes arrived = udp_packet(server_, mapped_, pattern(50));
  const auto delivered = receive(arrived);
  ASSERT_EQ(delivered.size(), 1U);
  EXPECT_EQ(send(unreachable_packet(host_.address, server_.address, delivered[0], 60)),
            std::vector<Bytes>{unreachable_packet(host_.address, server_.address, arrived, 60)});
}

TEST_F(PacketPathIcmpTest, ErrorOfThisHostAboutNoFlowIsDropped) {
  const Bytes stranger = udp_packet(server_, host_, pattern(40));
  EXPECT_TRUE(send(unreachable_packet(host_.address, server_.address, stranger, 28)).empty());
  EXPECT_EQ(drops(DropReason::kNoFlow), 1U);
}

TEST_F(PacketPathIcmpTest, ErrorsKeepNoFlowAlive) {
  send(udp_packet(host_, server_, pattern(40)));
  const Bytes quoted = udp_packet(mapped_, server_, pattern(40));
  pass(kUdpLife - std::chrono::seconds(1));
  EXPECT_EQ(receive(unreachable_packet(router_, host_.address, quoted, 28)).size(), 1U);
  pass(std::chrono::seconds(1));
  EXPECT_TRUE(receive(unreachable_packet(router_, host_.address, quoted, 28)).empty());
}

// ESP, AH, GRE: path MTU discovery of an IPsec tunnel lives from these.
TEST_F(PacketPathIcmpTest, WithAWholeAddressErrorsAboutPacketsWithoutPortsPassIfTheirFlowIsKnown) {
  lease(leased_address(2));
  const auto portless = [](Ipv4Address from, Ipv4Address to, std::uint8_t protocol) {
    Bytes packet = udp_packet({from, 0x1234}, {to, 0x5678}, pattern(40));
    packet[9] = protocol;
    packet::Ipv4Packet::parse(packet)->write_header_checksum();
    return packet;
  };
  for (const std::uint8_t protocol : std::initializer_list<std::uint8_t>{50, 51, 47}) {
    const Bytes sent = portless(host_.address, server_.address, protocol);
    const Bytes error = unreachable_packet(router_, host_.address, sent, 28);
    EXPECT_TRUE(receive(error).empty()) << "nothing was sent yet";
    ASSERT_EQ(send(sent).size(), 1U);
    EXPECT_EQ(receive(error), std::vector<Bytes>{error}) << int{protocol};
    const Bytes other = portless(host_.address, router_, protocol);
    EXPECT_TRUE(receive(unreachable_packet(router_, host_.address, other, 28)).empty());
    const Bytes arrived = portless(server_.address, host_.address, protocol);
    EXPECT_EQ(send(unreachable_packet(host_.address, server_.address, arrived, 28)).size(), 1U);
  }
  EXPECT_EQ(drops(DropReason::kUnsolicited), 6U);
}

TEST_F(PacketPathIcmpTest, WithAWholeAddressErrorsPassUnchanged) {
  lease(leased_address(2));
  const auto sent = send(udp_packet(host_, server_, pattern(40)));
  const Bytes error = unreachable_packet(router_, host_.address, sent[0], 28);
  EXPECT_EQ(receive(error), std::vector<Bytes>{error});
}

}  // namespace
}  // namespace rsip::agent
