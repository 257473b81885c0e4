#include "common/packet/offload.h"

#include <cstring>

#include <gtest/gtest.h>

#include "common/packet/transport_header.h"
#include "tests/fakes/packets.h"

namespace rsip::packet {
namespace {

using namespace rsip::fakes;

const Endpoint kHost = at("203.0.113.10", 40000);
const Endpoint kServer = at("198.51.100.7", 443);

/// struct virtio_net_hdr as linux/virtio_net.h lays it out.
struct RawHeader {
  std::uint8_t flags, gso_type;
  std::uint16_t header_bytes, gso_size, checksum_start, checksum_offset;
};

VirtioNetHeader raw(const RawHeader& header) {
  VirtioNetHeader bytes;
  static_assert(sizeof header == sizeof bytes);
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

TEST(Offload, ReadsWhatTheKernelWrites) {
  const auto plain = load_offload(raw({0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(plain, Offload{});
  const auto tcp = load_offload(raw({1, 1 | 0x80, 52, 1428, 20, 16}));
  EXPECT_EQ(tcp, (Offload{true, 20, 16, Segmentation::kTcp4, 1428, 52, true}));
  const auto udp = load_offload(raw({1, 5, 28, 1200, 20, 6}));
  EXPECT_EQ(udp, (Offload{true, 20, 6, Segmentation::kUdp4, 1200, 28, false}));
}

TEST(Offload, RefusesSegmentationItNeverAskedFor) {
  for (const int type : {3, 4, 6, 0x7F}) {
    EXPECT_FALSE(load_offload(raw({1, static_cast<std::uint8_t>(type), 52, 1428, 20, 16}))) << type;
  }
}

TEST(Offload, SurvivesARoundTrip) {
  const Offload offloads[] = {{},
                              {true, 24, 6, Segmentation::kNone, 0, 0, false},
                              {true, 20, 16, Segmentation::kTcp4, 1428, 52, false},
                              {true, 20, 16, Segmentation::kTcp4, 536, 40, true},
                              {true, 20, 6, Segmentation::kUdp4, 1200, 28, false}};
  for (const Offload& offload : offloads) EXPECT_EQ(load_offload(store_offload(offload)), offload);
}

TEST(PartialChecksum, IsRecognisedAndCompleted) {
  for (const Bytes& whole :
       {tcp_packet(kHost, kServer, pattern(99)), udp_packet(kHost, kServer, pattern(98)),
        tcp_packet(kHost, kServer, {})}) {
    Bytes bytes = with_partial_checksum(whole);
    const auto packet = Ipv4Packet::parse(bytes).value();
    ASSERT_TRUE(has_partial_checksum(packet));
    ASSERT_TRUE(complete_checksum(packet, partial_checksum_of(packet)));
    EXPECT_EQ(bytes, whole);
    EXPECT_FALSE(has_partial_checksum(packet));
  }
}

TEST(PartialChecksum, IsNotSeenInFragmentsOrIcmp) {
  Bytes echo = echo_packet(kHost.address, kServer.address, Tins::ICMP::ECHO_REQUEST, 1);
  EXPECT_FALSE(has_partial_checksum(Ipv4Packet::parse(echo).value()));
  auto fragments = fragments_of(with_partial_checksum(udp_packet(kHost, kServer, pattern(99))), 48);
  EXPECT_FALSE(has_partial_checksum(Ipv4Packet::parse(fragments[0]).value()));
}

TEST(CompleteChecksum, RefusesAFieldOutsideThePacket) {
  Bytes bytes = udp_packet(kHost, kServer, pattern(4));
  const auto packet = Ipv4Packet::parse(bytes).value();
  EXPECT_FALSE(complete_checksum(packet, {true, 20, 13}));
  EXPECT_FALSE(complete_checksum(packet, {true, 32, 16}));
  EXPECT_FALSE(complete_checksum(packet, {true, 65535, 65535}));
  EXPECT_FALSE(complete_checksum(packet, {true, 10, 0}));
}

TEST(CompleteChecksum, NeverLeavesAUdpPacketWithoutOne) {
  // Find a payload whose checksum comes out as zero.
  for (unsigned word = 0; word < 65536; ++word) {
    Bytes bytes = udp_packet(
        kHost, kServer, {static_cast<std::uint8_t>(word >> 8), static_cast<std::uint8_t>(word)});
    bytes = with_partial_checksum(bytes);
    const auto packet = Ipv4Packet::parse(bytes).value();
    ASSERT_TRUE(complete_checksum(packet, partial_checksum_of(packet)));
    ASSERT_NE(load_u16(&packet.payload()[kUdpChecksumAt]), 0);
  }
}

TEST(CompleteChecksum, WritesTheZeroOfTcpAsEverybodyElseDoes) {
  int zeros = 0;
  for (unsigned word = 0; word < 65536; ++word) {
    Bytes bytes = tcp_packet(
        kHost, kServer, {static_cast<std::uint8_t>(word >> 8), static_cast<std::uint8_t>(word)});
    bytes = with_partial_checksum(bytes);
    const auto packet = Ipv4Packet::parse(bytes).value();
    ASSERT_TRUE(complete_checksum(packet, partial_checksum_of(packet)));
    const std::uint16_t checksum = load_u16(&packet.payload()[kTcpChecksumAt]);
    ASSERT_NE(checksum, 0xFFFF);
    if (checksum == 0) ++zeros;
  }
  EXPECT_EQ(zeros, 1);
}

}  // namespace
}  // namespace rsip::packet
