#include "tests/unit/tests/gateway/engine_fixture.h"

// Pools that come and go: what a gateway higher up has leased to this one (RFC 3102 section 4.2.1).
namespace rsip::gateway {
namespace {

using msg::ErrorCode;
using std::chrono::seconds;

constexpr Ipv4Address kParents{0xC0000209};  // 192.0.2.9

class Cascade : public EngineFixture {
 protected:
  Cascade() {
    settings_.pools.clear();
    settings_.promised = {msg::Method::kRsapIp};
  }
  PoolId add(PortRange ports, seconds lasting) {
    return engine().add_pool({msg::Method::kRsapIp, {{kParents, 32}}, ports}, now_ + lasting);
  }
  msg::LeaseTime extended(BindId bind) {
    const msg::ExtendRequest request{client_of(kHostA), bind, msg::LeaseTime(3000), {}};
    return ask_for<msg::ExtendResponse>(kHostA, request).lease;
  }
};

TEST_F(Cascade, BeforeTheParentGivesAnythingHostsAreToldToTryAgain) {
  const auto response = ask_for<msg::RegisterResponse>(kHostA, msg::RegisterRequest{});
  EXPECT_THAT(response.methods, ::testing::ElementsAre(msg::Method::kRsapIp));
  EXPECT_EQ(refusal(kHostA, ports_request(kHostA, msg::Ports::dont_care(1))),
            ErrorCode::kLocalAddrUnavailable);
}

// G-10: no lease lasts longer than the parent's
TEST_F(Cascade, LeasesEndNoLaterThanTheParentsLease) {
  add({5000, 32}, seconds(100));
  register_host(kHostA);
  advance(seconds(40));
  const auto response = lease(kHostA, msg::Ports::dont_care(4));
  EXPECT_EQ(response.local, msg::Address(kParents));
  EXPECT_EQ(response.local_ports, msg::Ports::contiguous({5000, 4}));
  EXPECT_EQ(response.lease, msg::LeaseTime(60));
  EXPECT_EQ(extended(response.bind), msg::LeaseTime(60));
}

// G-10: when the parent extends, so may the hosts
TEST_F(Cascade, LeasesAreExtendedWhenTheParentsIs) {
  const PoolId pool = add({5000, 32}, seconds(100));
  register_host(kHostA);
  const BindId bind = lease(kHostA, msg::Ports::dont_care(4)).bind;
  engine().limit_pool(pool, now_ + seconds(2000));
  EXPECT_EQ(extended(bind), msg::LeaseTime(2000));
}

TEST_F(Cascade, ExtendingABindOfAPoolThatEndsIsAnsweredWithFreeResponse) {
  const PoolId pool = add({5000, 32}, seconds(100));
  register_host(kHostA);
  const BindId bind = lease(kHostA, msg::Ports::dont_care(4)).bind;
  engine().limit_pool(pool, now_ + std::chrono::milliseconds(500));
  const msg::ExtendRequest request{client_of(kHostA), bind, {}, {}};
  EXPECT_EQ(ask_for<msg::FreeResponse>(kHostA, request).bind, bind);
  EXPECT_FALSE(owner(kParents, 5000));
}

TEST_F(Cascade, NothingIsLeasedOfAPoolThatEndsWithinASecond) {
  add({5000, 32}, seconds(100));
  register_host(kHostA);
  advance(seconds(99));
  advance(seconds(1));
  EXPECT_EQ(refusal(kHostA, ports_request(kHostA, msg::Ports::dont_care(1))),
            ErrorCode::kLocalAddrUnavailable);
}

// G-10, G-33: what the parent takes away the hosts lose, and are told
TEST_F(Cascade, BindsEndWhenTheirPoolIsGone) {
  const PoolId first = add({5000, 8}, seconds(1000));
  add({6000, 8}, seconds(1000));
  register_host(kHostA);
  const BindId lost = lease(kHostA, msg::Ports::contiguous({5000, 4})).bind;
  const BindId kept = lease(kHostA, msg::Ports::contiguous({6000, 4})).bind;
  actions_ = engine().remove_pool(first, now_);
  const auto notices = all<Notify>();
  ASSERT_EQ(notices.size(), 1U);
  const auto& response = std::get<msg::FreeResponse>(notices[0].message);
  EXPECT_EQ(response.bind, lost);
  EXPECT_EQ(response.trailer.counter, 0U);
  EXPECT_FALSE(owner(kParents, 5000));
  EXPECT_EQ(owner(kParents, 6000), kHostA);
  EXPECT_TRUE(engine().find(kHostA)->binds.contains(kept));
  EXPECT_EQ(refusal(kHostA, ports_request(kHostA, msg::Ports::contiguous({5000, 1}))),
            ErrorCode::kLocalAddrportUnallowed);
}

TEST_F(Cascade, AnAddressWithoutAPoolIsNoLongerThisGateways) {
  const PoolId pool = add({5000, 8}, seconds(1000));
  EXPECT_NE(engine().table()->find(kParents), nullptr);
  engine().remove_pool(pool, now_);
  EXPECT_EQ(engine().table()->find(kParents), nullptr);
}

TEST_F(Cascade, WhatWasHeldWhenThePoolWentIsForgotten) {
  const PoolId pool = add({5000, 8}, seconds(1000));
  register_host(kHostA);
  const BindId bind = lease(kHostA, msg::Ports::dont_care(8)).bind;
  ask(kHostA, msg::FreeRequest{client_of(kHostA), bind, {}});
  engine().remove_pool(pool, now_);
  advance(settings_.lease.hold);
  add({5000, 8}, seconds(1000));
  EXPECT_EQ(engine().free_ports(now_), 8U);
}

TEST_F(Cascade, ShorteningAPoolEndsItsBindsWithIt) {
  const PoolId pool = add({5000, 8}, seconds(1000));
  register_host(kHostA);
  lease(kHostA, msg::Ports::dont_care(8));
  engine().limit_pool(pool, now_ + seconds(10));
  advance(seconds(10));
  tick();
  EXPECT_EQ(all<LeaseEnded>().size(), 1U);
  EXPECT_FALSE(owner(kParents, 5000));
}

}  // namespace
}  // namespace rsip::gateway
