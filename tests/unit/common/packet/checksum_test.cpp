#include "common/packet/checksum.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "tests/fakes/seed.h"

namespace rsip::packet {
namespace {

/// RFC 1071 section 4.1, word for word.
std::uint16_t slow_sum(std::span<const std::uint8_t> bytes) {
  std::uint32_t total = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    total += static_cast<std::uint32_t>(bytes[i]) << 8;
    if (i + 1 < bytes.size()) total += bytes[i + 1];
    while (total >> 16 != 0) total = (total & 0xFFFF) + (total >> 16);
  }
  return static_cast<std::uint16_t>(total);
}

std::vector<std::uint8_t> random_bytes(std::mt19937& random, std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

TEST(Checksum, SumEqualsTheSlowOneOnRandomInputOfAnyLengthAndAlignment) {
  const auto seed = rsip::fakes::test_seed();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (std::size_t size = 0; size < 300; ++size) {
    const auto bytes = random_bytes(random, size + 3);
    const auto part = std::span(bytes).subspan(size % 4, size);
    EXPECT_EQ(sum(part), slow_sum(part)) << size << " bytes";
  }
}

TEST(Checksum, SumOfTheLongestPacketOfOnesDoesNotOverflow) {
  const std::vector<std::uint8_t> bytes(65535, 0xFF);
  EXPECT_EQ(sum(bytes), slow_sum(bytes));
}

TEST(Checksum, SumGoesOnFromItsStart) {
  const std::vector<std::uint8_t> bytes{0x12, 0x34, 0xFF, 0xFF, 0xAB};
  EXPECT_EQ(sum(std::span(bytes).subspan(2), sum(std::span(bytes).first(2))), sum(bytes));
}

TEST(Checksum, UpdateEqualsRecomputingOnRandomInput) {
  const auto seed = rsip::fakes::test_seed();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 20000; ++round) {
    auto bytes = random_bytes(random, 40);
    const auto before = static_cast<std::uint16_t>(~slow_sum(bytes));
    const auto old_word = static_cast<std::uint16_t>(bytes[6] << 8 | bytes[7]);
    const auto new_word = static_cast<std::uint16_t>(random());
    bytes[6] = static_cast<std::uint8_t>(new_word >> 8);
    bytes[7] = static_cast<std::uint8_t>(new_word);
    EXPECT_EQ(update(before, old_word, new_word), static_cast<std::uint16_t>(~slow_sum(bytes)));
  }
}

// RFC 1624 section 4: the example that the older RFC 1141 gets wrong.
TEST(Checksum, UpdateGivesTheValueOfRfc1624) {
  EXPECT_EQ(update(0xDD2F, 0x5555, 0x3285), 0x0000);
}

TEST(Checksum, PseudoHeaderSumEqualsTheSumOfItsBytes) {
  const std::vector<std::uint8_t> header{192, 0, 2, 1, 203, 0, 113, 255, 0, 6, 0xFF, 0xEB};
  EXPECT_EQ(pseudo_header_sum({0xC0000201}, {0xCB0071FF}, 6, 0xFFEB), slow_sum(header));
}

}  // namespace
}  // namespace rsip::packet
