#include "agent/cli/doctor/doctor.h"

#include <set>

#include <gtest/gtest.h>

#include "agent/cli/doctor/check.h"
#include "tests/unit/agent/cli/doctor/healthy.h"

namespace rsip::cli::doctor {
namespace {

TEST(DoctorChecks, FindNothingWhereAllIsWell) {
  const auto report = examine(healthy(), {});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->verdict, "ok");
  for (const auto& check : report->checks) EXPECT_EQ(check.verdict, "ok") << check.id << check.why;
}

TEST(DoctorChecks, HaveIdsOfTheirOwnAndKnownAreas) {
  const std::set<std::string> areas = {"agent", "gateway", "network", "tunnel", "ipsec", "desktop"};
  std::set<std::string> ids;
  for (const Check& check : all_checks()) {
    EXPECT_TRUE(ids.insert(check.id).second) << check.id;
    EXPECT_TRUE(areas.contains(check.area)) << check.area;
  }
  EXPECT_GE(ids.size(), 25U);
}

TEST(DoctorChecks, AreAskedForById) {
  EXPECT_EQ(examine(healthy(), {"dns", "drops"})->checks.size(), 2U);
  EXPECT_EQ(examine(healthy(), {"dns", "nonsense"}).error().kind, ErrorKind::kNotFound);
}

TEST(DoctorChecks, NameTheGatewayThatIsWorstOfSeveral) {
  Facts facts = healthy();
  facts.status->gateways.push_back(facts.status->gateways[0]);
  facts.status->gateways[1].name = "office";
  facts.status->gateways[1].state = "connecting";
  const auto check = examine(facts, {"lease_held"})->checks.at(0);
  EXPECT_EQ(check.verdict, "fail");
  EXPECT_EQ(check.why, "office: it is connecting");
}

}  // namespace
}  // namespace rsip::cli::doctor
