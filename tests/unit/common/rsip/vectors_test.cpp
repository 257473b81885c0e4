#include <algorithm>

#include <gtest/gtest.h>

#include "common/rsip/codec.h"
#include "tests/unit/common/rsip/expected_messages.h"
#include "tests/unit/common/rsip/vector_file.h"

namespace rsip::msg {
namespace {

class Vector : public testing::TestWithParam<VectorFile> {};

// H-077, H-078, H-079, H-082, H-087, H-088, H-089, H-090, H-091, H-092, H-093, H-094: each
// parameter
// H-098, H-104: the header, and several offers in one REGISTER_RESPONSE
// the forms that are understood besides the strict one
TEST_P(Vector, DecodesToTheMessageTheRfcFigureShows) {
  const auto expected = expected_messages().find(GetParam().name);
  ASSERT_NE(expected, expected_messages().end()) << "no expected message for this file";
  const auto message = decode(GetParam().bytes);
  ASSERT_TRUE(message) << to_string(message.error().code) << " at " << message.error().offset
                       << ": " << message.error().detail;
  EXPECT_TRUE(*message == expected->second);
}

// H-100, H-103, H-127, H-135, H-140, H-141, H-148, H-149, H-151, H-154, H-157: the order of the BNF
// H-159, A-05: tunnel type before lease time in LISTEN_RESPONSE
// H-225, H-227, H-228, H-229: the messages of RFC 3104
// the strict form is what we send
TEST_P(Vector, EncodesBackToTheSameBytes) {
  const auto bytes = encode(expected_messages().at(GetParam().name));
  ASSERT_TRUE(bytes) << bytes.error().message;
  if (GetParam().decode_only) {
    EXPECT_NE(*bytes, GetParam().bytes) << "not decode-only at all";
    EXPECT_TRUE(decode(*bytes) == expected_messages().at(GetParam().name));
  } else {
    EXPECT_EQ(*bytes, GetParam().bytes);
  }
}

TEST_P(Vector, CutShortAnywhereIsABadMessageThatEndsThere) {
  const auto& whole = GetParam().bytes;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto message = decode(std::span(whole).first(size));
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().code, ErrorCode::kBadMessage) << "at " << size;
    EXPECT_EQ(message.error().offset, size);
  }
}

// H-099: one message a packet
TEST_P(Vector, WithABytePastItsEndIsABadMessage) {
  auto bytes = GetParam().bytes;
  bytes.push_back(0);
  const auto message = decode(bytes);
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error().code, ErrorCode::kBadMessage);
  EXPECT_EQ(message.error().offset, GetParam().bytes.size());
}

// H-098: version 1 alone
TEST_P(Vector, OfAnotherVersionIsNotUnderstood) {
  auto bytes = GetParam().bytes;
  for (const int version : {0, 2, 255}) {
    bytes[0] = static_cast<std::uint8_t>(version);
    const auto message = decode(bytes);
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().code, ErrorCode::kUnsupportedRsipVersion);
    EXPECT_EQ(message.error().offset, 0U);
  }
}

TEST_P(Vector, OfAnUnknownTypeIsAnIllegalMessage) {
  auto bytes = GetParam().bytes;
  for (const int type : {0, 18, 21, 24, 255}) {
    bytes[1] = static_cast<std::uint8_t>(type);
    const auto message = decode(bytes);
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().code, ErrorCode::kIllegalMessage);
    EXPECT_EQ(message.error().offset, 1U);
  }
}

INSTANTIATE_TEST_SUITE_P(Rfc, Vector, testing::ValuesIn(load_vectors()),
                         [](const auto& test) { return test.param.name; });

TEST(Vectors, ExistForEveryExpectedMessage) {
  const auto vectors = load_vectors();
  EXPECT_EQ(vectors.size(), expected_messages().size());
}

// H-106: nothing mandatory is left out
TEST(Vectors, CoverEveryMessageType) {
  for (int type = 1; type <= 23; ++type) {
    if (type > 17 && type < 22) continue;
    const auto& all = expected_messages();
    EXPECT_TRUE(std::any_of(
        all.begin(), all.end(),
        [type](const auto& entry) { return static_cast<int>(type_of(entry.second)) == type; }))
        << "type " << type;
  }
}

}  // namespace
}  // namespace rsip::msg
