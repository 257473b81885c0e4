#include <gmock/gmock.h>

#include "tests/unit/agent/app/agent_fixture.h"

// The agent itself: profiles, searches, the log and the configuration.
namespace rsip::agent {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class AgentCallsTest : public AgentFixture {
 protected:
  void TearDown() override { spdlog::set_level(spdlog::level::off); }

  void with_profiles() {
    gateways_.push_back(gateway_named("office", {0x0A020001}, "rsip1"));
    profiles_ = {{"travel", {"hotel"}}, {"work", {"office"}}};
    start();
  }
  [[nodiscard]] std::vector<bool> disabled() const {
    std::vector<bool> all;
    for (const auto& gateway : agent_->status().gateways) {
      all.push_back(gateway.state == "disabled" || gateway.state == "stopping");
    }
    return all;
  }
};

TEST_F(AgentCallsTest, SayWhenItStartedAndWhichProfilesThereAre) {
  with_profiles();
  const ipc::Status status = agent_->status();
  EXPECT_EQ(status.started_at, "2025-11-24T16:00:00Z");
  EXPECT_EQ(status.profile, "");
  ASSERT_THAT(status.profiles, SizeIs(2));
  EXPECT_EQ(status.profiles[1], (ipc::ProfileStatus{"work", {"office"}}));
}

TEST_F(AgentCallsTest, UseTheGatewaysOfAProfileAndNoOthers) {
  with_profiles();
  EXPECT_THAT(disabled(), ElementsAre(false, false));
  EXPECT_TRUE(call(ipc::ProfileUseRequest{"work"}));
  EXPECT_THAT(disabled(), ElementsAre(true, false));
  EXPECT_EQ(agent_->status().profile, "work");
  EXPECT_TRUE(call(ipc::ProfileUseRequest{"travel"}));
  EXPECT_THAT(disabled(), ElementsAre(false, true));
}

TEST_F(AgentCallsTest, SayThatNothingIsLeasedThatCouldBeRenewed) {
  start();
  EXPECT_EQ(call(ipc::RenewRequest{}).error().kind, ErrorKind::kState);
}

TEST_F(AgentCallsTest, NameTheProfilesThereAre) {
  with_profiles();
  const auto answer = call(ipc::ProfileUseRequest{"beach"});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(answer.error().hint, "configured: travel, work");
}

TEST_F(AgentCallsTest, PutUpWhatTheProfileNamesUnlessAnotherIsWantedByName) {
  with_profiles();
  EXPECT_TRUE(call(ipc::ProfileUseRequest{"work"}));
  EXPECT_TRUE(call(ipc::DownRequest{""}));
  EXPECT_THAT(disabled(), ElementsAre(true, true));
  EXPECT_TRUE(call(ipc::UpRequest{""}));
  EXPECT_THAT(disabled(), ElementsAre(true, false));
  EXPECT_TRUE(call(ipc::UpRequest{"hotel"}));
  EXPECT_THAT(disabled(), ElementsAre(false, false));
  EXPECT_EQ(agent_->status().profile, "");
}

TEST_F(AgentCallsTest, SearchOnceForAllWhoWait) {
  start();
  std::vector<ipc::Discovered> answers;
  for (int i = 0; i < 2; ++i) {
    agent_->call(ipc::DiscoverRequest{}, {ipc::Who::kRoot, 0}, [&](Result<ipc::Answer> answer) {
      answers.push_back(std::get<ipc::Discovered>(*answer));
    });
  }
  ASSERT_THAT(discovered_, SizeIs(1));
  FoundGateway found;
  found.address = Ipv4Address{0x0A010001};
  found.port = 4555;
  found.source = "slp";
  found.url = "service:rsip-server://10.1.0.1";
  found.load = 3;
  found.ipsec = true;
  discovered_[0]({found});
  ASSERT_THAT(answers, SizeIs(2));
  ASSERT_THAT(answers[0].gateways, SizeIs(1));
  const ipc::FoundStatus& gateway = answers[0].gateways[0];
  EXPECT_EQ(gateway.address, "10.1.0.1");
  EXPECT_EQ(gateway.port, 4555);
  EXPECT_EQ(gateway.transport, "tcp");
  EXPECT_EQ(gateway.found_by, "slp");
  EXPECT_EQ(gateway.detail, "service:rsip-server://10.1.0.1, load 3, with IPsec");
  agent_->call(ipc::DiscoverRequest{}, {ipc::Who::kRoot, 0}, [](const auto&) {});
  EXPECT_THAT(discovered_, SizeIs(2)) << "the next one is a search of its own";
}

TEST_F(AgentCallsTest, ShowTheConfigurationAsItWasRead) {
  start();
  const auto answer = call(ipc::ConfigRequest{});
  ASSERT_TRUE(answer);
  EXPECT_EQ(std::get<ipc::ConfigText>(*answer).file, "/etc/rsip/agent.toml");
  EXPECT_EQ(std::get<ipc::ConfigText>(*answer).text, "[[gateway]]\n");
}

TEST_F(AgentCallsTest, LogMoreForAWhile) {
  start();
  set_log_level("info");
  ASSERT_TRUE(call(ipc::LogLevelRequest{"debug", 600}));
  EXPECT_EQ(std::get<ipc::Log>(*call(ipc::LogRequest{})).level, "debug");
  const TimePoint asked = clock_.now();
  wake_until([] { return log_level() == "info"; });
  EXPECT_EQ(clock_.now(), asked + seconds(600));
  ASSERT_TRUE(call(ipc::LogLevelRequest{"warn", 0}));
  EXPECT_EQ(log_level(), "warn");
  EXPECT_FALSE(timer_.second) << "until the agent ends";
}

TEST_F(AgentCallsTest, NameTheLogLevelsThereAre) {
  start();
  const auto answer = call(ipc::LogLevelRequest{"chatty", 0});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kUsage);
  EXPECT_EQ(answer.error().hint, "one of trace, debug, info, warn, error");
}

/// A log of its own, put back at the end.
class LogTest : public AgentFixture {
 protected:
  LogTest() {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", memory_));
    spdlog::set_level(spdlog::level::info);
    log_ = memory_.get();
  }
  ~LogTest() override {
    agent_.reset();
    spdlog::set_default_logger(before_);
    spdlog::set_level(spdlog::level::off);
  }

  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  std::shared_ptr<LogMemory> memory_ = std::make_shared<LogMemory>();
};

TEST_F(LogTest, IsRememberedAndRead) {
  assigned();
  const auto log = std::get<ipc::Log>(*call(ipc::LogRequest{1}));
  EXPECT_EQ(log.level, "info");
  ASSERT_THAT(log.lines, SizeIs(1));
  EXPECT_EQ(log.lines[0].level, "info");
  EXPECT_THAT(log.lines[0].text, HasSubstr("tunnel.up device=rsip0"));
  EXPECT_THAT(log.lines[0].time, testing::EndsWith("Z"));
}

TEST_F(LogTest, IsBounded) {
  for (int i = 0; i < 1000; ++i) spdlog::info("line={}", i);
  EXPECT_THAT(memory_->last(100000), SizeIs(LogMemory::kMostLines));
  EXPECT_EQ(memory_->last(1).at(0).text, "line=999");
}

TEST_F(LogTest, IsToldToWhoWantsItAndNotAboutItself) {
  start();
  subscribe({true, true, {}, {}});
  agent_->on_event([this](const ipc::Event& event) {
    events_.push_back(event);
    spdlog::info("event.told");
  });
  spdlog::warn("something");
  const auto lines = told<ipc::LogLine>();
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_EQ(lines[0].level, "warn");
  EXPECT_EQ(lines[0].text, "something");
  EXPECT_EQ(memory_->last(1).at(0).text, "event.told");
}

TEST_F(LogTest, IsNotToldAfterTheAgentsEnd) {
  start();
  subscribe({true, true, {}, {}});
  agent_.reset();
  events_.clear();
  spdlog::warn("something");
  EXPECT_THAT(events_, IsEmpty());
}

}  // namespace
}  // namespace rsip::agent
