#include <gmock/gmock.h>

#include "tests/unit/agent/app/agent_fixture.h"

// Single leases: one more, some less, one to keep.
namespace rsip::agent {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class LeaseCallsTest : public AgentFixture {
 protected:
  void with_two_leases() {
    assigned();
    grow(2, {6000, 32});
  }
  static BindingUse use(std::uint32_t bind, bool in_use, Duration idle, bool retiring = false) {
    return {BindId{bind}, retiring, in_use, idle};
  }
  Error refusal(const ipc::Call& request) {
    const auto answer = call(request);
    EXPECT_FALSE(answer);
    return answer ? Error{} : answer.error();
  }
  [[nodiscard]] bool is_held(std::uint32_t bind) const {
    for (const ipc::LeaseStatus& lease : gateway().leases) {
      if (lease.bind == bind) return lease.held;
    }
    return false;
  }
};

TEST_F(LeaseCallsTest, AskForOneBlockMore) {
  assigned();
  EXPECT_TRUE(call(ipc::LeaseRequest{"hotel", ""}));
  EXPECT_EQ(last_sent(), msg::MessageType::kAssignRequestRsapIp);
  grant(2, {6000, 32});
  EXPECT_THAT(gateway().leases, SizeIs(2));
}

TEST_F(LeaseCallsTest, AskForNothingBeforeRegistration) {
  start();
  const Error error = refusal(ipc::LeaseRequest{});
  EXPECT_EQ(error.kind, ErrorKind::kState);
  EXPECT_EQ(error.message, "this host is not registered with hotel");
  EXPECT_EQ(refusal(ipc::LeaseRequest{"pension", ""}).kind, ErrorKind::kNotFound);
}

TEST_F(LeaseCallsTest, AskForNoMoreThanConfigured) {
  gateways_[0].max_ports = 32;
  assigned();
  const Error error = refusal(ipc::LeaseRequest{});
  EXPECT_EQ(error.kind, ErrorKind::kNoResources);
  EXPECT_THAT(error.message, HasSubstr("all 32 ports"));
}

TEST_F(LeaseCallsTest, SayThatTheGatewayHadNoMoreAMomentAgo) {
  assigned();
  EXPECT_TRUE(call(ipc::LeaseRequest{}));
  answer(msg::ErrorResponse{309, kClient, {}, {}});
  for (int i = 0; i < 20 && last_sent() == msg::MessageType::kAssignRequestRsapIp; ++i) {
    answer(msg::ErrorResponse{309, kClient, {}, {}});
  }
  EXPECT_EQ(refusal(ipc::LeaseRequest{}).kind, ErrorKind::kNoResources);
}

TEST_F(LeaseCallsTest, WantTheRemoteNamedWhereTheGatewayDoes) {
  start();
  link_->events.up();
  msg::RegisterResponse response{kClient, msg::LeaseTime(600), {}, {}, {}, {}};
  response.policy.remote = msg::RemoteFlowPolicy::kMicro;
  answer(response);
  EXPECT_EQ(refusal(ipc::LeaseRequest{}).kind, ErrorKind::kUsage);
  const Error portless = refusal(ipc::LeaseRequest{"", "198.51.100.7"});
  EXPECT_EQ(portless.kind, ErrorKind::kUsage);
  EXPECT_THAT(portless.hint, HasSubstr("198.51.100.7:443"));
  EXPECT_TRUE(call(ipc::LeaseRequest{"", "198.51.100.7:443"}));
  EXPECT_EQ(refusal(ipc::LeaseRequest{"", "nonsense"}).kind, ErrorKind::kUsage);
}

TEST_F(LeaseCallsTest, AskForNothingBesideAWholeAddress) {
  gateways_[0].method = msg::Method::kRsaIp;
  start();
  link_->events.up();
  answer(msg::RegisterResponse{kClient, msg::LeaseTime(600), {}, {msg::Method::kRsaIp}, {}, {}});
  EXPECT_EQ(refusal(ipc::LeaseRequest{}).kind, ErrorKind::kState);
}

TEST_F(LeaseCallsTest, ReleaseALeaseForGood) {
  with_two_leases();
  EXPECT_TRUE(call(ipc::ReleaseRequest{"", {2}, false}));
  EXPECT_EQ(last_sent(), msg::MessageType::kFreeRequest);
  ASSERT_THAT(gateway().leases, SizeIs(1));
  EXPECT_EQ(gateway().leases[0].bind, 1U);
  EXPECT_EQ(tunnels_.table->bindings.size(), 1U);
  answer(msg::FreeResponse{kClient, BindId{2}, {}});
  EXPECT_EQ(last_sent(), msg::MessageType::kFreeRequest) << "nothing is asked for instead";
}

TEST_F(LeaseCallsTest, KeepTheLastLease) {
  with_two_leases();
  const Error error = refusal(ipc::ReleaseRequest{"", {1, 2}, false});
  EXPECT_EQ(error.kind, ErrorKind::kState);
  EXPECT_EQ(error.hint, "to give everything back: rsipctl down hotel");
  EXPECT_THAT(gateway().leases, SizeIs(2)) << "all or nothing";
}

TEST_F(LeaseCallsTest, NameWhatToRelease) {
  with_two_leases();
  EXPECT_EQ(refusal(ipc::ReleaseRequest{}).kind, ErrorKind::kUsage);
  EXPECT_EQ(refusal(ipc::ReleaseRequest{"", {2, 77}, false}).kind, ErrorKind::kNotFound);
  EXPECT_EQ(refusal(ipc::HoldRequest{"", 77, true}).kind, ErrorKind::kNotFound);
  EXPECT_THAT(gateway().leases, SizeIs(2));
}

TEST_F(LeaseCallsTest, WantTheGatewayNamedIfTwoHaveTheSameBind) {
  gateways_.push_back(gateway_named("office", {0x0A020001}, "rsip1"));
  start();
  for (const char* const name : {"hotel", "office"}) {
    link_ = links_[name];
    register_host();
    grant(1, {5000, 32});
  }
  const Error error = refusal(ipc::HoldRequest{"", 1, true});
  EXPECT_EQ(error.kind, ErrorKind::kUsage);
  EXPECT_EQ(error.message, "bind 1 is leased from hotel and from office");
  EXPECT_TRUE(call(ipc::HoldRequest{"office", 1, true}));
  EXPECT_FALSE(gateway(0).leases.at(0).held);
  EXPECT_TRUE(gateway(1).leases.at(0).held);
}

TEST_F(LeaseCallsTest, ReleaseTheServerWithItsLease) {
  assigned();
  (void)call(ipc::ListenAddRequest{"", 80, {}, ""});
  answer(msg::ListenResponse{kClient,
                             BindId{5},
                             kPublic,
                             msg::Ports::contiguous({80, 1}),
                             msg::DontCare{},
                             msg::Ports::dont_care(1),
                             msg::TunnelType::kIpIp,
                             msg::LeaseTime(600),
                             {},
                             {}});
  ASSERT_THAT(gateway().leases, SizeIs(2));
  EXPECT_TRUE(call(ipc::ReleaseRequest{"", {5}, false}));
  EXPECT_EQ(refusal(ipc::ListenRemoveRequest{"", 80}).kind, ErrorKind::kNotFound);
}

TEST_F(LeaseCallsTest, ReleaseWhatNothingUsesInTwoSteps) {
  with_two_leases();
  grow(3, {7000, 32});
  tunnels_.uses = {use(1, true, {}), use(2, false, seconds(5)), use(3, false, seconds(5))};
  EXPECT_TRUE(call(ipc::HoldRequest{"", 3, true}));
  EXPECT_TRUE(call(ipc::ReleaseRequest{"", {}, true}));
  EXPECT_TRUE(gateway().leases.at(1).retiring);
  EXPECT_FALSE(gateway().leases.at(2).retiring) << "somebody holds it";
  tunnels_.uses[1].retiring = true;
  const TimePoint asked = clock_.now();
  wake_until([this] { return gateway().leases.size() == 2; });
  EXPECT_LE(clock_.now(), asked + seconds(2));
  EXPECT_EQ(last_sent(), msg::MessageType::kFreeRequest);
}

TEST_F(LeaseCallsTest, DoNotGuessWhatTheHostsBehindUse) {
  gateways_[0].forward = true;
  with_two_leases();
  EXPECT_EQ(refusal(ipc::ReleaseRequest{"hotel", {}, true}).kind, ErrorKind::kState);
  EXPECT_TRUE(call(ipc::ReleaseRequest{"", {}, true}));
  EXPECT_THAT(gateway().leases, SizeIs(2));
}

TEST_F(LeaseCallsTest, HoldALeaseThatNothingUses) {
  with_two_leases();
  tunnels_.uses = {use(1, false, minutes(60)), use(2, true, {})};
  EXPECT_TRUE(call(ipc::HoldRequest{"", 1, true}));
  EXPECT_TRUE(is_held(1));
  wake();
  EXPECT_FALSE(gateway().leases.at(0).retiring);
  EXPECT_TRUE(call(ipc::HoldRequest{"", 1, false}));
  EXPECT_FALSE(is_held(1));
  wake_until([this] { return gateway().leases.at(0).retiring; });
  EXPECT_TRUE(call(ipc::HoldRequest{"", 1, true}));
  EXPECT_FALSE(gateway().leases.at(0).retiring) << "it is kept after all";
}

TEST_F(LeaseCallsTest, ForgetAHoldWithItsLease) {
  with_two_leases();
  EXPECT_TRUE(call(ipc::HoldRequest{"", 2, true}));
  free_by_gateway(2);
  grow(2, {6000, 32});
  EXPECT_FALSE(is_held(2));
}

TEST_F(LeaseCallsTest, TellTheLimitOfPorts) {
  assigned();
  EXPECT_EQ(gateway().ports.limit, 1024U);
  EXPECT_FALSE(gateway().ipsec);
}

}  // namespace
}  // namespace rsip::agent
