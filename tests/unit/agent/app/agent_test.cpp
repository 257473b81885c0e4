#include "agent/app/agent.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_host_network.h"
#include "tests/fakes/fake_link.h"
#include "tests/fakes/fake_tunnels.h"

namespace rsip::agent {
namespace {

constexpr ClientId kClient{7};
constexpr Ipv4Address kPublic{0xCB00710A};

/// An agent on a machine in memory, with the test as its gateway.
class AgentTest : public ::testing::Test {
 protected:
  AgentTest() { spdlog::set_level(spdlog::level::off); }

  void start(bool fail_fast = false) {
    Config config;
    config.gateway.address = {0x0A010001};
    config.gateway.name = "hotel";
    AgentPlatform platform{
        [this] { return clock_.now(); },
        [this](TimePoint when, std::function<void()> due) { timer_ = {when, std::move(due)}; },
        [this](LinkEvents events) {
          auto link = std::make_unique<rsip::fakes::FakeLink>(std::move(events));
          link_ = link.get();
          return link;
        },
        network_, tunnels_};
    agent_.emplace(io_, config, std::move(platform), fail_fast, 1);
    agent_->on_finished([this] { finished_ = true; });
    agent_->start();
  }

  template <class M>
  void answer(M message) {
    message.trailer.counter =
        std::visit([](const auto& m) { return m.trailer.counter; }, link_->sent.back());
    link_->events.message(message);
    io_.restart();
    io_.poll();
  }
  void register_host() {
    link_->events.up();
    answer(msg::RegisterResponse{kClient, msg::LeaseTime(600), {}, {}, {}, {}});
  }
  void grant(std::uint32_t bind, PortRange ports) {
    answer(msg::AssignResponseRsapIp{kClient,
                                     BindId{bind},
                                     kPublic,
                                     msg::Ports::contiguous(ports),
                                     msg::DontCare{},
                                     msg::Ports::dont_care(1),
                                     msg::LeaseTime(600),
                                     msg::TunnelType::kIpIp,
                                     {},
                                     {}});
  }
  void assigned() {
    start();
    register_host();
    grant(1, {5000, 32});
  }
  /// Moves time to what the agent wanted to be woken for.
  void wake() {
    auto [when, due] = std::exchange(timer_, {});
    clock_.advance(when - clock_.now());
    due();
  }
  [[nodiscard]] msg::MessageType last_sent() const { return msg::type_of(link_->sent.back()); }

  boost::asio::io_context io_;
  rsip::fakes::FakeClock clock_;
  rsip::fakes::FakeHostNetwork network_;
  rsip::fakes::FakeTunnels tunnels_;
  rsip::fakes::FakeLink* link_ = nullptr;
  std::pair<TimePoint, std::function<void()>> timer_;
  std::optional<Agent> agent_;
  bool finished_ = false;
};

TEST_F(AgentTest, TouchesNothingOnTheHostBeforeItHoldsALease) {
  start();
  register_host();
  EXPECT_EQ(network_.text(), "");
  EXPECT_EQ(tunnels_.alive, 0);
  EXPECT_EQ(agent_->status().state, "assigning");
}

TEST_F(AgentTest, MakesTunnelAddressAndRoutesFromALease) {
  assigned();
  EXPECT_EQ(tunnels_.alive, 1);
  EXPECT_EQ(tunnels_.device, "rsip0");
  EXPECT_NE(network_.text().find("203.0.113.10"), std::string::npos);
  ASSERT_TRUE(tunnels_.table);
  EXPECT_EQ(tunnels_.table->bindings.at(0).ports.at(0), (PortRange{5000, 32}));
}

TEST_F(AgentTest, TellsItsStatus) {
  assigned();
  tunnels_.stats.ports_in_use = 3;
  tunnels_.stats.drops[static_cast<std::size_t>(DropReason::kNoLease)] = 5;
  clock_.advance(std::chrono::seconds(100));
  const ipc::Status status = agent_->status();
  EXPECT_EQ(status.state, "assigned");
  EXPECT_EQ(status.device, "rsip0");
  EXPECT_EQ(status.gateway.mtu, 1480U);
  EXPECT_EQ(status.gateway.client_id, 7U);
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

TEST_F(AgentTest, AsksForMorePortsWhenTheDataPathWantsThem) {
  assigned();
  tunnels_.events.ports_wanted();
  io_.restart();
  io_.poll();
  EXPECT_EQ(last_sent(), msg::MessageType::kAssignRequestRsapIp);
  const auto before = tunnels_.table->generation;
  grant(2, {6000, 32});
  EXPECT_EQ(tunnels_.table->bindings.size(), 2U);
  EXPECT_GT(tunnels_.table->generation, before);
}

TEST_F(AgentTest, WakesItselfToRenew) {
  assigned();
  const auto sent = link_->sent.size();
  wake();
  ASSERT_EQ(link_->sent.size(), sent + 1);
  EXPECT_EQ(last_sent(), msg::MessageType::kExtendRequest);
}

TEST_F(AgentTest, ClearsTheHostBeforeItFreesTheLease) {
  assigned();
  agent_->stop();
  EXPECT_EQ(last_sent(), msg::MessageType::kFreeRequest);
  EXPECT_EQ(network_.text(), "");
  EXPECT_EQ(tunnels_.alive, 0);
  answer(msg::FreeResponse{kClient, BindId{1}, {}});
  answer(msg::DeRegisterResponse{kClient, {}});
  EXPECT_TRUE(finished_);
  EXPECT_FALSE(agent_->failure());
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
  io_.restart();
  io_.poll();
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
  ASSERT_TRUE(agent_->status().problem);
  EXPECT_EQ(agent_->status().problem->exit, 8);
  EXPECT_FALSE(agent_->failure());
  wake();
  answer(msg::RegisterResponse{kClient, msg::LeaseTime(600), {}, {}, {}, {}});
  grant(1, {5000, 32});
  EXPECT_FALSE(agent_->status().problem);
}

TEST_F(AgentTest, EndsAtTheFirstProblemIfItHasToFailFast) {
  start(true);
  link_->events.down({ErrorKind::kUnreachable, "cannot reach gateway", ""});
  io_.restart();
  io_.poll();
  ASSERT_TRUE(agent_->failure());
  EXPECT_EQ(agent_->failure()->kind, ErrorKind::kUnreachable);
  EXPECT_TRUE(finished_);
}

}  // namespace
}  // namespace rsip::agent
