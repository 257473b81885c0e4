#include "common/packet/encapsulation.h"

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "common/packet/checksum.h"
#include "tests/fakes/packets.h"
#include "tests/fakes/seed.h"

namespace rsip::packet {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr TunnelIds kIds{0x1234, 5};
constexpr std::size_t kGreBytes = 4;
constexpr std::size_t kChecksumAt = 4;

bool is_hex(const std::string& word) {
  return word.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// The bytes of a file of tests/vectors/tunnels; lines that begin with a word that is no hex number
/// are for others.
Bytes vector_of(const std::string& name) {
  std::ifstream file(RSIP_SOURCE_DIR "/tests/vectors/tunnels/" + name + ".vector");
  Bytes bytes;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    for (std::string word; words >> word && is_hex(word);) {
      for (std::size_t at = 0; at < word.size(); at += 2) {
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(word.substr(at, 2), nullptr, 16)));
      }
    }
  }
  EXPECT_FALSE(bytes.empty()) << name;
  return bytes;
}

/// The packet that all vectors carry.
Bytes inner() {
  Bytes bytes = vector_of("gre");
  bytes.erase(bytes.begin(), bytes.begin() + kGreBytes);
  return bytes;
}

Bytes wrapped(Encapsulation encapsulation) {
  const EncapsulationHeader header(encapsulation, kIds);
  Bytes bytes(header.bytes().begin(), header.bytes().end());
  const Bytes packet = inner();
  bytes.insert(bytes.end(), packet.begin(), packet.end());
  return bytes;
}

std::optional<Bytes> copy(std::optional<std::span<std::uint8_t>> view) {
  if (!view) return std::nullopt;
  return Bytes(view->begin(), view->end());
}

std::optional<Bytes> gre(Bytes bytes) {
  return copy(unwrap_gre(bytes));
}

/// The packet of a data message for kIds.
std::optional<Bytes> l2tp(Bytes bytes) {
  const auto frame = unwrap_l2tp(bytes);
  if (!frame || frame->protocol != kPppIpv4 || frame->ids != kIds) return std::nullopt;
  return Bytes(frame->payload.begin(), frame->payload.end());
}

Bytes with_word(Bytes bytes, std::size_t at, std::uint16_t value) {
  store_u16(&bytes[at], value);
  return bytes;
}

Bytes concat(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

TEST(Encapsulation, WritesTheBytesOfTheVectors) {
  EXPECT_EQ(wrapped(Encapsulation::kIpIp), inner());
  EXPECT_EQ(wrapped(Encapsulation::kGre), vector_of("gre"));
  EXPECT_EQ(wrapped(Encapsulation::kL2tp), vector_of("l2tp"));
}

TEST(Encapsulation, KnowsWhatEachTunnelAdds) {
  for (const auto kind : {Encapsulation::kIpIp, Encapsulation::kGre, Encapsulation::kL2tp}) {
    const std::size_t udp = kind == Encapsulation::kL2tp ? 8 : 0;
    EXPECT_EQ(overhead_bytes(kind), 20 + udp + EncapsulationHeader(kind, kIds).bytes().size());
  }
}

TEST(Encapsulation, HasANameForEach) {
  EXPECT_STREQ(to_string(Encapsulation::kIpIp), "ip-ip");
  EXPECT_STREQ(to_string(Encapsulation::kGre), "gre");
  EXPECT_STREQ(to_string(Encapsulation::kL2tp), "l2tp");
}

TEST(Encapsulation, UnwrapsRawPacketsByKind) {
  Bytes plain = inner();
  EXPECT_EQ(copy(unwrap_raw(Encapsulation::kIpIp, plain)), inner());
  Bytes in_gre = vector_of("gre");
  EXPECT_EQ(copy(unwrap_raw(Encapsulation::kGre, in_gre)), inner());
  EXPECT_EQ(copy(unwrap_raw(Encapsulation::kGre, plain)), std::nullopt);
}

TEST(Gre, UnwrapsWithAndWithoutTheOptionalFields) {
  EXPECT_EQ(gre(vector_of("gre")), inner());
  EXPECT_EQ(gre(vector_of("gre_everything")), inner());
}

TEST(Gre, AcceptsEachOptionalFieldAlone) {
  EXPECT_EQ(gre(concat({{0x20, 0, 8, 0}, {0, 0, 0, 7}, inner()})), inner());
  EXPECT_EQ(gre(concat({{0x10, 0, 8, 0}, {0, 0, 0, 1}, inner()})), inner());
  Bytes summed = concat({{0x80, 0, 8, 0}, {0, 0, 0, 0}, inner()});
  store_u16(&summed[kChecksumAt], static_cast<std::uint16_t>(~sum(summed)));
  EXPECT_EQ(gre(summed), inner());
}

TEST(Gre, RefusesAWrongChecksum) {
  Bytes bytes = vector_of("gre_everything");
  for (std::size_t at = kChecksumAt; at < bytes.size(); ++at) {
    Bytes broken = bytes;
    broken[at] ^= 0x10;
    EXPECT_EQ(gre(broken), std::nullopt) << at;
  }
}

TEST(Gre, TakesAChecksumThatNobodyFilledIn) {
  EXPECT_EQ(gre(concat({{0x80, 0, 8, 0}, {0, 0, 0, 0}, inner()})), inner());
}

TEST(Gre, TakesAChecksumThatWasMadeForACompletePacketWhichNobodyCompleted) {
  const Bytes partial = fakes::with_partial_checksum(fakes::udp_packet(
      fakes::at("203.0.113.10", 40000), fakes::at("198.51.100.7", 40005), {1, 2, 3}));
  EXPECT_EQ(gre(concat({{0x80, 0, 8, 0}, {0x12, 0x34, 0, 0}, partial})), partial);
}

// Bits 1-5 that nobody explained, bits 13-15 for another version: MUST discard.
TEST(Gre, RefusesRoutingAndOtherVersions) {
  for (const std::uint16_t flags :
       std::initializer_list<std::uint16_t>{0x4000, 0x0800, 0x0400, 1, 2, 4}) {
    EXPECT_EQ(gre(with_word(vector_of("gre"), 0, flags)), std::nullopt) << flags;
  }
}

TEST(Gre, IgnoresTheReservedBits) {
  EXPECT_EQ(gre(with_word(vector_of("gre"), 0, 0x03F8)), inner());
}

TEST(Gre, RefusesOtherProtocols) {
  for (const std::uint16_t protocol : std::initializer_list<std::uint16_t>{0, 0x86DD, 0x6558}) {
    EXPECT_EQ(gre(with_word(vector_of("gre"), 2, protocol)), std::nullopt) << protocol;
  }
}

TEST(Gre, RefusesAHeaderThatIsCutOff) {
  const Bytes plain = vector_of("gre");
  for (std::size_t size = 0; size < kGreBytes; ++size) {
    EXPECT_EQ(gre({plain.begin(), plain.begin() + std::ptrdiff_t(size)}), std::nullopt) << size;
  }
  for (std::size_t size = 4; size < 12; ++size) {
    Bytes keyed = concat({{0x30, 0, 8, 0}, {0, 0, 0, 7}, {0, 0, 0, 1}});
    keyed.resize(size);
    EXPECT_EQ(gre(keyed), std::nullopt) << size;
  }
}

TEST(L2tp, UnwrapsWithAndWithoutTheOptionalFields) {
  EXPECT_EQ(l2tp(vector_of("l2tp")), inner());
  EXPECT_EQ(l2tp(vector_of("l2tp_everything")), inner());
}

TEST(L2tp, AcceptsEachOptionalFieldAlone) {
  const Bytes ids{0x12, 0x34, 0, 5};
  const Bytes ppp{0xFF, 3, 0, 0x21};
  EXPECT_EQ(l2tp(concat({{0x40, 2}, {0, 44}, ids, ppp, inner()})), inner());
  EXPECT_EQ(l2tp(concat({{0x08, 2}, ids, {0, 9, 0, 0}, ppp, inner()})), inner());
  EXPECT_EQ(l2tp(concat({{0x02, 2}, ids, {0, 3, 1, 1, 1}, ppp, inner()})), inner());
  EXPECT_EQ(l2tp(concat({{0x02, 2}, ids, {0, 0}, ppp, inner()})), inner());
  EXPECT_EQ(l2tp(concat({{0x01, 2}, ids, ppp, inner()})), inner());
}

TEST(L2tp, AcceptsEveryFormOfThePppHeader) {
  const Bytes header{0, 2, 0x12, 0x34, 0, 5};
  for (const Bytes& ppp : {Bytes{0xFF, 3, 0, 0x21}, {0xFF, 3, 0x21}, {0, 0x21}, {0x21}}) {
    EXPECT_EQ(l2tp(concat({header, ppp, inner()})), inner()) << testing::PrintToString(ppp);
  }
  EXPECT_EQ(l2tp(concat({header, {0xFF, 4, 0, 0x21}, inner()})), std::nullopt);
}

TEST(L2tp, IgnoresTheReservedBits) {
  EXPECT_EQ(l2tp(with_word(vector_of("l2tp"), 0, 0x34F2)), inner());
}

TEST(L2tp, RefusesControlMessagesAndOtherVersions) {
  for (const std::uint16_t flags : std::initializer_list<std::uint16_t>{0x8002, 0xC802, 0, 1, 3}) {
    EXPECT_EQ(l2tp(with_word(vector_of("l2tp"), 0, flags)), std::nullopt) << flags;
  }
}

TEST(L2tp, LeavesOutWhatFollowsTheLength) {
  Bytes padded = vector_of("l2tp_everything");
  padded.insert(padded.end(), 7, 0xEE);
  EXPECT_EQ(l2tp(padded), inner());
}

TEST(L2tp, RefusesALengthThatDoesNotFit) {
  const Bytes whole = vector_of("l2tp_everything");
  EXPECT_EQ(l2tp(with_word(whole, 2, static_cast<std::uint16_t>(whole.size() + 1))), std::nullopt);
  for (std::uint16_t length = 0; length < 17; ++length) {
    EXPECT_EQ(l2tp(with_word(whole, 2, length)), std::nullopt) << length;
  }
}

TEST(L2tp, RefusesAnOffsetBeyondTheMessage) {
  EXPECT_EQ(l2tp(with_word(vector_of("l2tp_everything"), 12, 0xFFFF)), std::nullopt);
}

TEST(L2tp, RefusesAHeaderThatIsCutOff) {
  const Bytes whole = vector_of("l2tp");
  for (std::size_t size = 0; size < 10; ++size) {
    EXPECT_EQ(l2tp({whole.begin(), whole.begin() + std::ptrdiff_t(size)}), std::nullopt) << size;
  }
}

TEST(L2tp, ReadsAndWritesEchoes) {
  for (const bool reply : {false, true}) {
    Bytes bytes = vector_of(reply ? "l2tp_echo_reply" : "l2tp_echo_request");
    const LcpEcho echo{reply, 7};
    EXPECT_THAT(l2tp_echo(kIds, echo), testing::ElementsAreArray(bytes));
    const auto frame = unwrap_l2tp(bytes);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->ids, kIds);
    EXPECT_EQ(read_echo(*frame), echo);
  }
}

TEST(L2tp, TakesNothingElseForAnEcho) {
  const Bytes request = vector_of("l2tp_echo_request");
  const auto echo_of = [](Bytes bytes) {
    const auto frame = unwrap_l2tp(bytes);
    return frame ? read_echo(*frame) : std::nullopt;
  };
  EXPECT_EQ(echo_of(with_word(request, 8, 0x8021)), std::nullopt) << "another protocol";
  EXPECT_EQ(echo_of(with_word(request, 10, 0x0107)), std::nullopt) << "Configure-Request";
  EXPECT_EQ(echo_of(with_word(request, 12, 7)), std::nullopt) << "too short for itself";
  EXPECT_EQ(echo_of(with_word(request, 12, 9)), std::nullopt) << "longer than the frame";
  for (std::size_t size = 0; size < request.size(); ++size) {
    EXPECT_EQ(echo_of({request.begin(), request.begin() + std::ptrdiff_t(size)}), std::nullopt);
  }
}

TEST(Encapsulation, WhateverIsUnwrappedLiesWithinWhatCame) {
  const unsigned seed = rsip::fakes::test_seed();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto lies_within = [](std::span<const std::uint8_t> part, const Bytes& whole) {
    return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
  };
  for (int round = 0; round < 100'000; ++round) {
    Bytes bytes(random() % 40);
    std::ranges::generate(bytes, [&] { return static_cast<std::uint8_t>(random()); });
    if (bytes.size() > 1 && round % 2 == 0) {  // a version that is understood
      bytes[0] &= 0x7B;
      bytes[1] = 2;
    }
    const auto packet = unwrap_gre(bytes);
    EXPECT_TRUE(!packet || lies_within(*packet, bytes));
    const auto frame = unwrap_l2tp(bytes);
    EXPECT_TRUE(!frame || lies_within(frame->payload, bytes));
  }
}

}  // namespace
}  // namespace rsip::packet
