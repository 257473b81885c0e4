#include "common/packet/coalescer.h"

#include <memory>
#include <random>

#include <gtest/gtest.h>

#include "common/packet/segmenter.h"
#include "common/packet/transport_header.h"
#include "tests/fakes/packets.h"
#include "tests/fakes/seed.h"

namespace rsip::packet {
namespace {

using namespace rsip::fakes;

const Endpoint kServer = at("198.51.100.7", 443);
const Endpoint kHost = at("203.0.113.10", 40000);
const Endpoint kOtherPort = at("203.0.113.10", 40001);

struct Segment {
  std::uint32_t sequence = 1000;
  Bytes payload = pattern(100);
  std::uint8_t flags = Tins::TCP::ACK;
  std::uint32_t ack = 7;
  std::uint16_t window = 500;
  std::uint8_t tos = 0;
  std::uint8_t ttl = 64;
  std::uint32_t timestamp = 5;
  Endpoint to = kHost;
};

Bytes build(const Segment& s) {
  return tcp_packet(kServer, s.to, s.payload, [&](Tins::IP& header, Tins::TCP& tcp) {
    header.tos(s.tos);
    header.ttl(s.ttl);
    tcp.seq(s.sequence);
    tcp.flags(s.flags);
    tcp.ack_seq(s.ack);
    tcp.window(s.window);
    tcp.timestamp(s.timestamp, 6);
  });
}

struct Written {
  Offload offload;
  Bytes bytes;
};

class CoalescerTest : public ::testing::Test {
 protected:
  std::vector<Written> coalesce(std::vector<Bytes> packets) {
    kept_ = std::move(packets);
    for (Bytes& bytes : kept_) coalescer_.add(Ipv4Packet::parse(bytes).value());
    std::vector<Written> written;
    for (const TunPacket& packet : coalescer_.finish()) {
      Written one{packet.offload, {}};
      for (const auto piece : packet.pieces) {
        one.bytes.insert(one.bytes.end(), piece.begin(), piece.end());
      }
      written.push_back(std::move(one));
    }
    coalescer_.clear();
    return written;
  }

  /// What the kernel makes of it: each wire packet with its checksum completed.
  static std::vector<Bytes> segments_of(Written written) {
    const auto batch = std::make_unique<WireBatch>();
    auto cut = Segmenter::start(Ipv4Packet::parse(written.bytes).value(), written.offload).value();
    std::vector<Bytes> segments;
    for (bool done = false; !done; batch->clear()) {
      done = cut.fill(*batch);
      for (const WirePacket& packet : batch->packets()) {
        Bytes bytes(packet.header.begin(), packet.header.end());
        bytes.insert(bytes.end(), packet.payload.begin(), packet.payload.end());
        segments.push_back(std::move(bytes));
      }
    }
    return segments;
  }

  Coalescer coalescer_{1480};
  std::vector<Bytes> kept_;
};

TEST_F(CoalescerTest, MergesConsecutiveSegmentsIntoOneSuperPacket) {
  Segment a, b, c;
  b.sequence = 1100;
  b.payload = pattern(100, 1);
  c.sequence = 1200;
  c.payload = pattern(30, 2);
  c.flags = Tins::TCP::ACK | Tins::TCP::PSH;
  const auto written = coalesce({build(a), build(b), build(c)});
  ASSERT_EQ(written.size(), 1U);
  EXPECT_EQ(written[0].offload, (Offload{true, 20, 16, Segmentation::kTcp4, 100, 52, false}));
  EXPECT_EQ(load_u16(&written[0].bytes[2]), 20 + 32 + 230);
  const auto segments = segments_of(written[0]);
  ASSERT_EQ(segments.size(), 3U);
  for (const Bytes& segment : segments) EXPECT_TRUE(is_right(segment));
  EXPECT_EQ(segments[0], build(a));
  EXPECT_EQ(Bytes(segments[2].begin() + 20, segments[2].end()), [&] {
    const Bytes all = build(c);
    return Bytes(all.begin() + 20, all.end());
  }());
}

TEST_F(CoalescerTest, HandsAVerifiedSinglePacketOnAsPseudoHeaderSum) {
  const auto written = coalesce({build({})});
  ASSERT_EQ(written.size(), 1U);
  EXPECT_EQ(written[0].offload, (Offload{true, 20, 16}));
  EXPECT_EQ(segments_of(written[0])[0], build({}));
}

TEST_F(CoalescerTest, KeepsApartWhatDiffersInAnyHeaderField) {
  Segment next;
  next.sequence = 1100;
  std::vector<std::pair<const char*, Segment>> cases;
  const auto add = [&](const char* name, auto change) {
    Segment s = next;
    change(s);
    cases.emplace_back(name, s);
  };
  add("gap", [](Segment& s) { s.sequence = 1101; });
  add("overlap", [](Segment& s) { s.sequence = 1099; });
  add("longer than the first", [](Segment& s) { s.payload = pattern(101); });
  add("acknowledgement", [](Segment& s) { s.ack = 8; });
  add("window", [](Segment& s) { s.window = 501; });
  add("type of service", [](Segment& s) { s.tos = 3; });
  add("time to live", [](Segment& s) { s.ttl = 63; });
  add("timestamp option", [](Segment& s) { s.timestamp = 6; });
  add("port", [](Segment& s) { s.to = kOtherPort; });
  add("FIN", [](Segment& s) { s.flags |= Tins::TCP::FIN; });
  add("RST", [](Segment& s) { s.flags |= Tins::TCP::RST; });
  add("CWR", [](Segment& s) { s.flags |= Tins::TCP::CWR; });
  add("ECE", [](Segment& s) { s.flags |= Tins::TCP::ECE; });
  add("URG", [](Segment& s) { s.flags |= Tins::TCP::URG; });
  add("no payload", [](Segment& s) { s.payload.clear(); });
  for (const auto& [name, segment] : cases) {
    const auto written = coalesce({build({}), build(segment)});
    ASSERT_EQ(written.size(), 2U) << name;
    EXPECT_EQ(segments_of(written[0])[0], build({})) << name;
    EXPECT_EQ(segments_of(written[1])[0], build(segment)) << name;
  }
  EXPECT_EQ(coalesce({build({}), build(next)}).size(), 1U);
}

TEST_F(CoalescerTest, PassesAWrongChecksumUnchangedForTheKernelToCount) {
  Bytes broken = build({});
  broken[60] ^= 1;
  Segment next;
  next.sequence = 1100;
  const auto written = coalesce({broken, build(next)});
  ASSERT_EQ(written.size(), 2U);
  EXPECT_EQ(written[0].offload, Offload{});
  EXPECT_EQ(written[0].bytes, broken);
}

TEST_F(CoalescerTest, MergesSegmentsWhoseChecksumWasNeverCompleted) {
  Segment next;
  next.sequence = 1100;
  const auto written =
      coalesce({with_partial_checksum(build({})), with_partial_checksum(build(next))});
  ASSERT_EQ(written.size(), 1U);
  const auto segments = segments_of(written[0]);
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_TRUE(is_right(segments[0]));
  EXPECT_TRUE(is_right(segments[1]));
}

TEST_F(CoalescerTest, GivesASuperPacketOfTheKernelSegmentsThatFitTheMtu) {
  Segment big;
  big.payload = pattern(40000);
  big.flags |= Tins::TCP::PSH;
  const auto written = coalesce({with_partial_checksum(build(big))});
  ASSERT_EQ(written.size(), 1U);
  EXPECT_EQ(written[0].offload, (Offload{true, 20, 16, Segmentation::kTcp4, 1428, 52, false}));
  std::size_t payload = 0;
  for (const Bytes& segment : segments_of(written[0])) {
    EXPECT_TRUE(is_right(segment));
    EXPECT_LE(segment.size(), 1480U);
    payload += segment.size() - 52;
  }
  EXPECT_EQ(payload, 40000U);
}

TEST_F(CoalescerTest, LeavesALargePacketWithItsOwnChecksumWhole) {
  Segment big;
  big.payload = pattern(4000);
  const auto written = coalesce({build(big)});
  ASSERT_EQ(written.size(), 1U);
  EXPECT_EQ(written[0].offload.segmentation, Segmentation::kNone);
}

TEST_F(CoalescerTest, MarksAPartialUdpChecksumAndPassesAFinishedOne) {
  const Bytes udp = udp_packet(kServer, kHost, pattern(50));
  const auto written = coalesce({with_partial_checksum(udp), udp});
  ASSERT_EQ(written.size(), 2U);
  EXPECT_EQ(written[0].offload, (Offload{true, 20, 6}));
  EXPECT_EQ(written[1].offload, Offload{});
  EXPECT_EQ(written[1].bytes, udp);
}

TEST_F(CoalescerTest, NeverBuildsAPacketThatDoesNotFitItsLengthField) {
  std::vector<Bytes> packets;
  Segment s;
  s.payload = pattern(1428);
  for (int i = 0; i < 64; ++i, s.sequence += 1428) packets.push_back(build(s));
  const auto written = coalesce(packets);
  ASSERT_EQ(written.size(), 2U);
  EXPECT_LE(written[0].bytes.size(), 65000U);
  EXPECT_EQ(written[0].bytes.size() + written[1].bytes.size(), 64U * 1428 + 2 * 52);
}

TEST_F(CoalescerTest, DoesNotLetDataOvertakeAPureAcknowledgementOrFragmentOfItsFlow) {
  Segment second;
  second.sequence = 1100;
  Segment ack;
  ack.payload.clear();
  EXPECT_EQ(coalesce({build({}), build(ack), build(second)}).size(), 3U);
  const Bytes fragment = fragments_of(build({}), 48)[1];
  EXPECT_EQ(coalesce({build({}), fragment, build(second)}).size(), 3U);
}

// Random interleaved flows, with gaps, pushes, broken and partial checksums: cut again, each flow
// must come out byte for byte and in order, whatever was merged.
TEST_F(CoalescerTest, RoundTripKeepsEveryFlowByteForByteAndInOrder) {
  const auto seed = rsip::fakes::test_seed();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    std::vector<Bytes> sent;
    std::uint32_t next[3] = {1000, 0xFFFFFF00, 5};
    for (std::size_t i = 0; i < Coalescer::kCapacity; ++i) {
      const std::size_t flow = random() % 3;
      Segment s;
      s.to.port = static_cast<std::uint16_t>(40000 + flow);
      s.sequence = next[flow] + (random() % 16 == 0 ? 10 : 0);
      s.payload =
          pattern(random() % 8 == 0 ? random() % 100 : 100, static_cast<std::uint8_t>(random()));
      s.flags = random() % 8 == 0 ? Tins::TCP::ACK | Tins::TCP::PSH : Tins::TCP::ACK;
      if (random() % 16 == 0) s.flags |= Tins::TCP::FIN;
      next[flow] = s.sequence + static_cast<std::uint32_t>(s.payload.size());
      sent.push_back(build(s));
    }
    std::vector<Bytes> came;
    for (const Written& written : coalesce(sent)) {
      for (Bytes& segment : segments_of(written)) came.push_back(std::move(segment));
    }
    for (std::uint16_t port = 40000; port < 40003; ++port) {
      // IP ids and PSH inside a super-packet are the only things that may change.
      const auto stream = [port](const std::vector<Bytes>& packets) {
        std::vector<std::pair<std::uint32_t, Bytes>> segments;
        for (const Bytes& p : packets) {
          if (destination_port(p) != port) continue;
          EXPECT_TRUE(is_right(p));
          segments.emplace_back(load_u32(&p[24]), Bytes(p.begin() + 52, p.end()));
        }
        return segments;
      };
      ASSERT_EQ(stream(came), stream(sent));
    }
  }
}

}  // namespace
}  // namespace rsip::packet
