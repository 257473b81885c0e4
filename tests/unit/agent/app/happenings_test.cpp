#include <gmock/gmock.h>

#include "tests/unit/agent/app/agent_fixture.h"

// What happens to leases and gateways, as a person is told it.
namespace rsip::agent {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class HappeningsTest : public AgentFixture {
 protected:
  void watched() {
    start();
    subscribe();
  }
  void watched_and_assigned() {
    watched();
    register_host();
    grant(1, {5000, 32});
    EXPECT_THAT(happened(), ElementsAre("registered", "lease_granted"));
  }
  /// Until the agent sends another request of that type.
  void wait_for(msg::MessageType type) {
    const std::size_t before = link_->sent.size();
    wake_until([&] { return link_->sent.size() > before && last_sent() == type; });
  }
  void extend(std::uint32_t bind = 1) {
    wait_for(msg::MessageType::kExtendRequest);
    answer(msg::ExtendResponse{kClient, BindId{bind}, msg::LeaseTime(600), {}});
  }
  void connect_in_vain() {
    link_->events.down({ErrorKind::kUnreachable, "cannot reach gateway 10.1.0.1", "check it"});
    look();
  }
  void grant_address(Ipv4Address address) {
    answer(msg::AssignResponseRsapIp{kClient,
                                     BindId{7},
                                     address,
                                     msg::Ports::contiguous({5000, 32}),
                                     msg::DontCare{},
                                     msg::Ports::dont_care(1),
                                     msg::LeaseTime(600),
                                     msg::TunnelType::kIpIp,
                                     {},
                                     {}});
  }
};

TEST_F(HappeningsTest, ALeaseIsGrantedAndExtended) {
  watched_and_assigned();
  EXPECT_EQ(last_.gateway, "hotel");
  EXPECT_EQ(last_.bind, 1U);
  EXPECT_EQ(last_.address, "203.0.113.10");
  EXPECT_EQ(last_.words, "Leased from hotel for 10 minutes: 203.0.113.10, ports 5000-5031.");
  extend();
  EXPECT_THAT(happened(), ElementsAre("lease_extended"));
  const auto history = gateway().leases.at(0).history;
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0], (ipc::RenewalStatus{"2025-11-24T16:00:00Z", "granted", 600, ""}));
  EXPECT_EQ(history[1].what, "extended");
}

TEST_F(HappeningsTest, TheHistoryOfALeaseIsBounded) {
  watched_and_assigned();
  for (int i = 0; i < 20; ++i) extend();
  const auto history = gateway().leases.at(0).history;
  ASSERT_EQ(history.size(), LeaseNotes::kMostRemembered);
  EXPECT_EQ(history.front().what, "extended");
}

TEST_F(HappeningsTest, ARefusedRenewalIsToldOnceOfItsLease) {
  watched_and_assigned();
  for (int i = 0; i < 3; ++i) {
    wait_for(msg::MessageType::kExtendRequest);
    answer(msg::ErrorResponse{312, kClient, BindId{1}, {}});
  }
  const auto kinds = happened();
  EXPECT_EQ(std::ranges::count(kinds, "renewal_failed"), 1);
  EXPECT_THAT(kinds, Not(Contains("refused")));
  EXPECT_EQ(gateway().leases.at(0).history.back().what, "failed");
}

TEST_F(HappeningsTest, ALeaseThatIsNotExtendedInTimeFailsAndThenIsLost) {
  watched_and_assigned();
  connect_in_vain();
  EXPECT_THAT(happened(), ElementsAre("gateway_unreachable"));
  const TimePoint before = clock_.now();
  wake_until(
      [this] { return !gateway().leases.empty() && gateway().leases[0].history.size() > 1; });
  EXPECT_GE(clock_.now(), before + seconds(500));
  EXPECT_LE(clock_.now(), before + seconds(530)) << "an eighth of its life is left";
  EXPECT_THAT(happened(), ElementsAre("renewal_failed"));
  EXPECT_THAT(last_.words, HasSubstr("ends in 75 seconds: cannot reach gateway 10.1.0.1"));
  ASSERT_TRUE(last_.problem);
  EXPECT_EQ(last_.problem->code, "gateway_unreachable");
  wake_until([this] { return gateway().leases.empty(); });
  EXPECT_THAT(happened(), ElementsAre("lease_lost"));
  EXPECT_THAT(last_.words, HasSubstr("it was not extended in time"));
  EXPECT_TRUE(last_.problem);
}

TEST_F(HappeningsTest, AGatewayThatCannotBeReachedIsToldOncePerOutage) {
  watched();
  for (int i = 0; i < 5; ++i) connect_in_vain();
  EXPECT_THAT(happened(), ElementsAre("gateway_unreachable"));
  EXPECT_EQ(last_.words, "Gateway hotel cannot be reached: cannot reach gateway 10.1.0.1.");
  wake_until([this] { return link_->opened > 1; });
  register_host();
  connect_in_vain();
  EXPECT_THAT(happened(), ElementsAre("registered", "gateway_unreachable"));
}

TEST_F(HappeningsTest, ARevokedLeaseIsLost) {
  watched_and_assigned();
  free_by_gateway(1);
  EXPECT_THAT(happened(), Contains("lease_lost"));
  EXPECT_THAT(gateway().leases, IsEmpty());
}

TEST_F(HappeningsTest, WhatThisHostGivesBackEndsAndTheEndIsToldLast) {
  watched_and_assigned();
  agent_->stop();
  answer(msg::FreeResponse{kClient, BindId{1}, {}});
  answer(msg::DeRegisterResponse{kClient, {}});
  ASSERT_TRUE(finished_);
  ASSERT_FALSE(events_.empty());
  EXPECT_TRUE(std::holds_alternative<ipc::AgentStopping>(events_.back().body));
  EXPECT_THAT(happened(), ElementsAre("lease_ended"));
  EXPECT_EQ(last_.words,
            "Gave back 203.0.113.10, ports 5000-5031: the gateway is not used any more.");
}

TEST(Happenings, WhatTheGatewayTakesBackWasNotGivenBack) {
  ipc::Happening told;
  Happenings happenings("hotel", [&](ipc::Happening happening) { told = std::move(happening); });
  Lease lease;
  lease.retiring = true;
  happenings.lost(lease, "freed_by_gateway", {});
  EXPECT_EQ(told.kind, "lease_ended") << "nobody misses it";
  EXPECT_THAT(told.words, Not(HasSubstr("Gave back")));
  happenings.lost(lease, "idle", {});
  EXPECT_THAT(told.words, HasSubstr("Gave back"));
}

TEST_F(HappeningsTest, AnotherAddressThanBeforeIsTold) {
  watched_and_assigned();
  free_by_gateway(1);
  wait_for(msg::MessageType::kAssignRequestRsapIp);
  grant_address({kPublic.value + 1});
  EXPECT_THAT(happened(), ElementsAre("lease_lost", "lease_granted", "address_changed"));
  EXPECT_EQ(last_.words,
            "The public address through hotel is now 203.0.113.11; before it was 203.0.113.10.");
}

TEST_F(HappeningsTest, TheSameAddressAgainIsNoChange) {
  watched_and_assigned();
  free_by_gateway(1);
  wait_for(msg::MessageType::kAssignRequestRsapIp);
  grant_address(kPublic);
  EXPECT_THAT(happened(), ElementsAre("lease_lost", "lease_granted"));
}

TEST_F(HappeningsTest, AFullPoolIsToldAtMostEveryTenMinutes) {
  watched();
  link_->events.up();
  answer(msg::RegisterResponse{kClient, msg::LeaseTime(36000), {}, {}, {}, {}});
  const TimePoint begin = clock_.now();
  int told = 0;
  std::size_t answered = 0;
  while (clock_.now() < begin + minutes(25)) {
    const bool asked =
        link_->sent.size() > answered && last_sent() == msg::MessageType::kAssignRequestRsapIp;
    answered = link_->sent.size();
    asked ? answer(msg::ErrorResponse{308, kClient, {}, {}}) : wake();
    told += static_cast<int>(std::ranges::count(happened(), "pool_full"));
  }
  EXPECT_EQ(told, 3);
  EXPECT_EQ(last_.problem->code, "no_resources");
}

TEST_F(HappeningsTest, ARefusalIsTold) {
  watched();
  link_->events.up();
  answer(msg::ErrorResponse{304, {}, {}, {}});
  EXPECT_THAT(happened(), ElementsAre("refused"));
  EXPECT_EQ(last_.problem->exit, 8);
  EXPECT_THAT(last_.words, HasSubstr("Gateway hotel refuses: the gateway refuses to register"));
}

TEST_F(HappeningsTest, AServerThatCannotBeReachedIsTold) {
  watched_and_assigned();
  (void)call(ipc::ListenAddRequest{"", 80, {}, ""});
  answer(msg::ErrorResponse{313, kClient, {}, {}});
  EXPECT_THAT(happened(), Contains("listen_failed"));
}

TEST_F(HappeningsTest, TheNetworkIsLostAndBackAndNoGatewayIsBlamed) {
  watched_and_assigned();
  network_.set_path(std::nullopt);
  monitor_.report();
  link_->events.down({ErrorKind::kUnreachable, "network is unreachable", ""});
  EXPECT_THAT(happened(), ElementsAre("network_lost"));
  EXPECT_EQ(agent_->status().network.state, "none");
  network_.set_path(NetworkPath{{0x0A000002}, 1500});
  monitor_.report();
  EXPECT_THAT(happened(), ElementsAre("network_back"));
  EXPECT_EQ(agent_->status().network.state, "online");
  const auto changes = told<ipc::AgentChanged>();
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].network.state, "none");
}

TEST_F(HappeningsTest, NobodyIsWokenForEventsThatNobodyWants) {
  assigned();
  EXPECT_THAT(events_, IsEmpty());
  EXPECT_GT(timer_.first, clock_.now() + Publisher::kSpacing);
}

TEST_F(HappeningsTest, ASnapshotWithItsEventsAppliedIsTheStatus) {
  start();
  ipc::Status mirror = subscribe().status;
  register_host();
  look();
  grant(1, {5000, 32});
  grow(2, {6000, 32});
  look();
  free_by_gateway(2);
  network_.set_path(std::nullopt);
  monitor_.report();
  look();
  std::uint64_t seq = 0;
  for (const ipc::Event& event : events_) {
    EXPECT_EQ(event.seq, ++seq);
    ipc::apply(event.body, mirror);
  }
  EXPECT_EQ(mirror, agent_->status());
}

}  // namespace
}  // namespace rsip::agent
