#include "tests/unit/tests/gateway/engine_fixture.h"

namespace rsip::gateway {
namespace {

using msg::ErrorCode;
using std::chrono::seconds;

constexpr Ipv4Address kStaffOnly{0xC6336402};  // 198.51.100.2

/// Host A is staff, by its address; a host with key 7 is a guest.
class Classes : public EngineFixture {
 protected:
  Classes() {
    settings_.pools.push_back({msg::Method::kRsapIp, {{kStaffOnly, 32}}, {2000, 10}, "staff"});
    settings_.classes = {{"staff", {{kHostA, 32}}, {}, {"staff"}, {8, 1, 2, seconds(60)}},
                         {"guest", {}, {7}, {}, {4, 4, 1, {}}}};
  }
};

TEST_F(Classes, HaveTheirOwnPools) {
  register_host(kHostA);
  register_host(kHostB);
  EXPECT_EQ(lease(kHostA, msg::Ports::dont_care(2)).local, msg::Address(kStaffOnly));
  EXPECT_EQ(lease(kHostB, msg::Ports::dont_care(2)).local, msg::Address(kShared));
  EXPECT_EQ(refusal(kHostA, ports_request(kHostA, msg::Ports::dont_care(1), kShared)),
            ErrorCode::kLocalAddrUnallowed);
  EXPECT_EQ(refusal(kHostB, ports_request(kHostB, msg::Ports::dont_care(1), kStaffOnly)),
            ErrorCode::kLocalAddrUnallowed);
}

TEST_F(Classes, AreToldOnlyTheMethodsOfTheirPools) {
  const auto response = ask_for<msg::RegisterResponse>(kHostA, msg::RegisterRequest{});
  EXPECT_THAT(response.methods,
              ::testing::ElementsAre(msg::Method::kRsapIp, msg::Method::kRsipsec));
  EXPECT_EQ(refusal(kHostA, address_request(kHostA)), ErrorCode::kUnsupportedMessage);
}

// G-41: quotas of ports, binds and time
TEST_F(Classes, HaveTheirOwnLimits) {
  register_host(kHostA);
  EXPECT_EQ(refusal(kHostA, ports_request(kHostA, msg::Ports::dont_care(9))),
            ErrorCode::kLocalAddrportUnavailable);
  EXPECT_EQ(lease(kHostA, msg::Ports::dont_care(1)).lease, msg::LeaseTime(60));
  lease(kHostA, msg::Ports::dont_care(1));
  EXPECT_EQ(refusal(kHostA, ports_request(kHostA, msg::Ports::dont_care(1))),
            ErrorCode::kLocalAddrportUnavailable);
}

TEST_F(Classes, AreKnownByAddressOrByKey) {
  register_host(kHostA);
  EXPECT_EQ(engine().find(kHostA)->account.host_class, "staff");
  key_ = 7;
  register_host(kHostB);
  EXPECT_EQ(engine().find(kHostB)->account.host_class, "guest");
  EXPECT_EQ(engine().find(kHostB)->account.key, 7U);
}

TEST_F(Classes, TheFirstThatFitsWins) {
  key_ = 7;
  register_host(kHostA);
  EXPECT_EQ(engine().find(kHostA)->account.host_class, "staff");
}

TEST_F(Classes, ServeHostsThatAreNotAllowedOtherwiseButNoneThatIsDenied) {
  settings_.hosts.allow.clear();
  EXPECT_EQ(refusal(kHostB, msg::RegisterRequest{}), ErrorCode::kRegistrationDenied);
  register_host(kHostA);
  EXPECT_NE(engine().find(kHostA), nullptr);
}

TEST_F(Classes, DoNotServeAHostThatIsDenied) {
  settings_.hosts.deny = {{kHostA, 32}};
  EXPECT_EQ(refusal(kHostA, msg::RegisterRequest{}), ErrorCode::kRegistrationDenied);
}

// G-41: quotas of all hosts
TEST_F(Classes, HostsOfNoneHaveALimitOfBindsToo) {
  settings_.hosts.quota.max_binds = 1;
  register_host(kHostB);
  EXPECT_EQ(engine().find(kHostB)->account.host_class, "default");
  lease(kHostB, msg::Ports::dont_care(1));
  EXPECT_EQ(refusal(kHostB, ports_request(kHostB, msg::Ports::dont_care(1))),
            ErrorCode::kLocalAddrportUnavailable);
  EXPECT_EQ(refusal(kHostB, address_request(kHostB)), ErrorCode::kLocalAddrUnavailable);
}

}  // namespace
}  // namespace rsip::gateway
