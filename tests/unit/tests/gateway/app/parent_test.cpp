#include <cstdlib>
#include <filesystem>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/ipc/protocol.h"
#include "tests/gateway/app/agent_poll.h"
#include "tests/gateway/app/parent_leases.h"

namespace rsip::gateway {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;

constexpr Ipv4Address kAddress{0xC6336409};
constexpr Ipv4Address kHost{0x0A010002};
constexpr TimePoint kNow{std::chrono::hours(1)};

const std::string kReply =
    R"({"jsonrpc":"2.0","id":1,"result":{"gateways":[{"name":"up","leases":[
        {"bind":3,"address":"198.51.100.9","ports":[{"first":5000,"last":5031}],
         "expires_in_seconds":600,"more":true}]},
        {"name":"other","leases":[{"bind":1,"address":"198.51.100.8","ports":[],
         "expires_in_seconds":60}]}]}})";

TEST(ParentLeases, AreReadFromTheAgentsStatus) {
  const auto leases = parse_parent_leases(kReply, "");
  ASSERT_TRUE(leases);
  ASSERT_EQ(leases->size(), 2U);
  EXPECT_EQ(leases->at(0).bind, 3U);
  EXPECT_EQ(leases->at(0).address, kAddress);
  EXPECT_EQ(leases->at(0).ports, (std::vector<PortRange>{{5000, 32}}));
  EXPECT_EQ(leases->at(0).left, seconds(600));
  EXPECT_TRUE(leases->at(1).ports.empty());
}

TEST(ParentLeases, MayBeThoseOfOneGatewayAlone) {
  const auto leases = parse_parent_leases(kReply, "up");
  ASSERT_TRUE(leases);
  EXPECT_EQ(leases->size(), 1U);
}

TEST(ParentLeases, AreReadFromWhatTheAgentReallySends) {
  ipc::GatewayStatus gateway;
  gateway.name = "up";
  ipc::LeaseStatus lease;
  lease.bind = 3;
  lease.address = "198.51.100.9";
  lease.ports = {{5000, 5031}};
  lease.expires_in_seconds = 600;
  gateway.leases.push_back(lease);
  ipc::Status status;
  status.gateways = {gateway};
  const auto leases = parse_parent_leases(ipc::encode_answer(1, status), "up");
  ASSERT_TRUE(leases);
  ASSERT_EQ(leases->size(), 1U);
  EXPECT_EQ(leases->at(0).ports, (std::vector<PortRange>{{5000, 32}}));
}

TEST(ParentLeases, ThatMakeNoSenseAreLeftOut) {
  for (
      const char* lease :
      {"1", "{}", R"({"bind":1,"address":"x","expires_in_seconds":1})",
       R"({"bind":1,"address":"127.0.0.1","expires_in_seconds":1})",
       R"({"bind":-1,"address":"198.51.100.9","expires_in_seconds":1})",
       R"({"bind":1,"address":"198.51.100.9","expires_in_seconds":1,"ports":[{"first":9,"last":8}]})",
       R"({"bind":1,"address":"198.51.100.9","expires_in_seconds":1,"ports":[{"first":0,"last":8}]})"}) {
    const auto leases = parse_parent_leases(
        R"({"result":{"gateways":[{"leases":[)" + std::string(lease) + "]}]}}", "");
    ASSERT_TRUE(leases) << lease;
    EXPECT_TRUE(leases->empty()) << lease;
  }
  for (const char* reply : {"", "[]", "{}", R"({"error":{}})"}) {
    EXPECT_FALSE(parse_parent_leases(reply, "")) << reply;
  }
}

// G-10: SPIs and what was leased with them are for the agent's own IPsec
TEST(ParentLeases, ForIpsecAreLeftOut) {
  const auto leases = parse_parent_leases(
      R"({"result":{"gateways":[{"leases":[
          {"bind":1,"address":"198.51.100.9","expires_in_seconds":60,"ports":[],
           "spis":[{"first":4096,"last":4099}]},
          {"bind":2,"address":"198.51.100.9","expires_in_seconds":60,
           "ports":[{"first":5000,"last":5003}],"spis":[]}]}]}})",
      "");
  ASSERT_TRUE(leases);
  ASSERT_EQ(leases->size(), 1U);
  EXPECT_EQ(leases->front().bind, 2U);
}

class Pooling : public ::testing::Test {
 protected:
  Pooling() : engine_({}, 1) {}
  ParentPools::Changes sync(const std::vector<ParentLease>& leases) {
    return pools_.sync(engine_, leases, kNow);
  }
  static ParentLease lease(std::uint32_t bind, std::vector<PortRange> ports, seconds left) {
    return {"up", bind, kAddress, std::move(ports), left};
  }
  Engine engine_;
  ParentPools pools_{"parent"};
};

// G-10: what the parent leases is what hosts may have, as long as it does
TEST_F(Pooling, FollowsTheLeasesOfTheParent) {
  EXPECT_THAT(sync({lease(1, {{5000, 8}}, seconds(100))}).came, ::testing::ElementsAre(kAddress));
  EXPECT_EQ(engine_.free_ports(kNow), 8U);
  const auto more =
      sync({lease(1, {{5000, 8}}, seconds(90)), lease(2, {{6000, 4}, {7000, 1}}, seconds(90))});
  EXPECT_TRUE(more.came.empty());
  EXPECT_EQ(engine_.free_ports(kNow), 13U);
  EXPECT_TRUE(sync({lease(2, {{6000, 4}, {7000, 1}}, seconds(80))}).went.empty());
  EXPECT_EQ(engine_.free_ports(kNow), 5U);
  EXPECT_THAT(sync({}).went, ::testing::ElementsAre(kAddress));
  EXPECT_EQ(engine_.free_ports(kNow), 0U);
}

// G-10: never beyond the parent's lease
TEST_F(Pooling, LeasesNothingBeyondTheParentsLease) {
  sync({lease(1, {{5000, 8}}, seconds(100))});
  engine_.on({kHost}, msg::Message(msg::RegisterRequest{}), kNow);
  msg::AssignRequestRsapIp request;
  request.client = engine_.find(kHost)->client;
  engine_.on({kHost}, msg::Message(request), kNow);
  ASSERT_EQ(engine_.find(kHost)->binds.size(), 1U);
  EXPECT_LT(engine_.find(kHost)->binds.begin()->second.expires_at, kNow + seconds(100));
  const auto changes = sync({});
  EXPECT_TRUE(engine_.find(kHost)->binds.empty());
  EXPECT_EQ(changes.actions.size(), 2U);  // FREE_RESPONSE, and that it ended
}

// G-45: the parent has leased no SPIs
TEST_F(Pooling, HasNoSpisForHosts) {
  sync({lease(1, {{5000, 8}}, seconds(100))});
  engine_.on({kHost}, msg::Message(msg::RegisterRequest{}), kNow);
  msg::AssignRequestRsipsec request;
  request.client = engine_.find(kHost)->client;
  std::optional<msg::ErrorCode> refused;
  for (const Action& action : engine_.on({kHost}, msg::Message(request), kNow)) {
    if (const auto* const said = std::get_if<Refused>(&action)) refused = said->error;
  }
  EXPECT_EQ(refused, msg::ErrorCode::kIpsecUnallowed);
}

/// A socket at which a test plays the agent, on the same event loop.
class Polling : public ::testing::Test {
 protected:
  Polling() {
    std::string folder = std::filesystem::temp_directory_path() / "rsip-parent-XXXXXX";
    folder_ = mkdtemp(folder.data());
    path_ = folder_ + "/agent.sock";
  }
  ~Polling() override { std::filesystem::remove_all(folder_); }
  Result<std::string> first_reply() {
    std::optional<Result<std::string>> first;
    AgentPoll poll(io_, path_, std::chrono::hours(1),
                   [&](const Result<std::string>& reply) { first = reply; });
    poll.start();
    while (!first) io_.run_one_for(seconds(10));
    poll.stop();
    io_.run();
    return *first;
  }
  asio::io_context io_;
  std::string folder_;
  std::string path_;
};

TEST_F(Polling, AsksTheAgentForItsStatus) {
  asio::local::stream_protocol::acceptor agent(io_, path_);
  asio::local::stream_protocol::socket client(io_);
  std::string request;
  agent.async_accept(client, [&](boost::system::error_code) {
    asio::write(client, asio::buffer(ipc::encode_hello("0.1.0") + "\n"));
    asio::async_read_until(client, asio::dynamic_buffer(request), '\n',
                           [&](boost::system::error_code, std::size_t) {
                             asio::write(client, asio::buffer(std::string("{\"id\":1}\n")));
                           });
  });
  const auto reply = first_reply();
  ASSERT_TRUE(reply) << to_line(reply.error());
  EXPECT_EQ(*reply, "{\"id\":1}");
  EXPECT_TRUE(std::holds_alternative<ipc::StatusRequest>(ipc::parse_request(request)->call));
}

TEST_F(Polling, SaysThatNoAgentAnswers) {
  const auto reply = first_reply();
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::kAgentNotRunning);
}

}  // namespace
}  // namespace rsip::gateway
