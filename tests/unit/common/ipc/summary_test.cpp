#include "common/ipc/summary.h"

#include <set>

#include <gtest/gtest.h>

#include "common/ipc/events.h"
#include "common/ipc/permissions.h"

namespace rsip::ipc {
namespace {

LeaseStatus lease(std::uint32_t bind, std::uint32_t expires = 1000) {
  LeaseStatus lease;
  lease.bind = bind;
  lease.address = "203.0.113.10";
  lease.expires_in_seconds = expires;
  lease.granted_seconds = 1800;
  return lease;
}

GatewayStatus gateway(const std::string& name, const std::string& state) {
  GatewayStatus gateway;
  gateway.name = name;
  gateway.state = state;
  if (state == "assigned") {
    gateway.device = "rsip0";
    gateway.leases = {lease(1)};
    gateway.ports.leased = 32;
  }
  return gateway;
}

Status status(std::vector<GatewayStatus> gateways) {
  Status status;
  status.gateways = std::move(gateways);
  return status;
}

ProblemStatus problem(ErrorKind kind) {
  return problem_of({kind, "wrong", "mend it"});
}

struct MoodCase {
  const char* state;
  std::optional<ErrorKind> problem;
  const char* network;
  Mood mood;
};

TEST(Summary, HasAMoodForEachState) {
  const MoodCase cases[] = {
      {"disabled", {}, "online", Mood::kOff},
      {"disabled", {}, "none", Mood::kOff},
      {"discovering", {}, "online", Mood::kConnecting},
      {"connecting", {}, "online", Mood::kConnecting},
      {"connecting", ErrorKind::kUnreachable, "online", Mood::kConnecting},
      {"connecting", ErrorKind::kTimeout, "online", Mood::kConnecting},
      {"registering", ErrorKind::kDenied, "online", Mood::kError},
      {"registering", ErrorKind::kNoResources, "online", Mood::kError},
      {"registering", ErrorKind::kInUse, "online", Mood::kError},
      {"registering", ErrorKind::kProtocol, "online", Mood::kError},
      {"registering", ErrorKind::kPermission, "online", Mood::kError},
      {"registering", ErrorKind::kConfigInvalid, "online", Mood::kError},
      {"registered", {}, "online", Mood::kRegistered},
      {"registered", ErrorKind::kNoResources, "online", Mood::kError},
      {"assigning", {}, "online", Mood::kConnecting},
      {"assigned", {}, "online", Mood::kAssigned},
      {"assigned", ErrorKind::kUnreachable, "online", Mood::kDegraded},
      {"assigned", {}, "none", Mood::kNoNetwork},
      {"assigned", {}, "sign_in", Mood::kSignIn},
      {"connecting", {}, "none", Mood::kNoNetwork},
      {"connecting", ErrorKind::kUnreachable, "sign_in", Mood::kSignIn},
      {"stopping", {}, "online", Mood::kConnecting},
  };
  for (const MoodCase& one : cases) {
    Status now = status({gateway("hotel", one.state)});
    if (one.problem) now.gateways[0].problem = problem(*one.problem);
    now.network.state = one.network;
    EXPECT_STREQ(to_string(summarize(now).mood), to_string(one.mood))
        << one.state << " " << one.network << " "
        << (one.problem ? to_string(*one.problem) : "no problem");
  }
}

TEST(Summary, OfNoGatewaysIsOff) {
  EXPECT_EQ(summarize({}).mood, Mood::kOff);
}

TEST(Summary, IsAboutTheGatewayThatIsFurthest) {
  const Summary summary = summarize(status(
      {gateway("one", "connecting"), gateway("two", "assigned"), gateway("three", "disabled")}));
  EXPECT_EQ(summary.gateway, "two");
  EXPECT_EQ(summary.mood, Mood::kAssigned);
  EXPECT_EQ(summary.address, "203.0.113.10");
  EXPECT_EQ(summary.ports, 32U);
  EXPECT_EQ(summary.ends_in_seconds, 1000U);
}

TEST(Summary, AProblemOfAnotherGatewayIsNotHidden) {
  Status now = status({gateway("one", "assigned"), gateway("two", "connecting")});
  now.gateways[1].problem = problem(ErrorKind::kUnreachable);
  EXPECT_EQ(summarize(now).mood, Mood::kDegraded);
  EXPECT_EQ(summarize(now).problem->message, "wrong");
  now.gateways[1].state = "disabled";
  EXPECT_EQ(summarize(now).mood, Mood::kAssigned);
}

TEST(Summary, ALeaseThatIsNotRenewedInTimeDegrades) {
  Status now = status({gateway("one", "assigned")});
  now.gateways[0].leases = {lease(1, 1000), lease(2, kSoonSeconds - 1)};
  EXPECT_EQ(summarize(now).mood, Mood::kDegraded);
  EXPECT_EQ(summarize(now).ends_in_seconds, kSoonSeconds - 1);
  now.gateways[0].leases[1].retiring = true;
  EXPECT_EQ(summarize(now).mood, Mood::kAssigned) << "it is to end";
  now.gateways[0].leases = {lease(1, 60)};
  now.gateways[0].leases[0].granted_seconds = 100;
  EXPECT_EQ(summarize(now).mood, Mood::kAssigned) << "its whole life is short";
}

TEST(Summary, MoodsHaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const Mood mood : kMoods) names.insert(to_string(mood));
  EXPECT_EQ(names.size(), std::size(kMoods));
  EXPECT_FALSE(names.contains("?"));
}

TEST(Apply, ReplacesTheGatewayOfThatName) {
  Status now = status({gateway("one", "connecting"), gateway("two", "connecting")});
  apply(GatewayChanged{"assigned", gateway("two", "assigned")}, now);
  EXPECT_EQ(now.state, "assigned");
  EXPECT_EQ(now.gateways[0].state, "connecting");
  EXPECT_EQ(now.gateways[1], gateway("two", "assigned"));
}

TEST(Apply, AddsAGatewayThatWasNotThere) {
  Status now = status({gateway("one", "connecting")});
  apply(GatewayChanged{"connecting", gateway("new", "discovering")}, now);
  ASSERT_EQ(now.gateways.size(), 2U);
  EXPECT_EQ(now.gateways[1].name, "new");
}

TEST(Apply, ChangesWhatTheSnapshotSaysOfTheAgent) {
  Status now = status({gateway("one", "connecting")});
  apply(AgentChanged{"connecting", {"sign_in", "http://p/"}, "work"}, now);
  EXPECT_EQ(now.network, (NetworkStatus{"sign_in", "http://p/"}));
  EXPECT_EQ(now.profile, "work");
  EXPECT_EQ(now.state, "connecting");
}

TEST(Apply, CountersAreThoseOfTheirGateway) {
  Status now = status({gateway("one", "assigned"), gateway("two", "assigned")});
  const Status before = now;
  apply(TrafficChanged{"two", {1, 2, 3, 4, {}}, {32, 5, 27, 64}}, now);
  EXPECT_EQ(now.gateways[0], before.gateways[0]);
  EXPECT_EQ(now.gateways[1].traffic, (TrafficStatus{1, 2, 3, 4, {}}));
  EXPECT_EQ(now.gateways[1].ports.used, 5U);
  apply(TrafficChanged{"nobody", {}, {}}, now);
  EXPECT_EQ(now.gateways.size(), 2U);
}

TEST(Apply, WhatOnlyHappensChangesNothing) {
  const Status before = status({gateway("one", "assigned")});
  for (const EventBody& body :
       {EventBody(Happening{}), EventBody(LogLine{}), EventBody(AgentStopping{})}) {
    Status now = before;
    apply(body, now);
    EXPECT_EQ(now, before);
  }
}

TEST(Permissions, EverybodyMayLookAndNotEverybodyMayChange) {
  for (const Who who : kEverybody) {
    EXPECT_TRUE(permit(who, Access::kRead)) << to_string(who);
    EXPECT_EQ(permit(who, Access::kChange).has_value(), who != Who::kOther) << to_string(who);
  }
}

TEST(Permissions, ARefusalSaysWhatToDo) {
  const Error error = permit(Who::kOther, Access::kChange).error();
  EXPECT_EQ(exit_code(error.kind), 4);
  EXPECT_NE(error.hint.find("usermod --append --groups rsip"), std::string::npos);
}

}  // namespace
}  // namespace rsip::ipc
