#include <gmock/gmock.h>

#include "tests/unit/agent/app/agent_fixture.h"

// The host's network changes under a running agent.
namespace rsip::agent {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr NetworkPath kOtherPath{{0x0A000063}, 1500};

class AgentNetworkTest : public AgentFixture {
 protected:
  void change_path(std::optional<NetworkPath> path) {
    network_.set_path(path);
    monitor_.report();
    poll();
  }
  [[nodiscard]] std::string problem() const {
    const auto status = gateway();
    return status.problem ? status.problem->message : "";
  }
};

TEST_F(AgentNetworkTest, LostRouteIsAProblemAndNotTheEnd) {
  assigned();
  const std::string before = network_.text();
  change_path(std::nullopt);
  EXPECT_FALSE(agent_->failure());
  EXPECT_EQ(network_.text(), before);
  EXPECT_EQ(gateway().problem->code, std::string("gateway_unreachable"));
  EXPECT_EQ(gateway().mtu, 1480U) << "the one known from before";
  change_path(NetworkPath{{0x0A000002}, 1500});
  EXPECT_EQ(problem(), "");
}

TEST_F(AgentNetworkTest, LeasesComeAndGoWithoutARoute) {
  assigned();
  grow(2, {6000, 32}, 60);
  network_.set_path(std::nullopt);
  link_->events.down({ErrorKind::kUnreachable, "lost", ""});
  const TimePoint end = clock_.now() + 70s;
  while (clock_.now() < end) {
    const int opened = link_->opened;
    wake();
    if (link_->opened > opened) link_->events.down({ErrorKind::kUnreachable, "lost", ""});
  }
  EXPECT_FALSE(finished_);
  EXPECT_FALSE(agent_->failure());
  EXPECT_EQ(gateway().leases.size(), 1U);
  EXPECT_EQ(tunnels_.table->bindings.size(), 1U);
  EXPECT_THAT(problem(), HasSubstr("no route"));
}

TEST_F(AgentNetworkTest, NewLeaseIsUsedThoughTheRouteIsGone) {
  assigned();
  network_.set_path(std::nullopt);
  grow(2, {6000, 32});
  EXPECT_EQ(tunnels_.table->bindings.size(), 2U);
}

TEST_F(AgentNetworkTest, TriesAgainByItselfWhenTheRouteWasMissingAtTheFirstLease) {
  start();
  register_host();
  network_.set_path(std::nullopt);
  grant(1, {5000, 32});
  EXPECT_FALSE(agent_->failure());
  EXPECT_EQ(network_.text(), "");
  EXPECT_THAT(problem(), HasSubstr("no route"));
  network_.set_path(NetworkPath{{0x0A000002}, 1500});
  wake_until([this] { return !network_.text().empty(); });
  EXPECT_EQ(problem(), "");
  ASSERT_TRUE(tunnels_.table);
  EXPECT_EQ(tunnels_.table->bindings.size(), 1U);
}

// What is installed and taken back again is reported as a change: no reason to hurry.
TEST_F(AgentNetworkTest, WhatTheHostRefusesIsTriedAgainAfterAWhileAlone) {
  start();
  register_host();
  network_.fail_next({ErrorKind::kOther, "the kernel has no nftables for ARP", ""});
  grant(1, {5000, 32});
  EXPECT_THAT(problem(), HasSubstr("nftables"));
  for (int i = 0; i < 3; ++i) {
    monitor_.report();
    EXPECT_EQ(network_.text(), "");
  }
  wake_until([this] { return !network_.text().empty(); });
  EXPECT_EQ(problem(), "");
}

TEST_F(AgentNetworkTest, PathTooNarrowForATunnelIsAProblem) {
  start();
  register_host();
  network_.set_path(NetworkPath{{0x0A000002}, 87});
  grant(1, {5000, 32});
  EXPECT_FALSE(agent_->failure());
  EXPECT_EQ(network_.text(), "");
  EXPECT_THAT(problem(), HasSubstr("87 bytes"));
}

// H-040: also when it changes
TEST_F(AgentNetworkTest, TunnelFollowsTheMtuOfThePath) {
  assigned();
  const auto before = tunnels_.table->generation;
  change_path(NetworkPath{{0x0A000002}, 1400});
  EXPECT_THAT(network_.text(), HasSubstr("mtu 1380"));
  EXPECT_EQ(gateway().mtu, 1380U);
  EXPECT_GT(tunnels_.table->generation, before) << "the data path looks at the device again";
}

TEST_F(AgentNetworkTest, PutsBackWhatOthersRemove) {
  assigned();
  const std::string before = network_.text();
  const auto generation = tunnels_.table->generation;
  network_.take_away("route");
  EXPECT_NE(network_.text(), before);
  monitor_.report();
  EXPECT_EQ(network_.text(), before);
  EXPECT_EQ(tunnels_.table->generation, generation) << "nothing new for the data path";
}

TEST_F(AgentNetworkTest, MakesTheTunnelAgainWhenItsDeviceIsDeleted) {
  assigned();
  const std::string before = network_.text();
  network_.delete_device();
  tunnels_.events.device_gone();
  poll();
  EXPECT_EQ(tunnels_.opened, 2);
  EXPECT_EQ(tunnels_.alive, 1);
  EXPECT_EQ(network_.text(), before);
  EXPECT_EQ(tunnels_.table->bindings.size(), 1U);
  EXPECT_EQ(gateway().leases.size(), 1U);
  EXPECT_EQ(gateway().device, "rsip0");
}

TEST_F(AgentNetworkTest, NoticesTheDeletedDeviceByTheNetworkToo) {
  assigned();
  const auto first = tunnels_.events.device_gone;
  network_.delete_device();
  monitor_.report();
  EXPECT_EQ(tunnels_.opened, 2);
  first();
  poll();
  EXPECT_EQ(tunnels_.opened, 2) << "the old tunnel's word comes too late";
  EXPECT_EQ(tunnels_.table->bindings.size(), 1U);
}

TEST_F(AgentNetworkTest, TellsTheTruthWhileTheDeviceCannotBeMadeAgain) {
  assigned();
  network_.delete_device();
  tunnels_.failure = Error{ErrorKind::kNoResources, "no memory for a device", ""};
  tunnels_.events.device_gone();
  poll();
  EXPECT_EQ(gateway().device, "");
  EXPECT_EQ(problem(), "no memory for a device");
  EXPECT_FALSE(agent_->failure());
  wake_until([this] { return gateway().device == "rsip0"; });
  EXPECT_EQ(problem(), "");
}

TEST_F(AgentNetworkTest, ConnectsAnewFromItsNewAddress) {
  assigned();
  change_path(kOtherPath);
  EXPECT_EQ(link_->closed, 1);
  EXPECT_EQ(gateway().leases.size(), 1U);
  EXPECT_THAT(problem(), HasSubstr("network changed"));
  EXPECT_EQ(link_->opened, 2) << "without waiting";
  monitor_.report();
  EXPECT_EQ(link_->closed, 1) << "once for each change";
}

TEST_F(AgentNetworkTest, NewAddressAfterATimeWithoutRouteIsNoticed) {
  assigned();
  change_path(std::nullopt);
  EXPECT_EQ(link_->closed, 0);
  change_path(NetworkPath{{0x0A000002}, 1500});
  EXPECT_EQ(link_->closed, 0) << "the same as before";
  change_path(std::nullopt);
  change_path(kOtherPath);
  EXPECT_EQ(link_->closed, 1);
}

TEST_F(AgentNetworkTest, WatchesAsLongAsItRuns) {
  assigned();
  EXPECT_TRUE(monitor_.running());
  agent_->stop();
  answer(msg::FreeResponse{kClient, BindId{1}, {}});
  answer(msg::DeRegisterResponse{kClient, {}});
  EXPECT_TRUE(finished_);
  EXPECT_FALSE(monitor_.running());
}

TEST_F(AgentNetworkTest, WorksWhereNobodyCanTellOfChanges) {
  monitor_.failure = Error{ErrorKind::kNoResources, "too many sockets", ""};
  assigned();
  EXPECT_EQ(agent_->status().state, "assigned");
}

}  // namespace
}  // namespace rsip::agent
