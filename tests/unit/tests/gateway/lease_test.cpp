#include "tests/unit/tests/gateway/engine_fixture.h"

namespace rsip::gateway {
namespace {

using msg::ErrorCode;
using std::chrono::seconds;

class Leases : public EngineFixture {
 protected:
  void SetUp() override {
    register_host(kHostA);
    register_host(kHostB);
  }
  void free(Ipv4Address host, BindId bind) {
    ask_for<msg::FreeResponse>(host, msg::FreeRequest{client_of(host), bind, {}});
  }
};

// G-31, G-18: EXTEND_RESPONSE, counted from now, and R follows
TEST_F(Leases, AreExtendedFromNowOn) {
  const BindId bind = lease(kHostA, msg::Ports::dont_care(4)).bind;
  advance(seconds(500));
  const auto response = ask_for<msg::ExtendResponse>(
      kHostA, msg::ExtendRequest{client_of(kHostA), bind, msg::LeaseTime(1000), {}});
  EXPECT_EQ(response.bind, bind);
  EXPECT_EQ(response.lease, msg::LeaseTime(1000));
  EXPECT_EQ(engine().find(kHostA)->binds.at(bind).expires_at, now_ + seconds(1000));
  EXPECT_EQ(engine().find(kHostA)->expires_at, now_ + seconds(1000));
  advance(seconds(999));
  tick();
  EXPECT_EQ(owner(kShared, 1000), kHostA);
  advance(seconds(1));
  tick();
  EXPECT_FALSE(owner(kShared, 1000));
}

TEST_F(Leases, AreExtendedByTheDefaultWhenTheHostSuggestsNothing) {
  const BindId bind = lease(kHostA, msg::Ports::dont_care(4)).bind;
  EXPECT_EQ(
      ask_for<msg::ExtendResponse>(kHostA, msg::ExtendRequest{client_of(kHostA), bind, {}, {}})
          .lease,
      msg::LeaseTime(600));
}

// G-31, G-32, G-22: 306 with both ids
TEST_F(Leases, OfAnotherHostOrOfNobodyAreABadBindId) {
  const BindId bind = lease(kHostB, msg::Ports::dont_care(4)).bind;
  const auto extend =
      ask_for<msg::ErrorResponse>(kHostA, msg::ExtendRequest{client_of(kHostA), bind, {}, {}});
  EXPECT_EQ(extend.code(), ErrorCode::kBadBindId);
  EXPECT_EQ(extend.client, client_of(kHostA));
  EXPECT_EQ(extend.bind, bind);
  EXPECT_EQ(refusal(kHostA, msg::FreeRequest{client_of(kHostA), bind, {}}), ErrorCode::kBadBindId);
  EXPECT_EQ(owner(kShared, 1000), kHostB);
}

// G-31, G-32: 305 and 301
TEST_F(Leases, WithTheWrongClientIdAreRefused) {
  const BindId bind = lease(kHostA, msg::Ports::dont_care(4)).bind;
  EXPECT_EQ(refusal(kHostA, msg::ExtendRequest{{99}, bind, {}, {}}), ErrorCode::kBadClientId);
  EXPECT_EQ(refusal(kHostA, msg::FreeRequest{{99}, bind, {}}), ErrorCode::kBadClientId);
  const Ipv4Address stranger{0x0A0100FF};
  EXPECT_EQ(refusal(stranger, msg::ExtendRequest{{1}, bind, {}, {}}), ErrorCode::kRegisterFirst);
  EXPECT_EQ(refusal(stranger, msg::FreeRequest{{1}, bind, {}}), ErrorCode::kRegisterFirst);
}

// G-13: two minutes of rest
TEST_F(Leases, ThatAreFreedAreHeldForTwoMinutes) {
  const BindId bind = lease(kHostA, msg::Ports::contiguous({1000, 100})).bind;
  free(kHostA, bind);
  EXPECT_FALSE(owner(kShared, 1000));
  EXPECT_EQ(refusal(kHostB, ports_request(kHostB, msg::Ports::dont_care(1))),
            ErrorCode::kLocalAddrUnavailable);
  advance(seconds(119));
  EXPECT_EQ(refusal(kHostB, ports_request(kHostB, msg::Ports::dont_care(1))),
            ErrorCode::kLocalAddrUnavailable);
  advance(seconds(1));
  lease(kHostB, msg::Ports::dont_care(100));
}

TEST_F(Leases, ThatAreFreedGoBackAtOnceToTheSameHostThatSuggestsThem) {
  const BindId bind = lease(kHostA, msg::Ports::contiguous({1000, 100})).bind;
  free(kHostA, bind);
  EXPECT_EQ(refusal(kHostB, ports_request(kHostB, msg::Ports::contiguous({1000, 8}), kShared)),
            ErrorCode::kLocalAddrUnavailable);
  const auto again = lease(kHostA, msg::Ports::contiguous({1000, 100}), kShared);
  EXPECT_EQ(again.local_ports, msg::Ports::contiguous({1000, 100}));
  EXPECT_NE(again.bind, bind);
}

TEST_F(Leases, OfAnExpiredRegistrationAreHeldForTheHostAsWell) {
  lease(kHostA, msg::Ports::contiguous({1000, 10}));
  ask(kHostA, address_request(kHostA, kWhole));
  advance(seconds(600));
  tick();
  register_host(kHostA);
  register_host(kHostB);
  EXPECT_EQ(refusal(kHostB, ports_request(kHostB, msg::Ports::contiguous({1000, 1}))),
            ErrorCode::kLocalAddrportInuse);
  EXPECT_EQ(refusal(kHostB, address_request(kHostB, kWhole)), ErrorCode::kLocalAddrInuse);
  lease(kHostA, msg::Ports::contiguous({1000, 10}));
  ask_for<msg::AssignResponseRsaIp>(kHostA, address_request(kHostA, kWhole));
}

// G-25, G-05: everything comes back
TEST_F(Leases, AreAllBackInThePoolsAfterTheHold) {
  lease(kHostA, msg::Ports::dont_care(60));
  ask(kHostA, address_request(kHostA));
  ask(kHostA, msg::DeRegisterRequest{client_of(kHostA), {}});
  EXPECT_EQ(engine().free_ports(now_), 40U);
  EXPECT_EQ(engine().free_addresses(now_), 3U);
  advance(seconds(120));
  EXPECT_EQ(engine().free_ports(now_), 100U);
  EXPECT_EQ(engine().free_addresses(now_), 4U);
}

}  // namespace
}  // namespace rsip::gateway
