#include "common/slp/codec.h"

#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/common/slp/slp_vector.h"

namespace rsip::slp {
namespace {

using Bytes = std::vector<std::uint8_t>;

const std::string kUrl = "service:rsip://gateway.mydomain:4455";

std::map<std::string, Message> expected_messages() {
  Header plain;
  plain.xid = 0x1234;
  Header multicast = plain;
  multicast.multicast = true;
  Header fresh = plain;
  fresh.fresh = true;
  const ServiceReply reply{ErrorCode::kNone, {{10800, kUrl}}};
  const std::string attributes = "(tunnel-type=IP-IP,GRE),(transport=TCP),(load=7)";
  return {
      {"service_request",
       {multicast,
        ServiceRequest{"10.1.0.9", "service:rsip", "DEFAULT", "(tunnel-type=IP-IP)", ""}}},
      {"service_reply", {plain, reply}},
      {"service_reply_authenticated", {plain, reply}},
      {"service_registration",
       {fresh, ServiceRegistration{{10800, kUrl}, "service:rsip", "DEFAULT", attributes}}},
      {"service_deregistration", {plain, ServiceDeregistration{"DEFAULT", {0, kUrl}, ""}}},
      {"service_acknowledge", {plain, ServiceAcknowledge{ErrorCode::kNone}}},
      {"attribute_request", {plain, AttributeRequest{"", kUrl, "DEFAULT", "tunnel-type,load", ""}}},
      {"attribute_reply", {plain, AttributeReply{ErrorCode::kNone, "(load=7)"}}},
      {"directory_advert",
       {plain, DirectoryAdvert{ErrorCode::kNone, 0x4F000000, "service:directory-agent://10.1.0.2",
                               "DEFAULT", "", ""}}},
      {"service_type_request", {plain, ServiceTypeRequest{"", true, "", "DEFAULT"}}},
      {"service_type_reply", {plain, ServiceTypeReply{ErrorCode::kNone, "service:rsip"}}},
      {"service_agent_advert",
       {plain, ServiceAgentAdvert{"service:service-agent://10.1.0.1", "DEFAULT",
                                  "(service-type=service:rsip)"}}},
  };
}

/// The bytes of a vector with one of them changed.
Bytes altered(const std::string& name, std::size_t offset, std::uint8_t value) {
  Bytes bytes = read_slp_vector(name).bytes;
  bytes.at(offset) = value;
  return bytes;
}

/// With the length field set to what is there.
Bytes with_length(Bytes bytes) {
  bytes.at(3) = static_cast<std::uint8_t>(bytes.size() >> 8);
  bytes.at(4) = static_cast<std::uint8_t>(bytes.size());
  return bytes;
}

ErrorCode error_of(const Bytes& bytes) {
  const auto message = decode(bytes);
  return message ? ErrorCode::kNone : message.error().code;
}

class SlpVectorTest : public testing::TestWithParam<std::string> {};

// H-240: the figures of RFC 2608, typed by hand, are what the codec reads and writes.
TEST_P(SlpVectorTest, IsReadAsItsMessageAndWrittenAsItsBytes) {
  const SlpVector vector = read_slp_vector(GetParam());
  const auto messages = expected_messages();
  ASSERT_TRUE(messages.contains(vector.name)) << "no expected message";
  const auto message = decode(vector.bytes);
  ASSERT_TRUE(message) << message.error().message;
  EXPECT_EQ(*message, messages.at(vector.name));
  if (vector.decode_only) return;
  EXPECT_EQ(encode(messages.at(vector.name)).value(), vector.bytes);
}

TEST_P(SlpVectorTest, IsRefusedWhereverItIsCutOff) {
  const Bytes bytes = read_slp_vector(GetParam()).bytes;
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const Bytes part(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_FALSE(decode(part)) << length << " bytes";
    if (length < 16) continue;
    EXPECT_FALSE(decode(with_length(part))) << length << " bytes, honest length";
  }
}

TEST_P(SlpVectorTest, IsRefusedWithBytesBehindItsEnd) {
  Bytes bytes = read_slp_vector(GetParam()).bytes;
  bytes.push_back(0);
  EXPECT_EQ(error_of(bytes), ErrorCode::kParseError);
}

TEST_P(SlpVectorTest, SurvivesEveryValueOfEveryByte) {
  const Bytes bytes = read_slp_vector(GetParam()).bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int value = 0; value < 256; ++value) {
      Bytes changed = bytes;
      changed[i] = static_cast<std::uint8_t>(value);
      const auto message = decode(changed);
      EXPECT_TRUE(!message || encode(*message));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Vectors, SlpVectorTest, testing::ValuesIn(slp_vector_names()),
                         [](const auto& vector) { return vector.param; });

TEST(SlpDecode, KnowsNoOtherVersion) {
  EXPECT_EQ(error_of(altered("service_request", 0, 1)), ErrorCode::kVersionNotSupported);
  EXPECT_EQ(error_of({}), ErrorCode::kVersionNotSupported);
}

TEST(SlpDecode, SaysWhichFunctionItDoesNotKnow) {
  const auto message = decode(altered("service_request", 1, 12));
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error().code, ErrorCode::kMessageNotSupported);
  EXPECT_FALSE(message.error().function);
}

TEST(SlpDecode, NamesTheTransactionOfAMessageThatItRefuses) {
  const Bytes bytes = read_slp_vector("service_request").bytes;
  const Bytes cut(bytes.begin(), bytes.end() - 5);
  const auto message = decode(with_length(cut));
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error().code, ErrorCode::kParseError);
  EXPECT_EQ(message.error().function, Function::kServiceRequest);
  EXPECT_EQ(message.error().header.xid, 0x1234);
  EXPECT_EQ(message.error().header.language, "en");
}

TEST(SlpDecode, TakesAnErrorReplyThatEndsBehindTheCode) {
  Bytes bytes = read_slp_vector("service_reply").bytes;
  bytes.resize(18);
  bytes[17] = 4;
  const auto message = decode(with_length(bytes));
  ASSERT_TRUE(message);
  EXPECT_EQ(std::get<ServiceReply>(message->body).error, ErrorCode::kScopeNotSupported);
}

TEST(SlpDecode, TakesTheWholeEntriesOfAReplyThatOverflows) {
  Message message{{}, ServiceReply{ErrorCode::kNone, {{60, kUrl}, {60, kUrl + "/x"}}}};
  message.header.overflow = true;
  Bytes bytes = encode(message).value();
  bytes.resize(bytes.size() - 10);
  const auto decoded = decode(bytes);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(std::get<ServiceReply>(decoded->body).entries, (std::vector<UrlEntry>{{60, kUrl}}));
}

TEST(SlpDecode, DoesNotBelieveACountOfEntriesThatAreNotThere) {
  Bytes bytes = altered("service_reply", 18, 0xFF);
  EXPECT_EQ(error_of(bytes), ErrorCode::kParseError);
}

/// A message with one extension of that id behind it.
Bytes with_extension(std::uint16_t id, std::uint8_t next = 0) {
  Bytes bytes = read_slp_vector("service_request").bytes;
  bytes.at(9) = static_cast<std::uint8_t>(bytes.size());
  for (const int byte : {id >> 8, id & 0xFF, 0, 0, int{next}, 1, 2, 3}) {
    bytes.push_back(static_cast<std::uint8_t>(byte));
  }
  return with_length(bytes);
}

TEST(SlpDecode, ReadsOverAnExtensionThatMayBeIgnored) {
  const auto message = decode(with_extension(0x0002));
  ASSERT_TRUE(message) << message.error().message;
  EXPECT_EQ(*message, expected_messages().at("service_request"));
}

TEST(SlpDecode, RefusesAnExtensionThatMustBeUnderstood) {
  EXPECT_EQ(error_of(with_extension(0x4001)), ErrorCode::kOptionNotUnderstood);
}

TEST(SlpDecode, DoesNotFollowExtensionsInACircle) {
  EXPECT_EQ(error_of(with_extension(0x0002, 72)), ErrorCode::kOptionNotUnderstood);
}

TEST(SlpEncode, RefusesWhatItsLengthFieldsCannotSay) {
  EXPECT_FALSE(encode({{}, ServiceTypeReply{ErrorCode::kNone, std::string(65536, 'a')}}));
  EXPECT_FALSE(encode({{}, ServiceTypeReply{ErrorCode::kNone, std::string(65530, 'a')}}));
}

TEST(SlpStream, KnowsTheLengthOnceFiveBytesAreThere) {
  const Bytes bytes = read_slp_vector("service_request").bytes;
  EXPECT_EQ(message_length(std::span(bytes).first(4)).value(), std::nullopt);
  EXPECT_EQ(message_length(std::span(bytes).first(5)).value(), 72U);
}

TEST(SlpStream, IsGivenUpForWhatIsNotSlpOrTooLong) {
  EXPECT_FALSE(message_length(Bytes{'H', 'T', 'T', 'P', '/'}));
  EXPECT_FALSE(message_length(Bytes{2, 1, 0x01, 0, 0}));
  EXPECT_FALSE(message_length(Bytes{2, 1, 0, 0, 13}));
}

}  // namespace
}  // namespace rsip::slp
