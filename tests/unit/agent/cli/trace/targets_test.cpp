#include "agent/cli/trace/targets.h"

#include <gtest/gtest.h>

namespace rsip::cli::trace {
namespace {

ipc::GatewayStatus gateway(const std::string& name, const std::string& address,
                           const std::string& device) {
  ipc::GatewayStatus status;
  status.name = name;
  status.address = address;
  status.port = 4555;
  status.device = device;
  status.state = "assigned";
  return status;
}

TEST(TraceTargets, AreTheDeviceToTheGatewayAndTheTunnel) {
  ipc::Status status;
  status.gateways = {gateway("hotel", "10.1.0.1", "rsip0")};
  const auto targets = targets_of(status, {{"10.1.0.1", "eth0"}});
  ASSERT_TRUE(targets);
  ASSERT_EQ(targets->size(), 2U);
  EXPECT_EQ(targets->at(0).device, "eth0");
  EXPECT_NE(targets->at(0).filter.find("host 10.1.0.1) and (port 4555"), std::string::npos);
  EXPECT_EQ(targets->at(1), (Target{"rsip0", "", "inside the tunnel of hotel"}));
}

TEST(TraceTargets, LookAtOneDeviceOnceForSeveralGateways) {
  ipc::Status status;
  status.gateways = {gateway("a", "10.1.0.1", "rsip0"), gateway("b", "10.2.0.1", "")};
  const auto targets = targets_of(status, {{"10.1.0.1", "eth0"}, {"10.2.0.1", "eth0"}});
  ASSERT_EQ(targets->size(), 2U);
  EXPECT_EQ(targets->at(0).shows, "control and tunnel of a and b");
  EXPECT_NE(targets->at(0).filter.find(" or (host 10.2.0.1)"), std::string::npos);
}

TEST(TraceTargets, LookForATunnelThatEndsElsewhereToo) {
  ipc::Status status;
  status.gateways = {gateway("a", "10.1.0.1", "rsip0")};
  status.gateways[0].endpoint = "10.1.0.7";
  const auto targets = targets_of(status, {{"10.1.0.1", "eth0"}});
  EXPECT_NE(targets->at(0).filter.find("host 10.1.0.1 or host 10.1.0.7"), std::string::npos);
}

TEST(TraceTargets, AreThereForAGatewayThatCannotBeReachedOnlyInsideItsTunnel) {
  ipc::Status status;
  status.gateways = {gateway("a", "10.1.0.1", "rsip0")};
  EXPECT_EQ(targets_of(status, {})->size(), 1U);
  status.gateways[0].device.clear();
  EXPECT_EQ(targets_of(status, {}).error().kind, ErrorKind::kState);
}

TEST(TraceComment, NamesTheGateways) {
  ipc::Status status;
  status.agent = "0.1.0";
  status.gateways = {gateway("hotel", "10.1.0.1", "")};
  EXPECT_NE(comment_of(status).find("hotel: 10.1.0.1:4555"), std::string::npos);
}

}  // namespace
}  // namespace rsip::cli::trace
