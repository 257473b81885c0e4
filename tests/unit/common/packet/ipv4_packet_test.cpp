#include "common/packet/ipv4_packet.h"

#include <gtest/gtest.h>

#include "tests/fakes/packets.h"

namespace rsip::packet {
namespace {

using namespace rsip::fakes;

const Endpoint kHost = at("203.0.113.10", 40000);
const Endpoint kServer = at("198.51.100.7", 443);

TEST(Ipv4Packet, IsNotParsedUnlessVersionAndLengthsFit) {
  const Bytes good = tcp_packet(kHost, kServer, pattern(10));
  struct Case {
    const char* name;
    std::size_t at;
    std::uint8_t value;
  };
  const Case cases[] = {{"version 6", 0, 0x65},
                        {"header length 16", 0, 0x44},
                        {"header longer than the packet", 0, 0x4F},
                        {"total length beyond the bytes", 2, 0xFF},
                        {"total length below the header", 3, 19}};
  for (const Case& c : cases) {
    Bytes bytes = good;
    bytes[c.at] = c.value;
    if (c.at == 0 && c.value == 0x4F) bytes.resize(50);
    EXPECT_FALSE(Ipv4Packet::parse(bytes)) << c.name;
  }
  Bytes truncated(good.begin(), good.begin() + 19);
  EXPECT_FALSE(Ipv4Packet::parse(truncated));
  Bytes empty;
  EXPECT_FALSE(Ipv4Packet::parse(empty));
}

TEST(Ipv4Packet, LeavesTrailingBytesOutOfTheView) {
  Bytes bytes = udp_packet(kHost, kServer, pattern(10));
  const std::size_t length = bytes.size();
  bytes.resize(length + 6);
  EXPECT_EQ(Ipv4Packet::parse(bytes)->bytes().size(), length);
}

TEST(Ipv4Packet, QuotedMayBeShorterThanItsTotalLength) {
  Bytes bytes = tcp_packet(kHost, kServer, pattern(100));
  bytes.resize(28);
  EXPECT_FALSE(Ipv4Packet::parse(bytes));
  const auto quoted = Ipv4Packet::parse_quoted(bytes);
  ASSERT_TRUE(quoted);
  EXPECT_TRUE(quoted->has_ports());
  EXPECT_EQ(quoted->source_port(), kHost.port);
}

TEST(Ipv4Packet, LaterFragmentHasNoPorts) {
  auto fragments = fragments_of(udp_packet(kHost, kServer, pattern(100)), 48);
  EXPECT_TRUE(Ipv4Packet::parse(fragments[0])->has_ports());
  EXPECT_TRUE(Ipv4Packet::parse(fragments[0])->is_fragment());
  EXPECT_FALSE(Ipv4Packet::parse(fragments[1])->has_ports());
  EXPECT_EQ(Ipv4Packet::parse(fragments[1])->fragment_offset(), 48);
}

TEST(RewritePort, KeepsTcpAndUdpChecksumsRightForEveryPort) {
  for (unsigned port = 0; port < 65536; port += 17) {
    for (Bytes bytes :
         {tcp_packet(kHost, kServer, pattern(33)), udp_packet(kHost, kServer, pattern(33))}) {
      const auto packet = Ipv4Packet::parse(bytes).value();
      rewrite_port(packet, PortField::kSource, static_cast<std::uint16_t>(port), false);
      rewrite_port(packet, PortField::kDestination, 53, false);
      ASSERT_EQ(source_port(bytes), port);
      ASSERT_EQ(destination_port(bytes), 53);
      ASSERT_TRUE(is_right(bytes)) << "port " << port;
    }
  }
}

TEST(RewritePort, LeavesAPartialChecksumAlone) {
  Bytes bytes = with_partial_checksum(tcp_packet(kHost, kServer, pattern(33)));
  const Bytes before = bytes;
  rewrite_port(Ipv4Packet::parse(bytes).value(), PortField::kSource, 5000, true);
  EXPECT_EQ(load_u16(&bytes[36]), load_u16(&before[36]));
}

TEST(RewritePort, LeavesAUdpPacketWithoutChecksumWithoutOne) {
  Bytes bytes = udp_packet(kHost, kServer, pattern(8));
  store_u16(&bytes[26], 0);
  rewrite_port(Ipv4Packet::parse(bytes).value(), PortField::kSource, 5000, false);
  EXPECT_EQ(load_u16(&bytes[26]), 0);
}

TEST(SetTos, KeepsTheHeaderChecksumRight) {
  Bytes bytes = udp_packet(kHost, kServer, pattern(8));
  for (unsigned tos = 0; tos < 256; ++tos) {
    Ipv4Packet::parse(bytes)->set_tos(static_cast<std::uint8_t>(tos));
    ASSERT_TRUE(is_right(bytes)) << tos;
  }
}

}  // namespace
}  // namespace rsip::packet
