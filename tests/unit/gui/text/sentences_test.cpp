#include "gui/text/sentences.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTranslator>
#include <gtest/gtest.h>

namespace rsip::gui {
namespace {

/// What is leased from "hotel", nothing wrong.
Situation situation(ipc::Mood mood) {
  Situation now;
  now.summary.mood = mood;
  now.summary.gateway = "hotel";
  ipc::GatewayStatus gateway;
  gateway.name = "hotel";
  gateway.state = "assigned";
  gateway.address = "10.3.0.1";
  now.status.gateways.push_back(gateway);
  return now;
}

Situation leased(ipc::Mood mood, std::uint32_t seconds) {
  Situation now = situation(mood);
  now.summary.address = "149.112.240.156";
  now.summary.ports = 32;
  now.summary.ends_in_seconds = seconds;
  return now;
}

Situation inState(const char* state) {
  Situation now = situation(ipc::Mood::kConnecting);
  now.status.gateways[0].state = state;
  return now;
}

Situation away(ErrorKind kind, const char* hint = "") {
  Situation now;
  now.summary.mood = ipc::Mood::kAgentDown;
  now.why_not = {kind, "why", hint};
  return now;
}

ipc::ProblemStatus poolIsFull() {
  return {"no_resources", 1, "gateway hotel: no ports left", "ask for fewer ports"};
}

std::string sentence(const Situation& now) {
  return stateSentence(now).toStdString();
}

class SentencesTest : public testing::Test {
 protected:
  void SetUp() override { QLocale::setDefault(QLocale::c()); }
};

TEST_F(SentencesTest, EachMoodHasItsSentenceAndItsMainAction) {
  struct Row {
    Situation now;
    const char* sentence;
    MainAction action;
  };
  const Row rows[] = {
      {away(ErrorKind::kAgentNotRunning), "RSIP agent is not running", MainAction::kHelpToStart},
      {situation(ipc::Mood::kOff), "Off", MainAction::kTurnOn},
      {situation(ipc::Mood::kNoNetwork), "No network", MainAction::kNone},
      {inState("registering"), "Registering with hotel (2 of 4)", MainAction::kTurnOff},
      {situation(ipc::Mood::kSignIn), "This network needs sign-in", MainAction::kSignIn},
      {situation(ipc::Mood::kRegistered), "Registered, no address leased", MainAction::kRequest},
      {leased(ipc::Mood::kAssigned, 1260), "149.112.240.156, 32 port(s), 21 min",
       MainAction::kRenew},
      {leased(ipc::Mood::kDegraded, 60), "Lease ends in 1 min, renewal failed", MainAction::kRenew},
      {situation(ipc::Mood::kError), "The gateway refused", MainAction::kDetails},
  };
  EXPECT_EQ(std::size(rows), std::size(ipc::kMoods));
  for (const Row& row : rows) {
    EXPECT_EQ(sentence(row.now), row.sentence);
    EXPECT_EQ(mainAction(row.now.summary.mood), row.action) << row.sentence;
  }
}

TEST_F(SentencesTest, EachStepOfConnectingHasItsNumber) {
  EXPECT_EQ(sentence(inState("discovering")), "Looking for a gateway (1 of 4)");
  EXPECT_EQ(sentence(inState("connecting")), "Connecting to hotel (1 of 4)");
  EXPECT_EQ(sentence(inState("assigning")), "Asking hotel for a lease (3 of 4)");
  EXPECT_EQ(sentence(inState("assigned")), "Making the tunnel to hotel (4 of 4)");
  EXPECT_EQ(sentence(inState("stopping")), "Leaving hotel");
}

TEST_F(SentencesTest, WithoutGatewaysOffSaysSo) {
  Situation now;
  now.summary.mood = ipc::Mood::kOff;
  EXPECT_EQ(sentence(now), "No gateway is configured");
}

TEST_F(SentencesTest, AWholeAddressHasAllPorts) {
  Situation now = leased(ipc::Mood::kAssigned, 1260);
  now.summary.ports = 0;
  EXPECT_EQ(sentence(now), "149.112.240.156, all ports, 21 min");
}

TEST_F(SentencesTest, OnePortIsSingularAndMoreArePlural) {
  QTranslator english;
  ASSERT_TRUE(english.load(QStringLiteral(":/i18n/rsip-tray_en.qm")));
  QCoreApplication::installTranslator(&english);
  Situation now = leased(ipc::Mood::kAssigned, 1260);
  now.summary.ports = 1;
  EXPECT_EQ(sentence(now), "149.112.240.156, 1 port, 21 min");
  now.summary.ports = 2;
  EXPECT_EQ(sentence(now), "149.112.240.156, 2 ports, 21 min");
  QCoreApplication::removeTranslator(&english);
}

TEST_F(SentencesTest, DegradedByAProblemNamesItUntilTheEndIsNear) {
  Situation now = leased(ipc::Mood::kDegraded, ipc::kSoonSeconds);
  now.summary.problem = poolIsFull();
  EXPECT_EQ(sentence(now), "Gateway hotel: no ports left");
  now.summary.ends_in_seconds = ipc::kSoonSeconds - 1;
  EXPECT_EQ(sentence(now), "Lease ends in 1 min, renewal failed");
}

TEST_F(SentencesTest, AnErrorNamesTheProblemAndAdvises) {
  Situation now = situation(ipc::Mood::kError);
  now.summary.problem = poolIsFull();
  EXPECT_EQ(sentence(now), "Gateway hotel: no ports left");
  EXPECT_EQ(adviceSentence(now), "ask for fewer ports");
}

TEST_F(SentencesTest, AnAgentThatIsAwaySaysWhyAndWhatToDo) {
  EXPECT_EQ(sentence(away(ErrorKind::kProtocol)), "The RSIP agent is of another release");
  EXPECT_EQ(sentence(away(ErrorKind::kPermission)), "Not allowed to talk to the RSIP agent");
  EXPECT_EQ(sentence(away(ErrorKind::kTimeout)), "The RSIP agent does not answer");
  EXPECT_EQ(adviceSentence(away(ErrorKind::kTimeout, "see its log")), "see its log");
  EXPECT_TRUE(adviceSentence(away(ErrorKind::kAgentNotRunning)).contains(startCommand()));
}

TEST_F(SentencesTest, TheTooltipHasStateLeaseAndGateway) {
  const QDateTime noon(QDate(2026, 11, 24), QTime(12, 0));
  const QStringList lines = tooltipLines(leased(ipc::Mood::kAssigned, 1260), noon);
  ASSERT_EQ(lines.size(), 3);
  EXPECT_TRUE(lines[1].startsWith(QLatin1String("Lease ends in 21 min (12:21")))
      << lines[1].toStdString();
  EXPECT_EQ(lines[2], "Gateway hotel (10.3.0.1)");
}

TEST_F(SentencesTest, TheTooltipHasNoEmptyLines) {
  const QDateTime noon(QDate(2026, 11, 24), QTime(12, 0));
  Situation now = situation(ipc::Mood::kNoNetwork);
  now.status.gateways[0].address.clear();
  EXPECT_EQ(tooltipLines(now, noon), QStringList{"No network"});
}

TEST_F(SentencesTest, EachMoodAndEachActionHasAName) {
  for (const ipc::Mood mood : ipc::kMoods) {
    EXPECT_FALSE(moodName(mood).isEmpty()) << to_string(mood);
    const MainAction action = mainAction(mood);
    EXPECT_EQ(actionName(action).isEmpty(), action == MainAction::kNone) << to_string(mood);
  }
}

}  // namespace
}  // namespace rsip::gui
