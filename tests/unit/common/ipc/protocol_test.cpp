#include "common/ipc/protocol.h"

#include <gtest/gtest.h>

namespace rsip::ipc {
namespace {

Status some_status() {
  Status status;
  status.agent = "0.1.0";
  status.state = "assigned";
  status.device = "rsip0";
  status.gateway.name = "hotel \"quoted\"";
  status.gateway.client_id = 0xFFFFFFFF;
  status.leases.push_back({1, "203.0.113.10", {{5000, 5031}}, 100, 50, 200});
  status.ports = {32, 2, 30};
  status.traffic = {1, 0xFFFFFFFFFF, 3, 4, {{"no_lease", 5}}};
  status.problem = ProblemStatus{"denied_by_policy", 8, "refused", "ask"};
  return status;
}

TEST(Contract, AStatusSurvivesItsWayThroughTheSocket) {
  const Status sent = some_status();
  const auto received = parse_status_reply(encode_reply(7, sent));
  ASSERT_TRUE(received) << received.error().message;
  EXPECT_EQ(encode_reply(7, *received), encode_reply(7, sent));
  EXPECT_EQ(received->gateway.name, sent.gateway.name);
  EXPECT_EQ(received->gateway.client_id, sent.gateway.client_id);
  EXPECT_EQ(received->leases.at(0).ports.at(0).last, 5031);
  EXPECT_EQ(received->traffic.sent_bytes, 0xFFFFFFFFFFU);
  EXPECT_EQ(received->problem->exit, 8);
}

TEST(Contract, AbsentThingsStayAbsent) {
  const auto received = parse_status_reply(encode_reply(1, Status{}));
  ASSERT_TRUE(received);
  EXPECT_FALSE(received->gateway.client_id);
  EXPECT_FALSE(received->problem);
  EXPECT_TRUE(received->leases.empty());
}

TEST(Contract, EveryMessageIsOneLine) {
  EXPECT_EQ(encode_hello("a\nb").find('\n'), std::string::npos);
  EXPECT_EQ(encode_reply(1, some_status()).find('\n'), std::string::npos);
  EXPECT_EQ(encode_request({1, "a\nb"}).find('\n'), std::string::npos);
}

TEST(Contract, ARequestSurvivesItsWay) {
  const Request request{42, "status"};
  EXPECT_EQ(parse_request(encode_request(request)), request);
}

TEST(Contract, WhatIsNoRequestIsRefusedAsJsonRpcSays) {
  EXPECT_EQ(parse_request("{").error(), RpcError::kParseError);
  EXPECT_EQ(parse_request("").error(), RpcError::kParseError);
  EXPECT_EQ(parse_request("[]").error(), RpcError::kInvalidRequest);
  EXPECT_EQ(parse_request(R"({"method":"status"})").error(), RpcError::kInvalidRequest);
  EXPECT_EQ(parse_request(R"({"id":"1","method":"status"})").error(), RpcError::kInvalidRequest);
  EXPECT_EQ(parse_request(R"({"id":1,"method":5})").error(), RpcError::kInvalidRequest);
  EXPECT_EQ(parse_request(std::string(100000, '[')).error(), RpcError::kParseError);
}

TEST(Contract, AClientRefusesAnotherContractVersion) {
  EXPECT_TRUE(parse_hello(encode_hello("0.1.0")));
  const auto other = parse_hello(R"({"method":"hello","params":{"contract":2}})");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, ErrorKind::kProtocol);
  EXPECT_NE(other.error().message.find("version 2"), std::string::npos);
}

TEST(Contract, AClientSaysWhatItCannotUnderstand) {
  for (const char* const line : {"", "no json", "[]", "{}", R"({"result":5})", R"({"result":{}})",
                                 R"({"params":{"contract":"1"}})"}) {
    EXPECT_EQ(parse_status_reply(line).error().kind, ErrorKind::kProtocol) << line;
    EXPECT_EQ(parse_hello(line).error().kind, ErrorKind::kProtocol) << line;
  }
  const auto refused = parse_status_reply(encode_refusal(1, RpcError::kMethodNotFound));
  EXPECT_NE(refused.error().message.find("no such method"), std::string::npos);
}

TEST(Contract, JsonForProgramsCarriesSchemaTimeAndData) {
  const std::string document = status_document(some_status(), "2026-11-24T05:00:00Z");
  EXPECT_EQ(
      document.find(R"({"schema":"rsip.status/1","time":"2026-11-24T05:00:00Z","agent":"0.1.0")"),
      0U);
  const std::string error = error_document({ErrorKind::kNoResources, "none", "later"}, "t");
  EXPECT_NE(error.find(R"("code":"no_resources","exit":9)"), std::string::npos);
}

}  // namespace
}  // namespace rsip::ipc
