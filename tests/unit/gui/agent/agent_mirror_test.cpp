#include "gui/agent/agent_mirror.h"

#include <QElapsedTimer>
#include <gtest/gtest.h>

#include "tests/fakes/fake_agent.h"
#include "tests/unit/gui/wait_for.h"

namespace rsip::gui {
namespace {

ipc::GatewayStatus assignedGateway(std::uint32_t seconds) {
  ipc::GatewayStatus gateway;
  gateway.name = "hotel";
  gateway.state = "assigned";
  gateway.device = "rsip0";
  gateway.ports = {32, 9, 23, 1024};
  ipc::LeaseStatus lease;
  lease.bind = 1;
  lease.address = "149.112.240.156";
  lease.expires_in_seconds = seconds;
  lease.granted_seconds = seconds;
  gateway.leases.push_back(lease);
  return gateway;
}

ipc::Happening happening(const char* kind) {
  ipc::Happening what;
  what.kind = kind;
  what.gateway = "hotel";
  return what;
}

/// Runs Qt's events for so long.
void pass(int ms) {
  waitFor([] { return false; }, ms);
}

struct AgentMirrorTest : testing::Test {
  fakes::FakeAgent agent;
  std::int64_t now = 1'000'000;
  AgentMirror mirror{agent.path(), [this] { return now; }};
  int changes = 0;
  int traffic = 0;
  std::vector<ipc::Happening> happenings;
  std::vector<ipc::LogLine> lines;

  AgentMirrorTest() {
    QObject::connect(&mirror, &AgentMirror::changed, &mirror, [this] { ++changes; });
    QObject::connect(&mirror, &AgentMirror::trafficChanged, &mirror, [this] { ++traffic; });
    QObject::connect(&mirror, &AgentMirror::happened, &mirror,
                     [this](const ipc::Happening& what) { happenings.push_back(what); });
    QObject::connect(&mirror, &AgentMirror::logged, &mirror,
                     [this](const ipc::LogLine& line) { lines.push_back(line); });
  }
  void reach() {
    mirror.start();
    ASSERT_TRUE(waitFor([this] { return mirror.isConnected(); }));
  }
};

TEST_F(AgentMirrorTest, KnowsNothingBeforeItIsConnected) {
  EXPECT_FALSE(mirror.isConnected());
  EXPECT_EQ(mirror.summary().mood, ipc::Mood::kAgentDown);
  EXPECT_FALSE(mirror.mayChange());
  EXPECT_EQ(mirror.whyNot().kind, ErrorKind::kAgentNotRunning);
}

TEST_F(AgentMirrorTest, HasTheSnapshotOnceItIsConnected) {
  agent.status().gateways.push_back(assignedGateway(1800));
  reach();
  EXPECT_EQ(mirror.status(), agent.status());
  EXPECT_EQ(mirror.summary().mood, ipc::Mood::kAssigned);
  EXPECT_TRUE(mirror.mayChange());
  settle();
  EXPECT_EQ(changes, 1);
}

TEST_F(AgentMirrorTest, AppliesEvents) {
  reach();
  agent.publish(ipc::GatewayChanged{"assigned", assignedGateway(1800)});
  ASSERT_TRUE(waitFor([this] { return mirror.summary().mood == ipc::Mood::kAssigned; }));
  EXPECT_EQ(mirror.status(), agent.status());
}

TEST_F(AgentMirrorTest, CountsDownByItsOwnClock) {
  agent.status().gateways.push_back(assignedGateway(1800));
  reach();
  now += 60'400;
  EXPECT_EQ(mirror.summary().ends_in_seconds, 1740);
  EXPECT_EQ(mirror.secondsLeft("hotel", 61), 1);
  EXPECT_EQ(mirror.secondsLeft("hotel", 60), 0);
  EXPECT_EQ(mirror.secondsLeft("hotel", 5), 0);
}

TEST_F(AgentMirrorTest, CountsDownFromWhenTheGatewayWasToldLast) {
  agent.status().gateways.push_back(assignedGateway(1800));
  reach();
  now += 600'000;
  agent.publish(ipc::GatewayChanged{"assigned", assignedGateway(1799)});
  ASSERT_TRUE(waitFor([this] { return mirror.status() == agent.status(); }));
  EXPECT_EQ(mirror.summary().ends_in_seconds, 1799);
}

TEST_F(AgentMirrorTest, GetsWorseByTimeAlone) {
  agent.status().gateways.push_back(assignedGateway(1800));
  reach();
  now += 1'700'000;
  EXPECT_EQ(mirror.summary().mood, ipc::Mood::kDegraded);
}

TEST_F(AgentMirrorTest, TellsEventsThatArriveTogetherAsOneChange) {
  reach();
  ASSERT_TRUE(waitFor([this] { return changes == 1; }));
  std::vector<std::uint32_t> ports;
  QObject::connect(&mirror, &AgentMirror::changed, &mirror, [&] {
    if (mirror.isConnected()) ports.push_back(mirror.summary().ports);
  });
  pass(300);  // then the next change is told at once
  ipc::GatewayStatus gateway = assignedGateway(1800);
  for (gateway.ports.leased = 1; gateway.ports.leased < 8; gateway.ports.leased *= 2) {
    agent.publish(ipc::GatewayChanged{"assigned", gateway});
  }
  ASSERT_TRUE(waitFor([&] { return !ports.empty(); }));
  EXPECT_EQ(ports, std::vector<std::uint32_t>{4});
}

TEST_F(AgentMirrorTest, TellsOfManyChangesAtMostFourTimesASecond) {
  QElapsedTimer sinceStart;
  sinceStart.start();
  ipc::Status seen;
  QObject::connect(&mirror, &AgentMirror::changed, &mirror, [&] { seen = mirror.status(); });
  reach();
  for (std::uint32_t seconds = 1; seconds <= 100; ++seconds) {
    agent.publish(ipc::GatewayChanged{"assigned", assignedGateway(seconds)});
    pass(5);
  }
  ASSERT_TRUE(waitFor([&] { return seen == agent.status(); }));
  EXPECT_GE(changes, 2);
  EXPECT_LE(changes, 1 + sinceStart.elapsed() / 250);
}

TEST_F(AgentMirrorTest, SaysWhyNothingMayBeChanged) {
  agent.forbid_changes("become a member of group rsip");
  reach();
  EXPECT_FALSE(mirror.mayChange());
  EXPECT_EQ(mirror.whyMayNotChange(), "become a member of group rsip");
}

TEST_F(AgentMirrorTest, ForgetsTheSnapshotOfAnAgentThatDied) {
  agent.status().gateways.push_back(assignedGateway(1800));
  reach();
  agent.die();
  ASSERT_TRUE(waitFor([this] { return !mirror.isConnected(); }));
  EXPECT_EQ(mirror.summary().mood, ipc::Mood::kAgentDown);
  EXPECT_TRUE(mirror.status().gateways.empty());
  EXPECT_FALSE(mirror.mayChange());
  EXPECT_FALSE(mirror.saidGoodbye());
  EXPECT_FALSE(mirror.whyNot().hint.empty());
}

TEST_F(AgentMirrorTest, FindsAnAgentThatComesBack) {
  reach();
  agent.die();
  ASSERT_TRUE(waitFor([this] { return !mirror.isConnected(); }));
  agent.status().gateways.push_back(assignedGateway(60));
  agent.come();
  ASSERT_TRUE(waitFor([this] { return mirror.isConnected(); }));
  EXPECT_EQ(mirror.status(), agent.status());
}

TEST_F(AgentMirrorTest, TellsAnAgentThatStopsFromOneThatDies) {
  reach();
  agent.stop();
  ASSERT_TRUE(waitFor([this] { return !mirror.isConnected(); }));
  EXPECT_TRUE(mirror.saidGoodbye());
}

TEST_F(AgentMirrorTest, RefusesAnAgentOfAnotherContract) {
  agent.greet_with(R"({"jsonrpc":"2.0","method":"hello","params":{"contract":99}})");
  mirror.start();
  ASSERT_TRUE(waitFor([this] { return mirror.whyNot().kind == ErrorKind::kProtocol; }));
  EXPECT_NE(mirror.whyNot().message.find("99"), std::string::npos);
}

TEST_F(AgentMirrorTest, WaitsForTheRestOfHalfALine) {
  reach();
  const QByteArray line = QByteArray::fromStdString(
      ipc::encode_event({1, "2026-11-24T12:00:00Z", happening("registered")}));
  agent.publish_raw(line.left(20));
  settle();
  EXPECT_TRUE(happenings.empty());
  agent.publish_raw(line.mid(20) + '\n');
  ASSERT_TRUE(waitFor([this] { return happenings.size() == 1; }));
  EXPECT_TRUE(mirror.isConnected());
}

TEST_F(AgentMirrorTest, StartsAnewAfterGarbage) {
  reach();
  agent.publish_raw("{\"what\": [\n");
  ASSERT_TRUE(waitFor([this] { return !mirror.isConnected(); }));
  EXPECT_EQ(mirror.whyNot().kind, ErrorKind::kProtocol);
  EXPECT_TRUE(waitFor([this] { return mirror.isConnected(); }));
}

TEST_F(AgentMirrorTest, StartsAnewAfterALineWithoutEnd) {
  reach();
  agent.publish_raw(QByteArray(ipc::kMaxLineBytes + 10, 'x'));
  ASSERT_TRUE(waitFor([this] { return !mirror.isConnected(); }));
  EXPECT_TRUE(waitFor([this] { return mirror.isConnected(); }));
}

TEST_F(AgentMirrorTest, IgnoresEventsOfAKindItDoesNotKnow) {
  reach();
  agent.publish_raw(
      R"({"jsonrpc":"2.0","method":"event","params":{"seq":1,"time":"","type":"new","data":1}})"
      "\n");
  agent.publish(happening("registered"));
  ASSERT_TRUE(waitFor([this] { return happenings.size() == 1; }));
  EXPECT_TRUE(mirror.isConnected());
}

TEST_F(AgentMirrorTest, AsksForTrafficOnlyWhileItIsWanted) {
  agent.status().gateways.push_back(assignedGateway(1800));
  reach();
  const auto isTold = [this](std::uint32_t seconds) {
    const auto all = agent.subscriptions();
    return all.size() == 1 && all[0].traffic_seconds == seconds;
  };
  EXPECT_TRUE(isTold(0));
  mirror.wantTraffic(true);
  mirror.wantTraffic(true);
  ASSERT_TRUE(waitFor([&] { return isTold(1); }));
  agent.publish(ipc::TrafficChanged{"hotel", {10, 1000, 20, 2000, {}}, {32, 10, 22, 1024}});
  ASSERT_TRUE(waitFor([this] { return traffic == 1; }));
  EXPECT_EQ(mirror.status(), agent.status());
  mirror.wantTraffic(false);
  ASSERT_TRUE(waitFor([&] { return isTold(0); }));
}

TEST_F(AgentMirrorTest, StaysConnectedAndMissesNothingWhileItAsksForMore) {
  reach();
  bool lost = false;
  QObject::connect(&mirror, &AgentMirror::changed, &mirror,
                   [&] { lost = lost || !mirror.isConnected(); });
  mirror.wantLog(true);
  for (std::uint32_t bind = 0; bind < 20; ++bind) {
    ipc::Happening what = happening("lease_granted");
    what.bind = bind;
    agent.publish(what);
    QCoreApplication::processEvents();
  }
  ASSERT_TRUE(waitFor([this] { return happenings.size() >= 20; }));
  for (std::uint32_t bind = 0; bind < 20; ++bind) EXPECT_EQ(happenings[bind].bind, bind);
  agent.publish(ipc::LogLine{"", "info", "lease.granted bind=1"});
  ASSERT_TRUE(waitFor([this] { return lines.size() == 1; }));
  settle();
  EXPECT_EQ(happenings.size(), 20U);
  EXPECT_FALSE(lost);
}

TEST_F(AgentMirrorTest, AsksForWhatIsWantedAlsoOfAnAgentThatComesBack) {
  reach();
  mirror.wantLog(true);
  ASSERT_TRUE(waitFor([this] {
    const auto all = agent.subscriptions();
    return all.size() == 1 && all[0].log;
  }));
  agent.die();
  agent.come();
  ASSERT_TRUE(waitFor([this] { return agent.subscriptions().size() == 1; }));
  EXPECT_TRUE(agent.subscriptions()[0].log);
}

}  // namespace
}  // namespace rsip::gui
