#include "tests/gateway/tunnel/reassembler.h"

#include <algorithm>
#include <random>

#include "tests/fakes/seed.h"
#include "tests/unit/tests/gateway/packet_builder.h"

namespace rsip::gateway {
namespace {

using std::chrono::seconds;

class Reassembly : public ::testing::Test {
 protected:
  Reassembly() {
    std::string data;
    for (int i = 0; i < 3000; ++i) data += static_cast<char>(i * 7);
    auto packet = ip(kRemote, kShared) / Tins::UDP(1000, 53) / Tins::RawPDU(data);
    packet.rfind_pdu<Tins::IP>().id(77);
    whole_ = packet.serialize();
  }

  /// The fragment of whole_ with payload bytes [from, to).
  Bytes fragment(std::size_t from, std::size_t to) const {
    Bytes bytes(whole_.begin(), whole_.begin() + 20);
    bytes.insert(bytes.end(), whole_.begin() + 20 + static_cast<std::ptrdiff_t>(from),
                 whole_.begin() + 20 + static_cast<std::ptrdiff_t>(to));
    const bool last = to == whole_.size() - 20;
    packet::store_u16(&bytes[2], static_cast<std::uint16_t>(bytes.size()));
    packet::store_u16(&bytes[6], static_cast<std::uint16_t>((last ? 0 : 0x2000) | from / 8));
    view(bytes).write_header_checksum();
    return bytes;
  }
  std::vector<Bytes> fragments(std::size_t size) const {
    std::vector<Bytes> all;
    for (std::size_t at = 0; at < whole_.size() - 20; at += size) {
      all.push_back(fragment(at, std::min(at + size, whole_.size() - 20)));
    }
    return all;
  }
  std::optional<Bytes> add(Bytes bytes, Ipv4Address via = {}, TimePoint now = kNow) {
    return reassembler_.add(via, view(bytes), now);
  }

  /// A first fragment that nothing follows.
  void leave_incomplete(Ipv4Address sender, std::uint32_t id, std::size_t size = 8) {
    Bytes bytes = fragment(0, size);
    packet::store_u16(&bytes[4], static_cast<std::uint16_t>(id));
    add(bytes, sender);
  }
  /// Two fragments have come, the last has not.
  void begin_whole(Ipv4Address sender) {
    const auto parts = fragments(1480);
    add(parts[0], sender);
    add(parts[1], sender);
  }
  bool finish_whole(Ipv4Address sender) { return add(fragments(1480)[2], sender) == whole_; }

  Bytes whole_;
  Reassembler reassembler_{{}};
};

// G-03: in any number of pieces
TEST_F(Reassembly, GivesTheWholeDatagramWithTheLastMissingFragment) {
  const auto parts = fragments(1480);
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_FALSE(add(parts[0]));
  EXPECT_FALSE(add(parts[1]));
  EXPECT_EQ(add(parts[2]), whole_);
  EXPECT_EQ(reassembler_.bytes_held(), 0U);
  EXPECT_EQ(reassembler_.datagrams_held(), 0U);
}

TEST_F(Reassembly, DoesNotMindTheOrderNorCopies) {
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    auto parts = fragments(8 * (1 + random() % 100));
    parts.insert(parts.begin(), parts.front());
    std::shuffle(parts.begin(), parts.end(), random);
    std::optional<Bytes> result;
    for (const Bytes& part : parts) {
      if (auto now_whole = add(part)) result = now_whole;
    }
    EXPECT_EQ(result, whole_);
    reassembler_.expire(kNow + seconds(60));
  }
}

TEST_F(Reassembly, KeepsDontFragmentOfTheFirstFragment) {
  auto parts = fragments(1480);
  for (Bytes& part : parts) {
    part[6] |= 0x40;
    view(part).write_header_checksum();
  }
  add(parts[1]);
  add(parts[2]);
  auto result = add(parts[0]);
  ASSERT_TRUE(result);
  EXPECT_TRUE(view(*result).dont_fragment());
  EXPECT_FALSE(view(*result).is_fragment());
}

TEST_F(Reassembly, NeverMixesHosts) {
  const auto parts = fragments(1480);
  EXPECT_FALSE(add(parts[0], kHostA));
  EXPECT_FALSE(add(parts[1], kHostB));
  EXPECT_FALSE(add(parts[2], kHostB));
  EXPECT_FALSE(add(parts[1], {}));
  EXPECT_FALSE(add(parts[1], kHostA));
  EXPECT_EQ(add(parts[2], kHostA), whole_);
}

TEST_F(Reassembly, NeverMixesProtocolsOrIds) {
  const auto parts = fragments(1480);
  EXPECT_FALSE(add(parts[0]));
  EXPECT_FALSE(add(parts[1]));
  Bytes other_protocol = parts[2];
  other_protocol[9] = 6;
  EXPECT_FALSE(add(other_protocol));
  Bytes other_id = parts[2];
  other_id[5] ^= 1;
  EXPECT_FALSE(add(other_id));
  EXPECT_EQ(add(parts[2]), whole_);
}

TEST_F(Reassembly, GivesUpADatagramWhoseFragmentsOverlap) {
  EXPECT_FALSE(add(fragment(0, 1480)));
  EXPECT_FALSE(add(fragment(1472, 2000)));
  EXPECT_EQ(reassembler_.lost(), 1U);
  EXPECT_EQ(reassembler_.datagrams_held(), 0U);
  EXPECT_EQ(reassembler_.bytes_held(), 0U);
}

TEST_F(Reassembly, GivesUpADatagramWhoseFragmentsOverlapInReverseOrder) {
  EXPECT_FALSE(add(fragment(1472, 2000)));
  EXPECT_FALSE(add(fragment(0, 1480)));
  EXPECT_EQ(reassembler_.lost(), 1U);
  EXPECT_EQ(reassembler_.datagrams_held(), 0U);
}

TEST_F(Reassembly, GivesUpADatagramWithTwoEnds) {
  add(fragment(2960, whole_.size() - 20));
  Bytes other_end = fragment(1480, 2960);
  packet::store_u16(&other_end[6], 1480 / 8);
  add(other_end);
  EXPECT_EQ(reassembler_.lost(), 1U);
}

TEST_F(Reassembly, GivesUpAFragmentPastTheLargestDatagram) {
  Bytes last = fragment(0, 1480);
  packet::store_u16(&last[6], 8191);
  EXPECT_FALSE(add(last));
  EXPECT_EQ(reassembler_.lost(), 1U);
}

TEST_F(Reassembly, GivesUpAMiddleFragmentOfOddLength) {
  EXPECT_FALSE(add(fragment(0, 1479)));
  EXPECT_EQ(reassembler_.lost(), 1U);
}

// G-03: incomplete ones time out
TEST_F(Reassembly, GivesUpWhatStaysIncompleteFor30Seconds) {
  const auto parts = fragments(1480);
  add(parts[0]);
  add(parts[1], {}, kNow + seconds(29));
  reassembler_.expire(kNow + seconds(30));
  EXPECT_EQ(reassembler_.lost(), 1U);
  EXPECT_FALSE(add(parts[2], {}, kNow + seconds(30)));
}

TEST_F(Reassembly, HoldsABoundedNumberOfDatagrams) {
  reassembler_ = Reassembler({.datagrams = 10});
  for (std::uint32_t id = 0; id < 100; ++id) leave_incomplete({1 + id}, id);
  EXPECT_EQ(reassembler_.datagrams_held(), 10U);
  EXPECT_EQ(reassembler_.lost(), 90U);
}

TEST_F(Reassembly, HoldsABoundedNumberOfBytes) {
  reassembler_ = Reassembler({.bytes = 10000});
  for (std::uint32_t id = 0; id < 100; ++id) {
    leave_incomplete({1 + id}, id, 1480);
    EXPECT_LE(reassembler_.bytes_held(), 10000U);
  }
  EXPECT_GT(reassembler_.datagrams_held(), 3U);
}

TEST_F(Reassembly, DropsTheOldestOfASenderThatHasTooManyDatagrams) {
  reassembler_ = Reassembler({.sender_datagrams = 4});
  begin_whole(kHostA);
  for (std::uint32_t id = 0; id < 3; ++id) leave_incomplete(kHostA, id);
  EXPECT_EQ(reassembler_.lost(), 0U);
  leave_incomplete(kHostA, 3);
  EXPECT_EQ(reassembler_.lost(), 1U);
  EXPECT_FALSE(finish_whole(kHostA));
}

TEST_F(Reassembly, DropsTheOldestOfASenderThatHasTooManyBytes) {
  reassembler_ = Reassembler({.sender_bytes = 10000});
  begin_whole(kHostA);
  for (std::uint32_t id = 0; id < 10; ++id) leave_incomplete(kHostA, id, 1480);
  EXPECT_LE(reassembler_.bytes_held(), 10000U);
  EXPECT_FALSE(finish_whole(kHostA));
}

TEST_F(Reassembly, OneSenderTakesNothingFromAnother) {
  begin_whole(kHostB);
  for (std::uint32_t id = 0; id < 5000; ++id) {
    leave_incomplete(kHostA, 1000 + id, 1480);
  }
  EXPECT_TRUE(finish_whole(kHostB));
}

TEST_F(Reassembly, ASenderWithOneDatagramIsServedWhileOthersUseAllDatagrams) {
  reassembler_ = Reassembler({.datagrams = 20, .sender_datagrams = 10});
  for (std::uint32_t id = 0; id < 30; ++id) {
    leave_incomplete({id % 2 + 1}, id);
  }
  begin_whole(kHostB);
  for (std::uint32_t id = 0; id < 30; ++id) leave_incomplete({id % 2 + 1}, 100 + id);
  EXPECT_TRUE(finish_whole(kHostB));
}

TEST_F(Reassembly, ASenderWithOneDatagramIsServedWhileOthersUseAllBytes) {
  reassembler_ = Reassembler({.bytes = 20000, .sender_bytes = 10000});
  for (std::uint32_t id = 0; id < 30; ++id) leave_incomplete({id % 2 + 1}, id, 1480);
  begin_whole(kHostB);
  for (std::uint32_t id = 0; id < 30; ++id) leave_incomplete({id % 2 + 1}, 100 + id, 1480);
  EXPECT_TRUE(finish_whole(kHostB));
}

TEST_F(Reassembly, ADatagramLargerThanASenderMayHaveIsGivenUp) {
  reassembler_ = Reassembler({.sender_bytes = 2000});
  begin_whole(kHostA);
  EXPECT_EQ(reassembler_.lost(), 1U);
  EXPECT_EQ(reassembler_.bytes_held(), 0U);
}

TEST_F(Reassembly, SurvivesRandomFragments) {
  const unsigned seed = rsip::fakes::test_seed();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  reassembler_ = Reassembler({.bytes = 100000, .datagrams = 50, .sender_bytes = 40000});
  for (int i = 0; i < 20000; ++i) {
    Bytes bytes = fragment(0, 8 + random() % 1400);
    packet::store_u16(&bytes[4], random() % 8);
    packet::store_u16(&bytes[6], static_cast<std::uint16_t>(random() % 0x4000));
    if (auto whole = add(bytes, {static_cast<std::uint32_t>(random() % 4)});
        whole && !whole->empty()) {
      EXPECT_EQ(view(*whole).bytes().size(), whole->size());
    }
    ASSERT_LE(reassembler_.bytes_held(), 100000U);
  }
}

}  // namespace
}  // namespace rsip::gateway
