#include "tests/gateway/script/rule.h"

#include <gtest/gtest.h>

#include "common/rsip/codec.h"
#include "tests/gateway/script/script.h"

namespace rsip::gateway::script {
namespace {

constexpr Ipv4Address kHost{0x0A010002};
constexpr TimePoint kNow{std::chrono::hours(1)};

Line parsed(std::string_view json) {
  auto line = parse_line(json);
  if (!line) ADD_FAILURE() << to_line(line.error());
  return line ? *line : Line{};
}

msg::Message assigned() {
  return msg::AssignResponseRsapIp{{1},
                                   {2},
                                   Ipv4Address{0xC6336401},
                                   msg::Ports::contiguous({1000, 4}),
                                   msg::DontCare{},
                                   msg::Ports::dont_care(1),
                                   msg::LeaseTime(600),
                                   msg::TunnelType::kIpIp,
                                   {},
                                   {}};
}

/// The answer after what a script line does to it.
Bytes answer_with(std::string_view json) {
  const msg::Message reply = assigned();
  const auto out = answers(parsed(json).act, {&reply, 1});
  return out.empty() ? Bytes{} : *out.front().bytes;
}

msg::AssignResponseRsapIp decoded(const Bytes& bytes) {
  const auto message = msg::decode(bytes);
  const auto* const response =
      message ? std::get_if<msg::AssignResponseRsapIp>(&*message) : nullptr;
  if (response == nullptr) ADD_FAILURE() << "not decodable";
  return response != nullptr ? *response : msg::AssignResponseRsapIp{};
}

TEST(ScriptLine, SaysWhichRequestsItIsFor) {
  const Line line = parsed(
      R"({"match":{"message":"ASSIGN_REQUEST_RSAP-IP","host":"10.1.0.2","nth":2,"times":3,
          "after_seconds":5},"do":{"drop":true}})");
  ASSERT_TRUE(line.match);
  EXPECT_EQ(line.match->message, msg::MessageType::kAssignRequestRsapIp);
  EXPECT_EQ(line.match->host, kHost);
  EXPECT_EQ(line.match->nth, 2U);
  EXPECT_EQ(line.match->times, 3U);
  EXPECT_EQ(line.match->after, std::chrono::seconds(5));
  EXPECT_EQ(line.act.drop, Loss::kRequest);
}

TEST(ScriptLine, WithoutAMatchIsDoneAtOnce) {
  const Line line = parsed(
      R"({"host":"10.1.0.2","do":{"async":["FREE_RESPONSE","ERROR_RESPONSE:104"],"repeat":10}})");
  EXPECT_FALSE(line.match);
  EXPECT_EQ(line.host, kHost);
  EXPECT_EQ(line.act.async.size(), 2U);
  EXPECT_EQ(line.act.async[1].error, 104);
  EXPECT_EQ(line.act.repeat, 10U);
}

TEST(ScriptLine, ThatIsWrongIsRefusedWithAReason) {
  for (const char* json : {"",
                           "[]",
                           "nonsense",
                           "{}",
                           R"({"do":1})",
                           R"({"do":{"drop":1}})",
                           R"({"do":{"fly":true}})",
                           R"({"do":{},"match":{"message":"HELLO"}})",
                           R"({"do":{},"match":{"host":"10.1"}})",
                           R"({"do":{"raw":"abc"}})",
                           R"({"do":{"raw":"zz"}})",
                           R"({"do":{"error":65536}})",
                           R"({"do":{"error":-1}})",
                           R"({"do":{"error":1.5}})",
                           R"({"do":{"delay_ms":1e9}})",
                           R"({"do":{"async":["REGISTER_RESPONSE"]}})",
                           R"({"do":{"async":["ERROR_RESPONSE"]}})",
                           R"({"do":{"async":["FREE_RESPONSE:1"]}})",
                           R"({"do":{"repeat":100001}})",
                           R"({"do":{"set":{"ports":"5-4"}}})",
                           R"({"do":{"set":{"ports":"5,"}}})",
                           R"({"do":{"set":{"ports":"1-2-3"}}})",
                           R"({"do":{"set":{"tunnel":"sit"}}})",
                           R"({"do":{"set":{"parameters":{"300":"01"}}}})",
                           R"({"do":{"set":{"parameters":[]}}})",
                           R"({"do":{"free":["a"]}})"}) {
    const auto line = parse_line(json);
    ASSERT_FALSE(line) << json;
    EXPECT_FALSE(line.error().message.empty());
  }
}

// G-49: lies about every part of an assignment
TEST(ScriptSet, ChangesTheParametersOfTheAnswer) {
  const auto response = decoded(answer_with(
      R"({"do":{"set":{"lease":0,"local":"127.0.0.1","ports":"5000-5031","client":7,"bind":1,
          "tunnel":"gre","endpoint":"203.0.113.1","counter":5}}})"));
  EXPECT_EQ(response.lease, msg::LeaseTime(0));
  EXPECT_EQ(response.local, msg::Address(Ipv4Address{0x7F000001}));
  EXPECT_EQ(response.local_ports, msg::Ports::contiguous({5000, 32}));
  EXPECT_EQ(response.client, ClientId{7});
  EXPECT_EQ(response.bind, BindId{1});
  EXPECT_EQ(response.tunnel, msg::TunnelType::kGre);
  EXPECT_EQ(response.endpoint, msg::Address(Ipv4Address{0xCB007101}));
  EXPECT_EQ(response.trailer.counter, 5U);
}

TEST(ScriptSet, WritesWhatNoCodecWould) {
  EXPECT_FALSE(msg::decode(answer_with(R"({"do":{"set":{"tunnel":0}}})")));
  EXPECT_FALSE(msg::decode(answer_with(R"({"do":{"set":{"parameters":{"5":null}}}})")));
  const Bytes with_unknown = answer_with(R"({"do":{"set":{"parameters":{"99":"0102"}}}})");
  EXPECT_EQ(Bytes(with_unknown.end() - 5, with_unknown.end()), (Bytes{99, 0, 2, 1, 2}));
  EXPECT_EQ(with_unknown[2] << 8 | with_unknown[3], static_cast<int>(with_unknown.size()));
}

TEST(ScriptSet, TellsTheLocalPortsFromTheRemoteOnes) {
  const auto response =
      decoded(answer_with(R"({"do":{"set":{"ports":"9,7","remote_ports":"80"}}})"));
  EXPECT_EQ(response.local_ports.numbers, (std::vector<std::uint16_t>{9, 7}));
  EXPECT_EQ(response.remote_ports, msg::Ports::contiguous({80, 1}));
}

// G-49: bytes that are no message
TEST(ScriptAnswers, AreReplacedRepeatedAndCutShort) {
  EXPECT_EQ(answer_with(R"({"do":{"raw":"0aFF"}})"), (Bytes{0x0A, 0xFF}));
  EXPECT_EQ(answer_with(R"({"do":{"truncate":3}})").size(), 3U);
  const msg::Message reply = assigned();
  const auto three =
      answers(parsed(R"({"do":{"duplicate":3,"delay_ms":500,"trickle_ms":20}})").act, {&reply, 1});
  ASSERT_EQ(three.size(), 3U);
  EXPECT_EQ(three[2].delay, milliseconds(500));
  EXPECT_EQ(three[2].trickle, milliseconds(20));
  EXPECT_EQ(three[0].bytes, three[2].bytes);
}

// G-49: async messages without cause
TEST(ScriptAsync, SpeaksOfTheHostAndItsLatestBindWithCounterZero) {
  const auto out =
      unasked(parsed(R"({"do":{"async":["FREE_RESPONSE","ERROR_RESPONSE:104"],"repeat":2}})").act,
              {{9}, {4}});
  ASSERT_EQ(out.size(), 4U);
  const auto freed = msg::decode(*out[2].bytes);
  ASSERT_TRUE(freed);
  EXPECT_EQ(std::get<msg::FreeResponse>(*freed).bind, BindId{4});
  EXPECT_EQ(std::get<msg::FreeResponse>(*freed).trailer.counter, 0U);
  EXPECT_EQ(std::get<msg::ErrorResponse>(*msg::decode(*out[3].bytes)).code(),
            msg::ErrorCode::kInternalServerError);
}

class Rules : public ::testing::Test {
 protected:
  void add(std::string_view json) {
    const Line line = parsed(json);
    EXPECT_TRUE(script_.add(*line.match, line.act, kNow));
  }
  bool applies(msg::MessageType type, Ipv4Address host = kHost, TimePoint now = kNow) {
    return script_.on_request(type, host, now).has_value();
  }
  Script script_;
};

TEST_F(Rules, AreForTheirMessageAndHostAlone) {
  add(R"({"match":{"message":"FREE_REQUEST","host":"10.1.0.2"},"do":{"drop":true}})");
  EXPECT_TRUE(applies(msg::MessageType::kFreeRequest));
  EXPECT_FALSE(applies(msg::MessageType::kFreeRequest, {1}));
  EXPECT_FALSE(applies(msg::MessageType::kExtendRequest));
}

TEST_F(Rules, MayBeForTheNthRequestAlone) {
  add(R"({"match":{"message":"FREE_REQUEST","nth":2},"do":{"drop":true}})");
  EXPECT_FALSE(applies(msg::MessageType::kFreeRequest));
  EXPECT_FALSE(applies(msg::MessageType::kExtendRequest));
  EXPECT_TRUE(applies(msg::MessageType::kFreeRequest));
  EXPECT_FALSE(applies(msg::MessageType::kFreeRequest));
}

TEST_F(Rules, MayBeForSomeTimesAndAfterSomeTimeAlone) {
  add(R"({"match":{"times":1,"after_seconds":10},"do":{"drop":true}})");
  EXPECT_FALSE(applies(msg::MessageType::kFreeRequest));
  EXPECT_TRUE(applies(msg::MessageType::kFreeRequest, kHost, kNow + std::chrono::seconds(10)));
  EXPECT_FALSE(applies(msg::MessageType::kFreeRequest, kHost, kNow + std::chrono::seconds(10)));
}

TEST_F(Rules, AreTriedInOrder) {
  add(R"({"match":{"message":"FREE_REQUEST"},"do":{"error":306}})");
  add(R"({"match":{},"do":{"error":101}})");
  EXPECT_EQ(script_.on_request(msg::MessageType::kFreeRequest, kHost, kNow)->error, 306);
  EXPECT_EQ(script_.on_request(std::nullopt, kHost, kNow)->error, 101);
}

/// An answer to an IPsec request after what a script line does to it.
Bytes ipsec_answer_with(std::string_view json) {
  const msg::Message reply = msg::AssignResponseRsipsec{{1},
                                                        {2},
                                                        Ipv4Address{0xC6336401},
                                                        msg::Ports::contiguous({1000, 4}),
                                                        msg::DontCare{},
                                                        msg::Ports::dont_care(1),
                                                        msg::Spis::contiguous(0x1000, 2),
                                                        msg::LeaseTime(600),
                                                        msg::TunnelType::kIpIp,
                                                        {},
                                                        {}};
  const auto out = answers(parsed(json).act, {&reply, 1});
  return out.empty() ? Bytes{} : *out.front().bytes;
}

msg::AssignResponseRsipsec ipsec_decoded(std::string_view json) {
  const auto message = msg::decode(ipsec_answer_with(json));
  const auto* const response =
      message ? std::get_if<msg::AssignResponseRsipsec>(&*message) : nullptr;
  if (response == nullptr) ADD_FAILURE() << "not decodable";
  return response != nullptr ? *response : msg::AssignResponseRsipsec{};
}

// H-230, H-231: what a host has to see through
TEST(ScriptAnswer, GrantsWhateverSpisTheScriptSays) {
  using msg::Spis;
  EXPECT_EQ(ipsec_decoded(R"({"match":{},"do":{"set":{"spis":"0x50"}}})").spis,
            Spis::contiguous(0x50, 1));
  EXPECT_EQ(ipsec_decoded(R"({"match":{},"do":{"set":{"spis":"0x1000-0x1003"}}})").spis,
            Spis::contiguous(0x1000, 4));
  EXPECT_EQ(ipsec_decoded(R"({"match":{},"do":{"set":{"spis":"4096,0xffffffff,4096"}}})").spis,
            Spis::listed({4096, 0xFFFFFFFF, 4096}));
  EXPECT_EQ(ipsec_decoded(R"({"match":{},"do":{"set":{"spis":""}}})").spis, Spis::dont_care(1));
  EXPECT_EQ(ipsec_decoded(R"({"match":{},"do":{"set":{"ports":"none"}}})").local_ports,
            msg::Ports::dont_need());
  EXPECT_FALSE(parse_line(R"({"match":{},"do":{"set":{"spis":"0x1003-0x1000"}}})"));
  EXPECT_FALSE(parse_line(R"({"match":{},"do":{"set":{"spis":"many"}}})"));
}

TEST(ScriptLine, NamesIpsecRequests) {
  const Line line = parsed(R"({"match":{"message":"ASSIGN_REQUEST_RSIPSEC"},"do":{"error":403}})");
  EXPECT_EQ(line.match->message, msg::MessageType::kAssignRequestRsipsec);
}

}  // namespace
}  // namespace rsip::gateway::script
