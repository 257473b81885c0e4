#include "common/rsip/framer.h"

#include <gtest/gtest.h>

#include "tests/unit/common/rsip/vector_file.h"

namespace rsip::msg {
namespace {

using Bytes = std::vector<std::uint8_t>;

const Bytes kRegister = from_hex("01 02 0004");
const Bytes kFree = from_hex("01 0c 0012 04 0004 00000001 05 0004 00000002");

/// The next frame, an empty one for "more bytes needed".
Bytes take(Framer& framer) {
  const auto frame = framer.next();
  EXPECT_TRUE(frame) << "stream is broken";
  if (!frame || !*frame) return {};
  return {(*frame)->begin(), (*frame)->end()};
}

TEST(Framer, HasNothingBeforeItIsFed) {
  Framer framer;
  EXPECT_TRUE(take(framer).empty());
  framer.feed({});
  EXPECT_TRUE(take(framer).empty());
  EXPECT_EQ(framer.pending(), 0U);
}

// H-098: the overall length cuts the stream
TEST(Framer, GivesAMessageOnlyWithItsLastByte) {
  Framer framer;
  for (std::size_t i = 0; i < kFree.size(); ++i) {
    EXPECT_TRUE(take(framer).empty());
    EXPECT_EQ(framer.pending(), i);
    framer.feed(std::span(kFree).subspan(i, 1));
  }
  EXPECT_EQ(take(framer), kFree);
  EXPECT_EQ(framer.pending(), 0U);
  EXPECT_TRUE(take(framer).empty());
}

// H-099: several messages in one segment
TEST(Framer, GivesTwoMessagesOfOneFeedAndKeepsTheStartOfAThird) {
  Bytes stream = kFree;
  stream.insert(stream.end(), kRegister.begin(), kRegister.end());
  stream.insert(stream.end(), kFree.begin(), kFree.begin() + 5);
  Framer framer;
  framer.feed(stream);
  EXPECT_EQ(take(framer), kFree);
  EXPECT_EQ(take(framer), kRegister);
  EXPECT_TRUE(take(framer).empty());
  EXPECT_EQ(framer.pending(), 5U);
  framer.feed(std::span(kFree).subspan(5));
  EXPECT_EQ(take(framer), kFree);
}

// H-098: a split at every byte
TEST(Framer, SplitsTheStreamOfAllVectorsWhereverItIsCut) {
  const auto vectors = load_vectors();
  Bytes stream;
  for (const VectorFile& v : vectors) stream.insert(stream.end(), v.bytes.begin(), v.bytes.end());
  for (const std::size_t chunk : {1U, 3U, 7U, 64U, 100000U}) {
    Framer framer;
    std::vector<Bytes> frames;
    for (std::size_t at = 0; at < stream.size(); at += chunk) {
      framer.feed(std::span(stream).subspan(at, std::min(chunk, stream.size() - at)));
      for (Bytes frame = take(framer); !frame.empty(); frame = take(framer)) {
        frames.push_back(frame);
      }
    }
    ASSERT_EQ(frames.size(), vectors.size());
    for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(frames[i], vectors[i].bytes);
  }
}

TEST(Framer, GivesAMessageOf65535Bytes) {
  Bytes longest(65535);
  longest[0] = 1;
  longest[1] = 2;
  longest[2] = longest[3] = 0xFF;
  Framer framer;
  framer.feed(longest);
  EXPECT_EQ(take(framer), longest);
}

TEST(Framer, RefusesAnotherVersionWithItsFirstByte) {
  Framer framer;
  framer.feed(from_hex("47"));
  const auto frame = framer.next();
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().code, ErrorCode::kUnsupportedRsipVersion);
  EXPECT_EQ(frame.error().offset, 0U);
}

TEST(Framer, RefusesALengthUnderFour) {
  Framer framer;
  framer.feed(from_hex("01 02 0003"));
  const auto frame = framer.next();
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().code, ErrorCode::kBadMessage);
  EXPECT_EQ(frame.error().offset, 2U);
}

TEST(Framer, GivesWhatCameBeforeTheBreak) {
  Bytes stream = kFree;
  stream.push_back(9);
  Framer framer;
  framer.feed(stream);
  EXPECT_EQ(take(framer), kFree);
  EXPECT_FALSE(framer.next());
}

TEST(Framer, StaysBrokenAndKeepsNoMoreBytes) {
  Framer framer;
  framer.feed(from_hex("02"));
  ASSERT_FALSE(framer.next());
  for (int i = 0; i < 100; ++i) framer.feed(kFree);
  EXPECT_FALSE(framer.next());
  EXPECT_EQ(framer.pending(), 1U);
}

}  // namespace
}  // namespace rsip::msg
