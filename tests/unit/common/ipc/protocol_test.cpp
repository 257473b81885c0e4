#include "common/ipc/protocol.h"

#include <gtest/gtest.h>

#include "common/ipc/documents.h"

namespace rsip::ipc {
namespace {

Status some_status() {
  GatewayStatus gateway;
  gateway.name = "hotel \"quoted\"";
  gateway.device = "rsip0";
  gateway.client_id = 0xFFFFFFFF;
  LeaseStatus lease;
  lease.bind = 1;
  lease.address = "203.0.113.10";
  lease.ports = {{5000, 5031}};
  lease.history = {{"2026-11-24T05:00:00Z", "granted", 200, ""}};
  gateway.leases.push_back(lease);
  gateway.ports = {32, 2, 30, 1024};
  gateway.traffic = {1, 0xFFFFFFFFFF, 3, 4, {{"no_lease", 5}}};
  gateway.problem = ProblemStatus{"denied_by_policy", 8, "refused", "ask"};
  Status status;
  status.agent = "0.1.0";
  status.state = "assigned";
  status.gateways = {gateway};
  return status;
}

TEST(Contract, AStatusSurvivesItsWayThroughTheSocket) {
  const Status sent = some_status();
  const auto received = parse_answer<Status>(encode_answer(7, sent));
  ASSERT_TRUE(received) << received.error().message;
  EXPECT_EQ(encode_answer(7, *received), encode_answer(7, sent));
  const GatewayStatus& gateway = received->gateways.at(0);
  EXPECT_EQ(gateway.name, sent.gateways[0].name);
  EXPECT_EQ(gateway.client_id, sent.gateways[0].client_id);
  EXPECT_EQ(gateway.leases.at(0).ports.at(0).last, 5031);
  EXPECT_EQ(gateway.traffic.sent_bytes, 0xFFFFFFFFFFU);
  EXPECT_EQ(gateway.problem->exit, 8);
}

TEST(Contract, AbsentThingsStayAbsent) {
  const auto received = [] {
    Status sent;
    sent.gateways = {GatewayStatus{}};
    return parse_answer<Status>(encode_answer(1, sent));
  }();
  ASSERT_TRUE(received);
  EXPECT_FALSE(received->gateways.at(0).client_id);
  EXPECT_FALSE(received->gateways.at(0).problem);
  EXPECT_TRUE(received->gateways.at(0).leases.empty());
}

TEST(Contract, EveryMessageIsOneLine) {
  EXPECT_EQ(encode_hello("a\nb").find('\n'), std::string::npos);
  EXPECT_EQ(encode_answer(1, some_status()).find('\n'), std::string::npos);
  EXPECT_EQ(encode_request(1, UpRequest{"a\nb"}).find('\n'), std::string::npos);
  EXPECT_EQ(encode_failure(1, {ErrorKind::kOther, "a\nb", ""}).find('\n'), std::string::npos);
}

TEST(Contract, ARequestSurvivesItsWayWithItsParameters) {
  const auto request =
      parse_request(encode_request(42, ListenAddRequest{"hotel", 8080, 80, "198.51.100.7"}));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->id, 42);
  const auto& listen = std::get<ListenAddRequest>(request->call);
  EXPECT_EQ(listen.server_port, 8080);
  EXPECT_EQ(listen.public_port, 80);
  EXPECT_EQ(listen.from, "198.51.100.7");
}

TEST(Contract, ParametersThatAreAbsentHaveTheirDefaults) {
  const auto request =
      parse_request(R"({"id":1,"method":"listen.add","params":{"server_port":80}})");
  ASSERT_TRUE(request);
  EXPECT_FALSE(std::get<ListenAddRequest>(request->call).public_port);
  EXPECT_TRUE(parse_request(R"({"id":1,"method":"status"})"));
}

TEST(Contract, AWrongParameterIsNamed) {
  const auto wrong = parse_request(R"({"id":5,"method":"query","params":{"what":[1]}})");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().id, 5);
  EXPECT_EQ(wrong.error().error, RpcError::kInvalidParams);
  EXPECT_EQ(wrong.error().detail, "what");
  EXPECT_EQ(parse_request(R"({"id":5,"method":"up","params":[]})").error().detail, "params");
  EXPECT_EQ(parse_request(R"({"id":5,"method":"upp"})").error().error, RpcError::kMethodNotFound);
}

TEST(Contract, AFailureKeepsItsKindAndHint) {
  const Error sent{ErrorKind::kInUse, "port 80 is taken", "take another"};
  const auto received = parse_answer<Done>(encode_failure(3, sent));
  ASSERT_FALSE(received);
  EXPECT_EQ(received.error(), sent);
}

TEST(Contract, WhatIsNoRequestIsRefusedAsJsonRpcSays) {
  EXPECT_EQ(parse_request("{").error().error, RpcError::kParseError);
  EXPECT_EQ(parse_request("").error().error, RpcError::kParseError);
  EXPECT_EQ(parse_request("[]").error().error, RpcError::kInvalidRequest);
  EXPECT_EQ(parse_request(R"({"method":"status"})").error().error, RpcError::kInvalidRequest);
  EXPECT_EQ(parse_request(R"({"id":"1","method":"status"})").error().error,
            RpcError::kInvalidRequest);
  EXPECT_EQ(parse_request(R"({"id":1,"method":5})").error().error, RpcError::kInvalidRequest);
  EXPECT_EQ(parse_request(std::string(100000, '[')).error().error, RpcError::kParseError);
}

TEST(Contract, AClientRefusesAnotherContractVersion) {
  EXPECT_EQ(parse_hello(encode_hello("0.1.0")), "0.1.0");
  const auto other = parse_hello(R"({"method":"hello","params":{"contract":3}})");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, ErrorKind::kProtocol);
  EXPECT_NE(other.error().message.find("version 4"), std::string::npos);
}

TEST(Contract, AClientSaysWhatItCannotUnderstand) {
  for (const char* const line : {"", "no json", "[]", "{}", R"({"result":5})", R"({"result":{}})",
                                 R"({"params":{"contract":"3"}})"}) {
    EXPECT_EQ(parse_answer<Status>(line).error().kind, ErrorKind::kProtocol) << line;
    EXPECT_EQ(parse_hello(line).error().kind, ErrorKind::kProtocol) << line;
  }
  const auto refused = parse_answer<Status>(encode_refusal({1, RpcError::kMethodNotFound, ""}));
  EXPECT_NE(refused.error().message.find("no such method"), std::string::npos);
}

TEST(Contract, AnEventWithoutAProperNumberIsNone) {
  for (const std::string seq : {"-1", "1.5", "\"1\"", "null", "1e30"}) {
    const auto event = parse_event(R"({"method":"event","params":{"seq":)" + seq +
                                   R"(,"time":"t","type":"stopping","data":{}}})");
    ASSERT_FALSE(event) << seq;
    EXPECT_EQ(event.error().kind, ErrorKind::kProtocol) << seq;
  }
}

TEST(Contract, JsonForProgramsCarriesSchemaTimeAndData) {
  const std::string document = rsip::ipc::document(some_status(), "0.1.0", "2026-11-24T05:00:00Z");
  EXPECT_EQ(
      document.find(
          R"({"schema":"rsip.status/2","time":"2026-11-24T05:00:00Z","agent":"0.1.0","data":{"agent":"0.1.0")"),
      0U);
  const std::string error = error_document({ErrorKind::kNoResources, "none", "later"}, "t");
  EXPECT_NE(error.find(R"("code":"no_resources","exit":9)"), std::string::npos);
}

}  // namespace
}  // namespace rsip::ipc
