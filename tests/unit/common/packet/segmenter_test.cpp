#include "common/packet/segmenter.h"

#include <memory>

#include <gtest/gtest.h>

#include "common/packet/transport_header.h"
#include "tests/fakes/packets.h"

namespace rsip::packet {
namespace {

using namespace rsip::fakes;

const Endpoint kHost = at("203.0.113.10", 40000);
const Endpoint kServer = at("198.51.100.7", 443);

Bytes joined(const WirePacket& packet) {
  Bytes bytes(packet.header.begin(), packet.header.end());
  bytes.insert(bytes.end(), packet.payload.begin(), packet.payload.end());
  return bytes;
}

/// Everything that comes out; empty if the packet is refused.
std::vector<Bytes> segments_of(Bytes& bytes, const Offload& offload) {
  std::vector<Bytes> segments;
  auto cut = Segmenter::start(Ipv4Packet::parse(bytes).value(), offload);
  if (!cut) return segments;
  const auto batch = std::make_unique<WireBatch>();
  for (bool done = false; !done;) {
    done = cut->fill(*batch);
    for (const WirePacket& packet : batch->packets()) segments.push_back(joined(packet));
    batch->clear();
  }
  return segments;
}

Offload tcp_offload(std::uint16_t segment_bytes) {
  return {true, 20, 16, Segmentation::kTcp4, segment_bytes, 40, false};
}

TEST(Segmenter, PassesAFinishedPacketAsItIs) {
  const Bytes packet = tcp_packet(kHost, kServer, pattern(77));
  Bytes bytes = packet;
  EXPECT_EQ(segments_of(bytes, {}), std::vector<Bytes>{packet});
}

TEST(Segmenter, CompletesThePartialChecksumOfASinglePacket) {
  const Bytes packet = udp_packet(kHost, kServer, pattern(77));
  Bytes bytes = with_partial_checksum(packet);
  EXPECT_EQ(segments_of(bytes, {true, 20, 6}), std::vector<Bytes>{packet});
}

TEST(Segmenter, CutsTcpIntoSegmentsThatAHandMadeSenderWouldHaveSent) {
  const auto sent = [](Bytes payload, std::uint32_t sequence, std::uint16_t id,
                       std::uint8_t flags) {
    return tcp_packet(kHost, kServer, payload, [&](Tins::IP& header, Tins::TCP& tcp) {
      header.id(id);
      header.tos(0x02);
      tcp.seq(sequence);
      tcp.flags(flags);
      tcp.timestamp(77, 88);
    });
  };
  const Bytes data = pattern(250);
  const std::uint32_t start = 0xFFFFFFF0;  // wraps
  using T = Tins::TCP;
  Bytes super = with_partial_checksum(sent(data, start, 65535, T::ACK | T::PSH | T::FIN | T::CWR));
  const auto part = [&](int from, int to) { return Bytes(data.begin() + from, data.begin() + to); };
  const std::vector<Bytes> expected{
      sent(part(0, 100), start, 65535, T::ACK | T::CWR),
      sent(part(100, 200), start + 100, 0, T::ACK),
      sent(part(200, 250), start + 200, 1, T::ACK | T::PSH | T::FIN),
  };
  EXPECT_EQ(segments_of(super, tcp_offload(100)), expected);
}

TEST(Segmenter, CutsUdpIntoDatagrams) {
  const Bytes data = pattern(250);
  Bytes super = with_partial_checksum(udp_packet(kHost, kServer, data));
  const auto segments = segments_of(super, {true, 20, 6, Segmentation::kUdp4, 100, 28, false});
  ASSERT_EQ(segments.size(), 3U);
  Bytes payload;
  for (const Bytes& segment : segments) {
    EXPECT_TRUE(is_right(segment));
    EXPECT_EQ(parsed(segment).rfind_pdu<Tins::UDP>().length(), segment.size() - 20);
    payload.insert(payload.end(), segment.begin() + 28, segment.end());
  }
  EXPECT_EQ(payload, data);
}

TEST(Segmenter, GoesOnInTheNextBatchWhenOneIsFull) {
  const Bytes data = pattern(60000);
  Bytes super = with_partial_checksum(tcp_packet(kHost, kServer, data));
  const auto segments = segments_of(super, tcp_offload(50));
  ASSERT_EQ(segments.size(), 1200U);
  Bytes payload;
  for (const Bytes& segment : segments) {
    ASSERT_TRUE(is_right(segment));
    payload.insert(payload.end(), segment.begin() + 40, segment.end());
  }
  EXPECT_EQ(payload, data);
}

TEST(Segmenter, StartsOnAFullBatchWithoutLosingThePacket) {
  Bytes bytes = udp_packet(kHost, kServer, pattern(3));
  const auto batch = std::make_unique<WireBatch>();
  while (!batch->full()) batch->add(bytes);
  auto cut = Segmenter::start(Ipv4Packet::parse(bytes).value(), {});
  EXPECT_FALSE(cut->fill(*batch));
  batch->clear();
  EXPECT_TRUE(cut->fill(*batch));
  EXPECT_EQ(batch->packets().size(), 1U);
}

TEST(Segmenter, SendsASuperPacketWithoutPayloadOnce) {
  Bytes super = with_partial_checksum(tcp_packet(kHost, kServer, {}));
  const auto segments = segments_of(super, tcp_offload(100));
  ASSERT_EQ(segments.size(), 1U);
  EXPECT_TRUE(is_right(segments[0]));
}

TEST(Segmenter, RefusesWhatContradictsItself) {
  Bytes tcp = tcp_packet(kHost, kServer, pattern(100));
  Bytes udp = udp_packet(kHost, kServer, pattern(100));
  const Offload as_udp{true, 20, 6, Segmentation::kUdp4, 50, 28, false};
  EXPECT_TRUE(segments_of(tcp, as_udp).empty());
  EXPECT_TRUE(segments_of(udp, tcp_offload(50)).empty());
  EXPECT_TRUE(segments_of(tcp, tcp_offload(0)).empty());
  EXPECT_TRUE(segments_of(tcp, {true, 5, 0}).empty());
  tcp[32] = 0xF0;  // TCP header of 60 bytes is fine, the packet is long enough
  EXPECT_FALSE(segments_of(tcp, tcp_offload(50)).empty());
  tcp[32] = 0x40;  // 16 bytes are not
  EXPECT_TRUE(segments_of(tcp, tcp_offload(50)).empty());
  auto fragments = fragments_of(udp, 48);
  EXPECT_TRUE(segments_of(fragments[0], as_udp).empty());
}

}  // namespace
}  // namespace rsip::packet
