#include <gmock/gmock.h>

#include "tests/unit/agent/app/agent_fixture.h"

namespace rsip::agent {
namespace {

using ::testing::ElementsAre;

using AgentTest = AgentFixture;

TEST_F(AgentTest, TouchesNothingOnTheHostBeforeItHoldsALease) {
  start();
  register_host();
  EXPECT_EQ(network_.text(), "");
  EXPECT_EQ(tunnels_.alive, 0);
  EXPECT_EQ(agent_->status().state, "assigning");
}

// H-009: the leased address is on the tunnel's device
TEST_F(AgentTest, MakesTunnelAddressAndRoutesFromALease) {
  assigned();
  EXPECT_EQ(tunnels_.alive, 1);
  EXPECT_EQ(tunnels_.device, "rsip0");
  EXPECT_NE(network_.text().find("203.0.113.10"), std::string::npos);
  ASSERT_TRUE(tunnels_.table);
  EXPECT_EQ(tunnels_.table->bindings.at(0).ports.at(0), (PortRange{5000, 32}));
}

// H-033: the code point of the outer header is a choice
TEST_F(AgentTest, HidesHowPacketsAreMarkedIfItIsAskedTo) {
  gateways_[0].dscp = OuterDscp::kZero;
  assigned();
  EXPECT_EQ(tunnels_.end.dscp, OuterDscp::kZero);
}

// H-118: client ID, lease time and flow policy
TEST_F(AgentTest, TellsItsStatus) {
  assigned();
  tunnels_.stats.ports_in_use = 3;
  tunnels_.stats.drops[static_cast<std::size_t>(DropReason::kNoLease)] = 5;
  clock_.advance(std::chrono::seconds(100));
  const ipc::GatewayStatus status = gateway();
  EXPECT_EQ(status.state, "assigned");
  EXPECT_EQ(status.device, "rsip0");
  EXPECT_EQ(status.mtu, 1480U);
  EXPECT_EQ(status.client_id, 7U);
  EXPECT_EQ(status.local_policy, "macro");
  EXPECT_EQ(status.remote_policy, "none");
  ASSERT_EQ(status.leases.size(), 1U);
  EXPECT_EQ(status.leases[0].expires_in_seconds, 500U);
  EXPECT_EQ(status.leases[0].granted_seconds, 600U);
  EXPECT_EQ(status.ports.leased, 32U);
  EXPECT_EQ(status.ports.used, 3U);
  EXPECT_EQ(status.ports.free, 29U);
  ASSERT_EQ(status.traffic.drops.size(), 1U);
  EXPECT_EQ(status.traffic.drops[0].packets, 5U);
  EXPECT_FALSE(status.problem);
}

// H-013: asked by the first packet that finds no port
TEST_F(AgentTest, AsksForMorePortsWhenTheDataPathWantsThem) {
  assigned();
  tunnels_.events.ports_wanted({RemoteScope{}});
  poll();
  EXPECT_EQ(last_sent(), msg::MessageType::kAssignRequestRsapIp);
  const auto before = tunnels_.table->generation;
  grant(2, {6000, 32});
  EXPECT_EQ(tunnels_.table->bindings.size(), 2U);
  EXPECT_GT(tunnels_.table->generation, before);
}

TEST_F(AgentTest, WakesItselfToRenew) {
  assigned();
  const TimePoint granted = clock_.now();
  wake_until([this] { return last_sent() == msg::MessageType::kExtendRequest; });
  EXPECT_LT(clock_.now(), granted + std::chrono::seconds(330)) << "at half of the lease";
}

TEST_F(AgentTest, ClearsTheHostBeforeItFreesTheLease) {
  assigned();
  journal_.clear();
  agent_->stop();
  EXPECT_THAT(journal_.lines(),
              ElementsAre("published 0", "network cleaned", "tunnel closed", "sent FREE_REQUEST"));
  EXPECT_EQ(network_.text(), "");
  EXPECT_EQ(tunnels_.alive, 0);
  answer(msg::FreeResponse{kClient, BindId{1}, {}});
  answer(msg::DeRegisterResponse{kClient, {}});
  EXPECT_TRUE(finished_);
  EXPECT_FALSE(agent_->failure());
}

// RFC 3103 sections 9.5 and 9.13: the host stops at once.
// H-124, H-147: at once
TEST_F(AgentTest, StopsUsingALostLeaseBeforeItTouchesTheNetwork) {
  assigned();
  grow(2, {6000, 32});
  journal_.clear();
  free_by_gateway(2);
  ASSERT_FALSE(journal_.lines().empty());
  EXPECT_EQ(journal_.lines()[0], "published 1");
}

TEST_F(AgentTest, StopsUsingALostLeaseEvenIfTheNetworkCannotBeChanged) {
  assigned();
  grow(2, {6000, 32});
  network_.fail_next({ErrorKind::kOther, "cannot change the network", ""});
  free_by_gateway(2);
  ASSERT_EQ(tunnels_.table->bindings.size(), 1U);
  EXPECT_EQ(tunnels_.table->bindings[0].bind, BindId{1});
}

TEST_F(AgentTest, SaysAtTheEndThatTheHostCouldNotBeCleaned) {
  assigned();
  network_.fail_next(2, {ErrorKind::kPermission, "cannot remove rule 4554", ""});
  agent_->stop();
  answer(msg::FreeResponse{kClient, BindId{1}, {}});
  answer(msg::DeRegisterResponse{kClient, {}});
  ASSERT_TRUE(agent_->failure());
  EXPECT_EQ(exit_code(agent_->failure()->kind), 1);
  EXPECT_EQ(agent_->failure()->message, "cannot remove rule 4554");
}

TEST_F(AgentTest, ClearsTheHostWhenItIsDestroyed) {
  assigned();
  agent_.reset();
  EXPECT_EQ(network_.text(), "");
  EXPECT_EQ(tunnels_.alive, 0);
}

TEST_F(AgentTest, EndsWithTheReasonWhenTheHostCannotBeSetUp) {
  start();
  register_host();
  network_.fail_next({ErrorKind::kPermission, "cannot add route", "run as root"});
  grant(1, {5000, 32});
  poll();
  EXPECT_EQ(last_sent(), msg::MessageType::kFreeRequest);
  EXPECT_EQ(tunnels_.alive, 0);
  ASSERT_TRUE(agent_->failure());
  EXPECT_EQ(agent_->failure()->message, "cannot add route");
}

TEST_F(AgentTest, EndsWithTheReasonWhenThereIsNoTunDevice) {
  start();
  register_host();
  tunnels_.failure = Error{ErrorKind::kInUse, "rsip0 is taken", ""};
  grant(1, {5000, 32});
  ASSERT_TRUE(agent_->failure());
  EXPECT_EQ(agent_->failure()->kind, ErrorKind::kInUse);
  EXPECT_EQ(network_.text(), "");
}

TEST_F(AgentTest, RemembersTheProblemUntilItIsOver) {
  start();
  link_->events.up();
  answer(msg::ErrorResponse{304, {}, {}, {}});
  ASSERT_TRUE(gateway().problem);
  EXPECT_EQ(gateway().problem->exit, 8);
  EXPECT_FALSE(agent_->failure());
  wake();
  answer(msg::RegisterResponse{kClient, msg::LeaseTime(600), {}, {}, {}, {}});
  grant(1, {5000, 32});
  EXPECT_FALSE(gateway().problem);
}

TEST_F(AgentTest, EndsAtTheFirstProblemIfItHasToFailFast) {
  start(true);
  link_->events.down({ErrorKind::kUnreachable, "cannot reach gateway", ""});
  poll();
  ASSERT_TRUE(agent_->failure());
  EXPECT_EQ(agent_->failure()->kind, ErrorKind::kUnreachable);
  EXPECT_TRUE(finished_);
}

}  // namespace
}  // namespace rsip::agent
