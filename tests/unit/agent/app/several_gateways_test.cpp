#include <gmock/gmock.h>

#include "tests/unit/agent/app/agent_fixture.h"

// Several gateways at a time, gateways that have to be found, and what people ask for.
namespace rsip::agent {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SeveralGateways : public AgentFixture {
 protected:
  void both_assigned() {
    gateways_.push_back(gateway_named("office", {0x0A020001}, "rsip1"));
    gateways_[1].routes = {Ipv4Prefix::parse("192.0.2.0/24").value()};
    start();
    for (const char* const name : {"hotel", "office"}) {
      link_ = links_.at(name);
      register_host();
      grant(1, {5000, 32});
    }
  }
};

// H-006, H-010, H-065: two gateways, two tunnels, two sets of leases
TEST_F(SeveralGateways, EachHaveTheirOwnTunnelAndLeases) {
  both_assigned();
  EXPECT_EQ(tunnels_.alive, 2);
  EXPECT_EQ(gateway(0).device, "rsip0");
  EXPECT_EQ(gateway(1).device, "rsip1");
  EXPECT_EQ(gateway(0).leases.size(), 1U);
  EXPECT_EQ(gateway(1).leases.size(), 1U);
  EXPECT_THAT(network_.text(), HasSubstr("route 0.0.0.0/0 dev rsip0"));
  EXPECT_THAT(network_.text(), HasSubstr("route 192.0.2.0/24 dev rsip1"));
}

TEST_F(SeveralGateways, LosingOneLeavesTheOtherAlone) {
  both_assigned();
  msg::DeRegisterResponse response{kClient, {}};
  response.trailer.counter = 0;
  links_.at("office")->events.message(response);
  EXPECT_EQ(gateway(1).leases.size(), 0U);
  EXPECT_EQ(gateway(0).leases.size(), 1U);
  EXPECT_THAT(network_.text(), HasSubstr("dev rsip0"));
  EXPECT_THAT(network_.text(), Not(HasSubstr("rsip1")));
}

TEST_F(SeveralGateways, OneThatCannotBeUsedDoesNotEndTheAgent) {
  gateways_.push_back(gateway_named("office", {0x0A020001}, "rsip1"));
  start();
  link_ = links_.at("office");
  register_host();
  tunnels_.failure = Error{ErrorKind::kInUse, "rsip1 is taken", ""};
  grant(1, {5000, 32});
  answer(msg::FreeResponse{kClient, BindId{1}, {}});
  answer(msg::DeRegisterResponse{kClient, {}});
  EXPECT_FALSE(finished_);
  link_ = links_.at("hotel");
  register_host();
  grant(1, {5000, 32});
  EXPECT_EQ(agent_->status().state, "assigned");
}

TEST_F(SeveralGateways, AreStoppedTogether) {
  both_assigned();
  agent_->stop();
  for (const char* const name : {"hotel", "office"}) {
    EXPECT_FALSE(finished_);
    link_ = links_.at(name);
    answer(msg::FreeResponse{kClient, BindId{1}, {}});
    answer(msg::DeRegisterResponse{kClient, {}});
  }
  EXPECT_TRUE(finished_);
  EXPECT_EQ(network_.text(), "");
}

TEST_F(SeveralGateways, OneThatFailedBeforeIsNotCountedTwice) {
  both_assigned();
  tunnels_.failure = Error{ErrorKind::kInUse, "rsip1 is taken", ""};
  tunnels_.events.device_gone();
  poll();
  link_ = links_.at("office");
  answer(msg::FreeResponse{kClient, BindId{1}, {}});
  answer(msg::DeRegisterResponse{kClient, {}});
  ASSERT_EQ(gateway(1).leases.size(), 0U);
  agent_->stop();
  EXPECT_FALSE(finished_) << "the other has leases to give back";
  link_ = links_.at("hotel");
  answer(msg::FreeResponse{kClient, BindId{1}, {}});
  answer(msg::DeRegisterResponse{kClient, {}});
  EXPECT_TRUE(finished_);
}

class FoundGateways : public AgentFixture {
 protected:
  FoundGateways() { gateways_[0].address.reset(); }
  static FoundGateway some(Ipv4Address address, const char* source) {
    FoundGateway gateway;
    gateway.address = address;
    gateway.port = 4555;
    gateway.source = source;
    return gateway;
  }
};

TEST_F(FoundGateways, AreUsedAndNamedWithWhoFoundThem) {
  start();
  EXPECT_EQ(agent_->status().state, "discovering");
  found_({some({0x0A010001}, "dhcp")});
  EXPECT_EQ(target_.address, (Ipv4Address{0x0A010001}));
  EXPECT_EQ(gateway().found_by, "dhcp");
  EXPECT_EQ(gateway().address, "10.1.0.1");
}

// H-251: the gateway goes down, the next one is tried, then all are looked for again
TEST_F(FoundGateways, AreTriedOneAfterTheOtherAndThenLookedForAgain) {
  start();
  found_({some({0x0A010001}, "slp"), some({0x0A010002}, "slp")});
  link_->events.down({ErrorKind::kUnreachable, "refused", ""});
  wake_until([this] { return target_.address == Ipv4Address{0x0A010002}; });
  found_ = nullptr;
  link_->events.down({ErrorKind::kUnreachable, "refused", ""});
  wake_until([this] { return found_ != nullptr; });
}

// H-176: a gateway with an internal fault is left for the next one
TEST_F(FoundGateways, AreLeftForTheNextOneWhenTheyFail) {
  start();
  found_({some({0x0A010001}, "slp"), some({0x0A010002}, "slp")});
  link_->events.up();
  answer(msg::ErrorResponse{104, {}, {}, {}});
  wake_until([this] { return target_.address == Ipv4Address{0x0A010002}; });
}

TEST_F(FoundGateways, NoneIsAProblemThatPassesWhenOneComes) {
  start();
  found_({});
  EXPECT_THAT(gateway().problem->message, HasSubstr("no RSIP gateway was found"));
  found_ = nullptr;
  wake_until([this] { return found_ != nullptr; });
  found_({some({0x0A010001}, "router")});
  EXPECT_EQ(gateway().found_by, "router");
}

// H-252: what is said on the network does not take TLS away
TEST_F(FoundGateways, CannotTalkTheUserOutOfTls) {
  gateways_[0].transport = Transport::kTls;
  start();
  found_({some({0x0A010001}, "slp")});
  EXPECT_EQ(target_.transport, Transport::kTls);
}

class Wishes : public AgentFixture {
 protected:
  Result<ipc::Answer> call(const ipc::Call& call) {
    answered_.reset();
    agent_->call(call, {}, [this](Result<ipc::Answer> answer) { answered_ = std::move(answer); });
    return answered_.value_or(fail(ErrorKind::kTimeout, "not answered yet"));
  }
  void grant_listen(std::uint32_t bind, std::uint16_t port) {
    answer(msg::ListenResponse{kClient,
                               BindId{bind},
                               kPublic,
                               msg::Ports::contiguous({port, 1}),
                               msg::DontCare{},
                               msg::Ports::dont_care(1),
                               msg::TunnelType::kIpIp,
                               msg::LeaseTime(600),
                               {},
                               {}});
  }
  std::optional<Result<ipc::Answer>> answered_;
};

// H-042: a server that is reached from the public side
TEST_F(Wishes, AServerIsReachableOnceTheGatewaySaysSo) {
  assigned();
  EXPECT_EQ(call(ipc::ListenAddRequest{"", 8080, {}, ""}).error().kind, ErrorKind::kTimeout);
  EXPECT_EQ(last_sent(), msg::MessageType::kListenRequest);
  grant_listen(2, 8080);
  ASSERT_TRUE(answered_ && *answered_);
  const auto& listen = std::get<ipc::ListenStatus>(**answered_);
  EXPECT_EQ(listen.address, kPublic.to_string());
  EXPECT_EQ(listen.public_port, 8080);
  EXPECT_TRUE(tunnels_.table->bindings.at(1).listening);
}

TEST_F(Wishes, AServerForOneRemoteIsForThatOneAloneWithoutAFlowPolicyToo) {
  assigned();
  call(ipc::ListenAddRequest{"", 8080, {}, "198.51.100.7:5000"});
  grant_listen(2, 8080);
  ASSERT_TRUE(answered_ && *answered_);
  EXPECT_EQ(std::get<ipc::ListenStatus>(**answered_).from, "198.51.100.7:5000");
  const RemoteScope from{Ipv4Address{0xC6336407}, 5000};
  EXPECT_EQ(tunnels_.table->bindings.at(1).remote, from);
}

TEST_F(Wishes, ARefusedServerIsToldWhy) {
  assigned();
  call(ipc::ListenAddRequest{"", 8080, {}, ""});
  answer(msg::ErrorResponse{311, kClient, {}, {}});
  ASSERT_TRUE(answered_ && !*answered_);
  EXPECT_EQ(exit_code(answered_->error().kind), 10);
}

TEST_F(Wishes, NothingWrongGetsToTheGateway) {
  assigned();
  const auto sent = link_->sent.size();
  EXPECT_EQ(call(ipc::ListenAddRequest{"", 0, {}, ""}).error().kind, ErrorKind::kUsage);
  EXPECT_EQ(call(ipc::ListenAddRequest{"", 80, {}, "8.8.8.8:http"}).error().kind,
            ErrorKind::kUsage);
  EXPECT_EQ(call(ipc::ListenAddRequest{"motel", 80, {}, ""}).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(call(ipc::ListenRemoveRequest{"", 80}).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(call(ipc::QueryRequest{"", {"10.0.0.9/8"}}).error().kind, ErrorKind::kUsage);
  EXPECT_EQ(link_->sent.size(), sent);
}

// H-152: what is not in the answer is remote
TEST_F(Wishes, AQuestionIsAnsweredByTheGateway) {
  assigned();
  call(ipc::QueryRequest{"", {"10.2.0.0/16", "198.51.100.7"}});
  ASSERT_EQ(last_sent(), msg::MessageType::kQueryRequest);
  answer(msg::QueryResponse{
      kClient, {}, {{Ipv4Address{0x0A020000}, msg::Ipv4Netmask{0xFFFF0000}}}, {}, {}, {}});
  ASSERT_TRUE(answered_ && *answered_);
  const auto& known = std::get<ipc::QueryAnswer>(**answered_).known;
  ASSERT_EQ(known.size(), 2U);
  EXPECT_EQ(known[0].what, "10.2.0.0/16");
  EXPECT_EQ(known[0].where, "local");
  EXPECT_EQ(known[1].where, "unknown");
}

TEST_F(Wishes, DownGivesEverythingBackAndUpComesBack) {
  assigned();
  EXPECT_TRUE(call(ipc::DownRequest{}));
  EXPECT_EQ(network_.text(), "");
  answer(msg::FreeResponse{kClient, BindId{1}, {}});
  answer(msg::DeRegisterResponse{kClient, {}});
  EXPECT_EQ(agent_->status().state, "disabled");
  EXPECT_FALSE(finished_);
  EXPECT_TRUE(call(ipc::UpRequest{}));
  register_host();
  grant(1, {5000, 32});
  EXPECT_EQ(agent_->status().state, "assigned");
}

TEST_F(Wishes, UpWhileGoingDownComesBackWhenThatIsDone) {
  assigned();
  EXPECT_TRUE(call(ipc::DownRequest{}));
  EXPECT_TRUE(call(ipc::UpRequest{}));
  answer(msg::FreeResponse{kClient, BindId{1}, {}});
  answer(msg::DeRegisterResponse{kClient, {}});
  register_host();
  grant(1, {5000, 32});
  EXPECT_EQ(agent_->status().state, "assigned");
}

TEST_F(Wishes, AServerThatIsReachableAlreadyIsToldAtOnce) {
  assigned();
  call(ipc::ListenAddRequest{"", 8080, {}, ""});
  grant_listen(2, 8080);
  const auto again = call(ipc::ListenAddRequest{"", 8080, {}, ""});
  ASSERT_TRUE(again) << to_line(again.error());
  EXPECT_EQ(std::get<ipc::ListenStatus>(*again).public_port, 8080);
}

// H-152: whoever asks is answered, also when the gateway will not say
TEST_F(Wishes, ARefusedQuestionDoesNotTakeTheAnswerToTheNext) {
  assigned();
  call(ipc::QueryRequest{"", {"198.51.100.7"}});
  answer(msg::ErrorResponse{101, kClient, {}, {}});
  ASSERT_TRUE(answered_ && *answered_);
  EXPECT_EQ(std::get<ipc::QueryAnswer>(**answered_).known.at(0).where, "unknown");
}

TEST_F(Wishes, QuestionsThatAreAskedTogetherAreAnsweredTogether) {
  assigned();
  std::vector<std::string> answered;
  const auto ask = [&](const std::string& what) {
    agent_->call(ipc::QueryRequest{"", {what}}, {}, [&](const Result<ipc::Answer>& answer) {
      answered.push_back(std::get<ipc::QueryAnswer>(*answer).known.at(0).what);
    });
  };
  ask("198.51.100.7");
  ask("198.51.100.8");
  ask("198.51.100.9");
  answer(msg::QueryResponse{kClient, {}, {}, {}, {}, {}});
  answer(msg::QueryResponse{kClient, {}, {}, {}, {}, {}});
  EXPECT_EQ(answered, (std::vector<std::string>{"198.51.100.7", "198.51.100.8", "198.51.100.9"}));
}

TEST_F(Wishes, AnAnswerThatCannotBeReadIsToldWhenItsRequestTimesOut) {
  start();
  link_->events.up();
  link_->events.discarded({msg::ErrorCode::kBadParam, 12, "tunnel type 99", {}, {}, {}});
  wake_until([this] { return gateway().problem.has_value(); });
  EXPECT_THAT(gateway().problem->message, HasSubstr("tunnel type 99"));
}

TEST_F(Wishes, RenewAsksAtOnce) {
  assigned();
  EXPECT_TRUE(call(ipc::RenewRequest{}));
  EXPECT_EQ(last_sent(), msg::MessageType::kExtendRequest);
}

TEST_F(Wishes, ALeaseThatIsNotHeldCannotBeRenewed) {
  assigned();
  EXPECT_TRUE(call(ipc::RenewRequest{"", {1}}));
  const auto sent = link_->sent.size();
  EXPECT_EQ(call(ipc::RenewRequest{"", {1, 99}}).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(link_->sent.size(), sent);
}

// H-076: the remote is named before the first packet; an address to send from is needed before that
TEST_F(Wishes, FirstLeaseUnderARemotePolicyNamesTheGateway) {
  start();
  link_->events.up();
  answer(msg::RegisterResponse{kClient,
                               msg::LeaseTime(600),
                               {msg::LocalFlowPolicy::kMicro, msg::RemoteFlowPolicy::kMicro},
                               {},
                               {},
                               {}});
  ASSERT_EQ(last_sent(), msg::MessageType::kAssignRequestRsapIp);
  const auto& request = std::get<msg::AssignRequestRsapIp>(link_->sent.back());
  EXPECT_EQ(msg::ipv4_of(request.remote), gateways_[0].address);
  EXPECT_EQ(request.remote_ports, msg::Ports::contiguous({4555, 1}));
}

}  // namespace
}  // namespace rsip::agent
