#include "gui/tray/notice_policy.h"

#include <algorithm>

#include <QCoreApplication>
#include <QSettings>
#include <QStandardPaths>
#include <gtest/gtest.h>

namespace rsip::gui {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;

Situation situation(ipc::Mood mood) {
  Situation now;
  now.summary.mood = mood;
  return now;
}

/// A lease of 800 s with so much left.
Situation leased(std::uint32_t secondsLeft, ipc::Mood mood = ipc::Mood::kAssigned) {
  Situation now = situation(mood);
  now.summary.address = "149.112.240.156";
  now.summary.ends_in_seconds = secondsLeft;
  ipc::LeaseStatus lease;
  lease.bind = 1;
  lease.granted_seconds = 800;
  lease.expires_in_seconds = secondsLeft;
  ipc::GatewayStatus gateway;
  gateway.name = "hotel";
  gateway.leases.push_back(lease);
  now.status.gateways.push_back(gateway);
  return now;
}

ipc::Happening happening(const char* kind) {
  ipc::Happening what;
  what.kind = kind;
  what.gateway = "hotel";
  what.bind = 1;
  what.words = "words of the agent";
  return what;
}

struct NoticePolicyTest : testing::Test {
  NoticePolicy policy;

  std::optional<Topic> topicOf(const ipc::Happening& what, const Situation& now,
                               std::int64_t nowMs = 0) {
    const auto verdict = policy.on(what, now, nowMs);
    return verdict.show ? std::optional(verdict.show->topic) : std::nullopt;
  }
  std::optional<Topic> topicOf(const Situation& now, bool goodbye = false) {
    const auto verdict = policy.on(now, goodbye);
    return verdict.show ? std::optional(verdict.show->topic) : std::nullopt;
  }
  bool closes(const Situation& now, Topic topic) {
    return std::ranges::count(policy.on(now, false).close, topic) == 1;
  }
};

TEST_F(NoticePolicyTest, EachHappeningHasItsTopic) {
  const Situation now = leased(100, ipc::Mood::kDegraded);
  EXPECT_EQ(topicOf(happening("lease_lost"), now), Topic::kLeaseLost);
  EXPECT_EQ(topicOf(happening("renewal_failed"), now), Topic::kRenewalFailed);
  EXPECT_EQ(topicOf(happening("address_changed"), now), Topic::kAddressChanged);
  EXPECT_EQ(topicOf(happening("refused"), now), Topic::kRefused);
}

TEST_F(NoticePolicyTest, WhatGoesByItselfIsNotWorthANotice) {
  for (const char* kind : {"registered", "lease_granted", "lease_extended", "lease_ended",
                           "listen_failed", "network_lost", "network_back", "something_new"}) {
    EXPECT_EQ(topicOf(happening(kind), leased(800)), std::nullopt) << kind;
  }
}

TEST_F(NoticePolicyTest, NoticesHaveTheAgentsWordsAndItsHint) {
  ipc::Happening what = happening("lease_lost");
  what.problem = {"timeout", 1, "no answer", "look at the cable"};
  const auto verdict = policy.on(what, leased(100), 0);
  ASSERT_TRUE(verdict.show);
  EXPECT_EQ(verdict.show->words, "words of the agent\nlook at the cable");
  EXPECT_TRUE(verdict.show->urgent);
}

TEST_F(NoticePolicyTest, OnlyTheLastTryToRenewCounts) {
  EXPECT_EQ(topicOf(happening("renewal_failed"), leased(400)), std::nullopt);
  EXPECT_EQ(topicOf(happening("renewal_failed"), leased(200)), std::nullopt);
  const auto last = policy.on(happening("renewal_failed"), leased(100), 0);
  ASSERT_TRUE(last.show);
  EXPECT_EQ(last.show->topic, Topic::kRenewalFailed);
  EXPECT_EQ(last.show->action, MainAction::kRenew);
}

TEST_F(NoticePolicyTest, RefusalsAreToldOnceInTenMinutes) {
  const Situation now = situation(ipc::Mood::kError);
  EXPECT_EQ(topicOf(happening("refused"), now, 0), Topic::kRefused);
  EXPECT_EQ(topicOf(happening("pool_full"), now, kMinuteMs), std::nullopt);
  EXPECT_EQ(topicOf(happening("refused"), now, 10 * kMinuteMs - 1), std::nullopt);
  EXPECT_EQ(topicOf(happening("lease_lost"), now, 10 * kMinuteMs - 1), Topic::kLeaseLost);
  EXPECT_EQ(topicOf(happening("pool_full"), now, 10 * kMinuteMs), Topic::kRefused);
  EXPECT_EQ(topicOf(happening("refused"), now, 11 * kMinuteMs), std::nullopt);
}

TEST_F(NoticePolicyTest, AnAgentThatStopsUnexpectedlyIsTold) {
  topicOf(leased(800));
  const auto verdict = policy.on(situation(ipc::Mood::kAgentDown), false);
  ASSERT_TRUE(verdict.show);
  EXPECT_EQ(verdict.show->topic, Topic::kAgentStopped);
  EXPECT_TRUE(verdict.show->urgent);
  EXPECT_EQ(topicOf(situation(ipc::Mood::kAgentDown)), std::nullopt);
}

TEST_F(NoticePolicyTest, AnAgentThatSaidGoodbyeIsNot) {
  topicOf(leased(800));
  EXPECT_EQ(topicOf(situation(ipc::Mood::kAgentDown), true), std::nullopt);
}

TEST_F(NoticePolicyTest, WhatIsTheCaseAtTheStartIsNoNews) {
  EXPECT_EQ(topicOf(leased(800)), std::nullopt);
  policy = {};
  EXPECT_EQ(topicOf(situation(ipc::Mood::kAgentDown)), std::nullopt);
}

TEST_F(NoticePolicyTest, SignInIsToldOnceAlsoAtTheStart) {
  const auto verdict = policy.on(situation(ipc::Mood::kSignIn), false);
  ASSERT_TRUE(verdict.show);
  EXPECT_EQ(verdict.show->topic, Topic::kSignIn);
  EXPECT_EQ(verdict.show->action, MainAction::kSignIn);
  EXPECT_EQ(topicOf(situation(ipc::Mood::kSignIn)), std::nullopt);
}

TEST_F(NoticePolicyTest, TellsWhenAnAddressIsLeasedAndWhenItIsGone) {
  topicOf(situation(ipc::Mood::kConnecting));
  EXPECT_EQ(topicOf(leased(800)), Topic::kConnected);
  EXPECT_EQ(topicOf(leased(800)), std::nullopt);
  EXPECT_EQ(topicOf(leased(800, ipc::Mood::kDegraded)), std::nullopt);
  EXPECT_EQ(topicOf(situation(ipc::Mood::kOff)), Topic::kConnected);
}

TEST_F(NoticePolicyTest, ALeaseAboutToEndIsToldOnceForEachTimeItIs) {
  topicOf(leased(ipc::kSoonSeconds, ipc::Mood::kDegraded));
  EXPECT_EQ(topicOf(leased(ipc::kSoonSeconds - 1, ipc::Mood::kDegraded)), Topic::kRenewalFailed);
  EXPECT_EQ(topicOf(leased(60, ipc::Mood::kDegraded)), std::nullopt);
  EXPECT_EQ(topicOf(leased(800)), std::nullopt);
  EXPECT_EQ(topicOf(leased(90, ipc::Mood::kDegraded)), Topic::kRenewalFailed);
}

TEST_F(NoticePolicyTest, ShortLeasesThatAreWellAreNotAboutToEnd) {
  topicOf(leased(800));
  EXPECT_EQ(topicOf(leased(60)), std::nullopt);
}

TEST_F(NoticePolicyTest, NoticesCloseWhenTheirCauseEnds) {
  EXPECT_TRUE(closes(situation(ipc::Mood::kConnecting), Topic::kSignIn));
  EXPECT_FALSE(closes(situation(ipc::Mood::kSignIn), Topic::kSignIn));
  EXPECT_TRUE(closes(situation(ipc::Mood::kConnecting), Topic::kAgentStopped));
  EXPECT_FALSE(closes(situation(ipc::Mood::kAgentDown), Topic::kAgentStopped));
  EXPECT_FALSE(closes(leased(60, ipc::Mood::kDegraded), Topic::kRenewalFailed));
  EXPECT_TRUE(closes(leased(800), Topic::kRenewalFailed));
}

TEST_F(NoticePolicyTest, ARenewalClosesTheNoticeThatItFailed) {
  const auto verdict = policy.on(happening("lease_extended"), leased(800), 0);
  EXPECT_FALSE(verdict.show);
  EXPECT_EQ(verdict.close, std::vector{Topic::kRenewalFailed});
}

TEST_F(NoticePolicyTest, LossAndRefusalAreOverWithTheNextLease) {
  for (const Topic topic : {Topic::kLeaseLost, Topic::kRefused}) {
    EXPECT_FALSE(closes(situation(ipc::Mood::kRegistered), topic));
    EXPECT_FALSE(closes(situation(ipc::Mood::kError), topic));
    EXPECT_TRUE(closes(leased(800), topic));
    EXPECT_TRUE(closes(situation(ipc::Mood::kOff), topic));
  }
}

TEST_F(NoticePolicyTest, TheLossOfOneOfTwoLeasesIsNotOverAtOnce) {
  topicOf(leased(800));
  EXPECT_EQ(topicOf(happening("lease_lost"), leased(800)), Topic::kLeaseLost);
  EXPECT_FALSE(closes(leased(800), Topic::kLeaseLost));
}

TEST_F(NoticePolicyTest, NeverClosesWhatItShows) {
  for (const ipc::Mood before : ipc::kMoods) {
    for (const ipc::Mood after : ipc::kMoods) {
      policy = {};
      policy.on(leased(60, before), false);
      const auto verdict = policy.on(leased(60, after), false);
      if (!verdict.show) continue;
      EXPECT_EQ(std::ranges::count(verdict.close, verdict.show->topic), 0)
          << to_string(before) << " to " << to_string(after);
    }
  }
}

TEST(NoticeSwitchTest, EachTopicIsSwitchedOnItsOwn) {
  QStandardPaths::setTestModeEnabled(true);
  QCoreApplication::setOrganizationName("rsip");
  QCoreApplication::setApplicationName("tray_test");
  for (const Topic off : kTopics) {
    QSettings().clear();
    Preferences preferences;
    for (const Topic topic : kTopics) preferences.setNotifies(topic, true);
    preferences.setNotifies(off, false);
    for (const Topic topic : kTopics) {
      EXPECT_EQ(preferences.notifies(topic), topic != off) << int(topic) << ' ' << int(off);
    }
  }
  QSettings().clear();
}

}  // namespace
}  // namespace rsip::gui
