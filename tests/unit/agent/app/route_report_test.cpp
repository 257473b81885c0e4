#include "agent/app/route_report.h"

#include <gmock/gmock.h>

namespace rsip::agent {
namespace {

using ::testing::HasSubstr;

constexpr Ipv4Address kLeased{0xCB00710A};
constexpr Ipv4Address kRemote{0xC6336407};  // 198.51.100.7

/// A route through the only gateway's tunnel.
class RouteReportTest : public ::testing::Test {
 protected:
  RouteReportTest() {
    config_.name = "hotel";
    config_.device = "rsip0";
    answer_.kind = RouteKind::kUnicast;
    answer_.device = "rsip0";
    answer_.source = kLeased;
  }

  void lease(std::uint32_t bind, std::uint16_t port, const RemoteScope& remote = {}) {
    table_.bindings.push_back({BindId{bind}, kLeased, false, {{port, 8}}, remote});
  }
  [[nodiscard]] ipc::RouteVerdict report(std::uint16_t port = 443) const {
    return report_route({kRemote, port, 0}, answer_,
                        {{config_, "assigned", {}, Ipv4Address{1}, {}, table_}});
  }

  GatewayConfig config_;
  FlowTable table_;
  RouteAnswer answer_;
};

TEST_F(RouteReportTest, WithoutARemotePolicyTheClosestLeaseIsUsed) {
  lease(1, 5000);
  lease(2, 6000, {kRemote, std::nullopt});
  lease(3, 7000, {kRemote, 443});
  EXPECT_EQ(report(443).bind, 3U);
  EXPECT_EQ(report(80).bind, 2U);
  EXPECT_EQ(report(0).bind, 2U);
}

TEST_F(RouteReportTest, WithARemotePolicyOnlyLeasesThatNameTheRemoteServe) {
  table_.detail = RemoteDetail::kAddress;
  table_.may_grow = true;
  lease(1, 5000);
  EXPECT_FALSE(report().bind);
  EXPECT_THAT(report().reason, HasSubstr("a lease is asked for with the first packet"));
  lease(2, 6000, {kRemote, std::nullopt});
  EXPECT_EQ(report().bind, 2U);
  table_.detail = RemoteDetail::kAddressAndPort;
  EXPECT_FALSE(report().bind);
  lease(3, 7000, {kRemote, 443});
  EXPECT_EQ(report(443).bind, 3U);
  EXPECT_FALSE(report(80).bind);
  EXPECT_EQ(report(0).bind, 3U);
}

TEST_F(RouteReportTest, LeasesForServersThatGoOrOfOtherAddressesAreNotUsed) {
  lease(1, 5000);
  table_.bindings.back().listening = true;
  lease(2, 6000);
  table_.bindings.back().retiring = true;
  lease(3, 7000);
  table_.bindings.back().local = Ipv4Address{1};
  EXPECT_FALSE(report().bind);
  EXPECT_THAT(report().reason, HasSubstr("no lease serves this remote"));
}

TEST_F(RouteReportTest, AWholeAddressHasEveryPort) {
  table_.bindings.push_back({BindId{4}, kLeased, true, {}});
  EXPECT_EQ(report().bind, 4U);
  EXPECT_TRUE(report().ports.empty());
}

TEST_F(RouteReportTest, ARemoteThatTheGatewayRefusesIsToldSo) {
  lease(1, 5000);
  table_.refused = {{kRemote, 443}};
  EXPECT_EQ(report(443).way, "tunnel");
  EXPECT_FALSE(report(443).bind);
  EXPECT_THAT(report(443).reason, HasSubstr("does not allow this remote"));
  EXPECT_EQ(report(80).bind, 1U);
}

TEST_F(RouteReportTest, LeasesThatAreAskedForAgainAreToldSo) {
  table_.suspended = true;
  EXPECT_THAT(report().reason, HasSubstr("its leases are being asked for again"));
}

TEST_F(RouteReportTest, ANetworkThatTheGatewayCallsLocalIsToldSo) {
  answer_.device = "eth0";
  answer_.rule_priority = 32766;
  answer_.rule = "32766: from all lookup main";
  const Ipv4Prefix local{{0xC6336400}, 24};
  const auto verdict = report_route({kRemote, 0, 0}, answer_,
                                    {{config_, "assigned", {}, Ipv4Address{1}, {local}, table_}});
  EXPECT_EQ(verdict.reason, "Gateway hotel calls 198.51.100.0/24 local.");
}

}  // namespace
}  // namespace rsip::agent
