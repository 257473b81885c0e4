#include <gtest/gtest.h>

#include "common/rsip/codec.h"
#include "tests/unit/common/rsip/allocation_counter.h"
#include "tests/unit/common/rsip/vector_file.h"

namespace rsip::msg {
namespace {

/// Bytes of a message of the largest size: a head and then the filling over and over.
std::vector<std::uint8_t> fill(int type, std::string_view head, std::string_view filling) {
  auto parameters = from_hex(head);
  const auto repeated = from_hex(filling);
  while (4 + parameters.size() + repeated.size() <= kMaxMessageBytes) {
    parameters.insert(parameters.end(), repeated.begin(), repeated.end());
  }
  return message_of(type, parameters);
}

/// What decode() asks the heap for in all, also what it gives back, per byte of the message.
double bytes_per_byte(const std::vector<std::uint8_t>& bytes, bool decodes) {
  const std::size_t before = allocated_bytes();
  EXPECT_EQ(decode(bytes).has_value(), decodes);
  return static_cast<double>(allocated_bytes() - before) / static_cast<double>(bytes.size());
}

constexpr double kBound = 16;

TEST(Decode, NeedsLittleMemoryForAMessageFullOfPrivateParameters) {
  EXPECT_LT(bytes_per_byte(fill(2, "", "f1 0000"), true), kBound);
  EXPECT_LT(bytes_per_byte(fill(2, "", "f1 0001 00"), true), kBound);
}

TEST(Decode, NeedsLittleMemoryForAMessageFullOfVendorParameters) {
  EXPECT_LT(bytes_per_byte(fill(2, "", "0c 0005 0001 0002 00"), true), kBound);
}

TEST(Decode, NeedsLittleMemoryForAMessageFullOfQueryTuples) {
  const std::string client = "04 0004 00000001";
  EXPECT_LT(bytes_per_byte(fill(14, client, "0a 0001 01 01 0003 04 6161"), true), kBound);
  EXPECT_LT(
      bytes_per_byte(fill(14, client, "0a 0001 02 01 0005 01 0a000000 01 0005 02 ff000000"), true),
      kBound);
  EXPECT_LT(bytes_per_byte(fill(15, client, "0a 0001 04"), false), kBound);
}

TEST(Decode, NeedsLittleMemoryForAMessageFullOfTunnelTypes) {
  EXPECT_LT(
      bytes_per_byte(fill(3, "04 0004 00000001 03 0004 00000001 09 0002 0103", "06 0001 01"), true),
      kBound);
}

TEST(Decode, NeedsLittleMemoryForAMessageFullOfWhatItRefuses) {
  EXPECT_LT(bytes_per_byte(fill(2, "", "00 0000"), false), kBound);
  EXPECT_LT(bytes_per_byte(fill(12, "", "04 0000"), false), kBound);
}

TEST(Decode, NeedsLittleMemoryForTheLongestListOfSpis) {
  std::string spis = "16 ff02 3fc0";
  for (int i = 0; i < 0x3FC0; ++i) spis += "00001000";
  EXPECT_LT(bytes_per_byte(message_of(22,
                                      "04 0004 00000001 01 0001 01 02 0000 01 0001 01"
                                      "02 0000" +
                                          spis),
                           true),
            kBound);
}

}  // namespace
}  // namespace rsip::msg
