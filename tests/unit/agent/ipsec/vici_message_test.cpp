#include "agent/ipsec/vici_message.h"

#include <array>

#include <gtest/gtest.h>

namespace rsip::agent::vici {
namespace {

using Bytes = std::vector<std::uint8_t>;

Packet example() {
  Section inner;
  inner.set("b", std::string("xy"));
  inner.set("l", Section::List{"1", ""});
  Packet packet{PacketType::kRequest, "cmd", {}};
  packet.body.set("a", std::string("1"));
  packet.body.set("s", inner);
  return packet;
}

/// The same by hand, without its length.
const Bytes kExample{0, 3, 'c', 'm', 'd',                  // request "cmd"
                     3, 1, 'a', 0,   1,   '1',             // a = 1
                     1, 1, 's',                            // s {
                     3, 1, 'b', 0,   2,   'x', 'y',        // b = xy
                     4, 1, 'l', 5,   0,   1,   '1', 5, 0,  // l = [1, ""]
                     0, 6, 2};

TEST(ViciMessageTest, WritesWhatTheFormatSays) {
  Bytes expected{0, 0, 0, static_cast<std::uint8_t>(kExample.size())};
  expected.insert(expected.end(), kExample.begin(), kExample.end());
  EXPECT_EQ(encode(example()), expected);
}

TEST(ViciMessageTest, ReadsWhatItWrites) {
  EXPECT_EQ(decode(kExample), example());
}

TEST(ViciMessageTest, FindsByNameAndKind) {
  const Section body = example().body;
  EXPECT_EQ(body.text("a"), "1");
  EXPECT_EQ(body.text("s"), "");
  EXPECT_EQ(body.section("a"), nullptr);
  ASSERT_NE(body.section("s"), nullptr);
  EXPECT_EQ(body.section("s")->text("b"), "xy");
}

TEST(ViciMessageTest, PacketsOfEveryTypeSurviveTheWay) {
  for (std::uint8_t type = 0; type <= 7; ++type) {
    Packet packet{static_cast<PacketType>(type), "", {}};
    if (type == 0 || type == 3 || type == 4 || type == 7) packet.name = "name";
    if (type == 0 || type == 1 || type == 7) packet.body.set("key", std::string("value"));
    const auto bytes = encode(packet);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(decode(std::span(*bytes).subspan(4)), packet) << int{type};
  }
}

TEST(ViciMessageTest, EveryCutIsAnErrorUnlessItIsBetweenElements) {
  for (std::size_t length = 0; length < kExample.size(); ++length) {
    const bool between = length == 5 || length == 11;
    EXPECT_EQ(decode(std::span(kExample).first(length)).has_value(), between) << length;
  }
}

TEST(ViciMessageTest, MalformedInputIsAnErrorThatSaysWhatIsWrong) {
  struct Case {
    Bytes bytes;
    const char* says;
  };
  const std::array cases{
      Case{{8}, "type"},
      Case{{0, 0}, "name is empty"},
      Case{{5, 1}, "more bytes"},
      Case{{1, 2}, "a section ends that has not begun"},
      Case{{1, 1, 1, 's'}, "does not end"},
      Case{{1, 7}, "no known type"},
      Case{{1, 0}, "no known type"},
      Case{{1, 5, 0, 1, 'x'}, "not where it may be"},
      Case{{1, 6}, "not where it may be"},
      Case{{1, 4, 1, 'l', 3, 1, 'a', 0, 0}, "something else than items"},
      Case{{1, 4, 1, 'l', 1, 1, 's', 2, 6}, "something else than items"},
      Case{{1, 4, 1, 'l'}, "cut off"},
      Case{{1, 3, 1, 'a', 255, 255, 'x'}, "cut off"},
      Case{{1, 3, 0, 0, 0}, "name is empty"},
  };
  for (const Case& bad : cases) {
    const auto packet = decode(bad.bytes);
    ASSERT_FALSE(packet) << bad.says;
    EXPECT_EQ(packet.error().kind, ErrorKind::kProtocol);
    EXPECT_NE(packet.error().message.find(bad.says), std::string::npos) << packet.error().message;
  }
}

Bytes nested(std::size_t depth) {
  Bytes bytes{1};
  for (std::size_t i = 0; i < depth; ++i) bytes.insert(bytes.end(), {1, 1, 's'});
  bytes.insert(bytes.end(), depth, 2);
  return bytes;
}

TEST(ViciMessageTest, DepthIsBoundedTheSameInBothDirections) {
  const auto deepest = decode(nested(kMaxDepth));
  ASSERT_TRUE(deepest);
  EXPECT_TRUE(encode(*deepest));
  EXPECT_FALSE(decode(nested(kMaxDepth + 1)));
  Packet deeper{PacketType::kResponse, "", {}};
  deeper.body.set("s", deepest->body);
  EXPECT_FALSE(encode(deeper));
}

TEST(ViciMessageTest, CountAndSizeAreBounded) {
  Packet full{PacketType::kResponse, "", {}};
  for (std::size_t i = 0; i < kMaxElements; ++i) full.body.set("k", std::string());
  auto bytes = encode(full);
  ASSERT_TRUE(bytes);
  EXPECT_TRUE(decode(std::span(*bytes).subspan(4)));
  bytes->insert(bytes->end(), {3, 1, 'k', 0, 0});
  EXPECT_FALSE(decode(std::span(*bytes).subspan(4)));
  full.body.set("k", std::string());
  EXPECT_FALSE(encode(full));
  EXPECT_FALSE(decode(Bytes(kMaxPacketBytes + 1, 1)));
}

TEST(ViciMessageTest, NamesAndValuesThatDoNotFitCannotBeWritten) {
  Packet packet{PacketType::kRequest, std::string(256, 'n'), {}};
  EXPECT_FALSE(encode(packet));
  packet.name = "";
  EXPECT_FALSE(encode(packet));
  packet.name = std::string(255, 'n');
  EXPECT_TRUE(encode(packet));
  packet.body.set("k", std::string(65536, 'v'));
  EXPECT_FALSE(encode(packet));
}

}  // namespace
}  // namespace rsip::agent::vici
