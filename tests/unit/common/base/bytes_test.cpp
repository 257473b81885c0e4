#include "common/base/bytes.h"

#include <gtest/gtest.h>

namespace rsip {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(ByteReader, ReadsBigEndianFieldsOneAfterTheOther) {
  const Bytes bytes = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08};
  ByteReader reader(bytes);
  EXPECT_EQ(reader.u8(), 0x01);
  EXPECT_EQ(reader.u16(), 0x0203);
  EXPECT_EQ(reader.u32(), 0x04050607U);
  EXPECT_EQ(reader.offset(), 7U);
  EXPECT_EQ(reader.remaining(), 1U);
  EXPECT_TRUE(reader.ok());
}

TEST(ByteReader, GivesViewsOfTheBytes) {
  const Bytes bytes = {1, 2, 3};
  ByteReader reader(bytes);
  const auto view = reader.bytes(2);
  EXPECT_EQ(Bytes(view.begin(), view.end()), (Bytes{1, 2}));
  EXPECT_EQ(view.data(), bytes.data());
}

TEST(ByteReader, FailsForGoodWithTheFirstReadPastTheEnd) {
  const Bytes bytes = {1, 2, 3};
  ByteReader reader(bytes);
  EXPECT_EQ(reader.u32(), 0U);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.u8(), 0U) << "although there is a byte left";
  EXPECT_TRUE(reader.bytes(1).empty());
  EXPECT_EQ(reader.offset(), 0U);
}

TEST(ByteReader, RefusesACountNearTheLargest) {
  const Bytes bytes = {1, 2, 3};
  ByteReader reader(bytes);
  reader.u8();
  EXPECT_TRUE(reader.bytes(SIZE_MAX).empty());
  EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, OfNothingIsFineUntilItIsRead) {
  ByteReader reader({});
  EXPECT_TRUE(reader.ok());
  EXPECT_TRUE(reader.bytes(0).empty());
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(reader.u8(), 0U);
  EXPECT_FALSE(reader.ok());
}

TEST(ByteWriter, AppendsBigEndianFields) {
  ByteWriter writer;
  writer.u8(0x01);
  writer.u16(0x0203);
  writer.u32(0x04050607);
  writer.bytes(Bytes{8, 9});
  EXPECT_EQ(writer.size(), 9U);
  EXPECT_EQ(writer.take(), (Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(ByteWriter, PatchesALengthThatIsKnownLater) {
  ByteWriter writer;
  writer.u16(0);
  writer.u8(7);
  writer.patch_u16(0, 0x1234);
  EXPECT_EQ(writer.take(), (Bytes{0x12, 0x34, 7}));
}

}  // namespace
}  // namespace rsip
