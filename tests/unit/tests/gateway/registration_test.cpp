#include "tests/unit/tests/gateway/engine_fixture.h"

namespace rsip::gateway {
namespace {

using msg::ErrorCode;
using std::chrono::seconds;

class Registering : public EngineFixture {};

TEST_F(Registering, IsAnsweredWithPolicyLeaseMethodsAndTunnels) {
  const auto response = ask_for<msg::RegisterResponse>(kHostA, msg::RegisterRequest{});
  EXPECT_EQ(response.client, ClientId{1});
  EXPECT_EQ(response.lease, msg::LeaseTime(600));
  EXPECT_EQ(response.policy.local, msg::LocalFlowPolicy::kMacro);
  EXPECT_EQ(response.policy.remote, msg::RemoteFlowPolicy::kNone);
  EXPECT_THAT(response.methods, ::testing::ElementsAre(msg::Method::kRsaIp, msg::Method::kRsapIp,
                                                       msg::Method::kRsipsec));
  EXPECT_THAT(response.tunnels, ::testing::ElementsAre(msg::TunnelType::kIpIp));
}

// G-24: a client id for each host
TEST_F(Registering, GivesEveryHostAnotherClientId) {
  EXPECT_NE(register_host(kHostA), register_host(kHostB));
}

// G-23: 302 with the client id
TEST_F(Registering, TwiceIsRefusedWithTheClientIdOfTheFirst) {
  const ClientId client = register_host(kHostA);
  const auto error = ask_for<msg::ErrorResponse>(kHostA, msg::RegisterRequest{});
  EXPECT_EQ(error.code(), ErrorCode::kAlreadyRegistered);
  EXPECT_EQ(error.client, client);
}

// G-23: 304
TEST_F(Registering, IsDeniedToHostsThatAreNotAllowed) {
  settings_.hosts.allow = {{kHostA, 32}};
  EXPECT_EQ(refusal(kHostB, msg::RegisterRequest{}), ErrorCode::kRegistrationDenied);
  EXPECT_NE(register_host(kHostA), ClientId{});
}

TEST_F(Registering, IsDeniedToHostsThatAreDeniedAlthoughAllowed) {
  settings_.hosts.deny = {{kHostB, 32}};
  EXPECT_EQ(refusal(kHostB, msg::RegisterRequest{}), ErrorCode::kRegistrationDenied);
}

TEST_F(Registering, IsDeniedWhenThereAreAsManyHostsAsAllowed) {
  settings_.hosts.max_hosts = 1;
  register_host(kHostA);
  EXPECT_EQ(refusal(kHostB, msg::RegisterRequest{}), ErrorCode::kRegistrationDenied);
}

// G-37: the counter is echoed
TEST_F(Registering, EchoesTheMessageCounter) {
  msg::RegisterRequest request;
  request.trailer.counter = 4711;
  EXPECT_EQ(ask_for<msg::RegisterResponse>(kHostA, request).trailer.counter, 4711U);
  EXPECT_EQ(ask_for<msg::ErrorResponse>(kHostA, request).trailer.counter, 4711U);
}

TEST_F(Registering, GetsNoCounterBackWithoutSendingOne) {
  EXPECT_FALSE(ask_for<msg::RegisterResponse>(kHostA, msg::RegisterRequest{}).trailer.counter);
}

// G-21: unknown vendor parameters are ignored
TEST_F(Registering, IgnoresVendorAndPrivateParameters) {
  msg::RegisterRequest request;
  request.trailer.vendor = {{0x7ED9, 1, {1, 2, 3}}};
  request.trailer.private_use = {{241, {9}}};
  const auto response = ask_for<msg::RegisterResponse>(kHostA, request);
  EXPECT_EQ(response.trailer, msg::Trailer{});
}

TEST_F(Registering, AnnouncesNoMethodWithoutAPool) {
  settings_.pools.pop_back();
  settings_.pools.front().spis = {};
  const auto response = ask_for<msg::RegisterResponse>(kHostA, msg::RegisterRequest{});
  EXPECT_THAT(response.methods, ::testing::ElementsAre(msg::Method::kRsapIp));
}

class DeRegistering : public EngineFixture {};

// G-25: DE-REGISTER_RESPONSE, and all binds are freed
TEST_F(DeRegistering, EndsTheRegistrationAndAllItsBinds) {
  const ClientId client = register_host(kHostA);
  lease(kHostA, msg::Ports::dont_care(8));
  ask(kHostA, address_request(kHostA));
  const auto response =
      ask_for<msg::DeRegisterResponse>(kHostA, msg::DeRegisterRequest{client, {}});
  EXPECT_EQ(response.client, client);
  EXPECT_EQ(all<LeaseEnded>().size(), 2U);
  EXPECT_EQ(all<HostGone>().size(), 1U);
  EXPECT_EQ(engine().host_count(), 0U);
  EXPECT_EQ(engine().next_deadline(), TimePoint::max());
  EXPECT_FALSE(engine().table()->is_registered(kHostA));
  EXPECT_FALSE(owner(kShared, 1000));
}

// G-25: 305
TEST_F(DeRegistering, WithAnotherClientIdIsRefused) {
  const ClientId client = register_host(kHostA);
  const auto error =
      ask_for<msg::ErrorResponse>(kHostA, msg::DeRegisterRequest{{client.value + 1}, {}});
  EXPECT_EQ(error.code(), ErrorCode::kBadClientId);
  EXPECT_EQ(error.client, ClientId{client.value + 1});
}

// G-25, A-03: 301
TEST_F(DeRegistering, UnregisteredIsRefusedAsSection94Says) {
  EXPECT_EQ(refusal(kHostA, msg::DeRegisterRequest{{7}, {}}), ErrorCode::kRegisterFirst);
}

// or 303
TEST_F(DeRegistering, UnregisteredIsRefusedAsAppendixASaysIfSoConfigured) {
  settings_.deregister_refusal = ErrorCode::kAlreadyUnregistered;
  EXPECT_EQ(refusal(kHostA, msg::DeRegisterRequest{{7}, {}}), ErrorCode::kAlreadyUnregistered);
}

class Expiry : public EngineFixture {};

// G-26, G-37: DE-REGISTER_RESPONSE with counter 0
TEST_F(Expiry, OfTheRegistrationIsToldWithCounterZero) {
  const ClientId client = register_host(kHostA);
  EXPECT_EQ(engine().next_deadline(), now_ + seconds(600));
  advance(seconds(600));
  tick();
  const auto notices = all<Notify>();
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].host, kHostA);
  const auto& response = std::get<msg::DeRegisterResponse>(notices[0].message);
  EXPECT_EQ(response.client, client);
  EXPECT_EQ(response.trailer.counter, 0U);
  EXPECT_EQ(engine().host_count(), 0U);
}

// G-18: R = max(R, B)
TEST_F(Expiry, OfTheRegistrationIsNeverBeforeThatOfABind) {
  register_host(kHostA);
  auto request = ports_request(kHostA, msg::Ports::dont_care(1));
  request.lease = msg::LeaseTime(3600);
  const BindId bind = ask_for<msg::AssignResponseRsapIp>(kHostA, request).bind;
  EXPECT_EQ(engine().find(kHostA)->expires_at, now_ + seconds(3600));
  ask(kHostA, msg::FreeRequest{client_of(kHostA), bind, {}});
  EXPECT_EQ(engine().find(kHostA)->expires_at, now_ + seconds(3600));
}

// G-33, G-31: FREE_RESPONSE by itself
TEST_F(Expiry, OfABindLeavesTheRegistration) {
  register_host(kHostA);
  auto request = ports_request(kHostA, msg::Ports::dont_care(4));
  request.lease = msg::LeaseTime(60);
  const BindId bind = ask_for<msg::AssignResponseRsapIp>(kHostA, request).bind;
  advance(seconds(60));
  tick();
  const auto notices = all<Notify>();
  ASSERT_EQ(notices.size(), 1U);
  const auto& response = std::get<msg::FreeResponse>(notices[0].message);
  EXPECT_EQ(response.bind, bind);
  EXPECT_EQ(response.trailer.counter, 0U);
  EXPECT_TRUE(engine().table()->is_registered(kHostA));
  EXPECT_FALSE(owner(kShared, 1000));
}

TEST_F(Expiry, OfTheLastBindTogetherWithTheRegistrationTellsBothInOrder) {
  register_host(kHostA);
  auto request = ports_request(kHostA, msg::Ports::dont_care(4));
  request.lease = msg::LeaseTime(3600);
  ask(kHostA, request);
  advance(seconds(3600));
  tick();
  const auto notices = all<Notify>();
  ASSERT_EQ(notices.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<msg::FreeResponse>(notices[0].message));
  EXPECT_TRUE(std::holds_alternative<msg::DeRegisterResponse>(notices[1].message));
}

TEST_F(Expiry, IsNoticedByAMessageThatOvertakesTheTimer) {
  const ClientId client = register_host(kHostA);
  advance(seconds(600));
  send(kHostA, msg::QueryRequest{client, {}, {}, {}});
  const auto replies = all<Reply>();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(std::get<msg::ErrorResponse>(replies[0].message).code(), ErrorCode::kRegisterFirst);
}

class Stopping : public EngineFixture {};

TEST_F(Stopping, DeRegistersEverybody) {
  register_host(kHostA);
  register_host(kHostB);
  lease(kHostB, msg::Ports::dont_care(4));
  actions_ = engine().shut_down(now_);
  const auto notices = all<Notify>();
  ASSERT_EQ(notices.size(), 2U);
  for (const Notify& notice : notices) {
    EXPECT_EQ(std::get<msg::DeRegisterResponse>(notice.message).trailer.counter, 0U);
  }
  EXPECT_EQ(engine().host_count(), 0U);
}

class Dismissing : public EngineFixture {};

// G-26: DE-REGISTER_RESPONSE to a host that is served no longer
TEST_F(Dismissing, EndsARegistrationAndTellsTheHost) {
  const ClientId client = register_host(kHostA);
  lease(kHostA, msg::Ports::dont_care(4));
  actions_ = engine().dismiss(kHostA, now_);
  const auto notices = all<Notify>();
  ASSERT_EQ(notices.size(), 1U);
  const auto& response = std::get<msg::DeRegisterResponse>(notices[0].message);
  EXPECT_EQ(response.client, client);
  EXPECT_EQ(response.trailer.counter, 0U);
  EXPECT_EQ(engine().host_count(), 0U);
  EXPECT_FALSE(owner(kShared, 1000));
  EXPECT_TRUE(engine().dismiss(kHostA, now_).empty());
}

// G-33: FREE_RESPONSE for a bind that is taken back before its time
TEST_F(Dismissing, OfABindAloneLeavesTheRegistration) {
  register_host(kHostA);
  const BindId bind = lease(kHostA, msg::Ports::dont_care(4)).bind;
  EXPECT_TRUE(engine().revoke(kHostA, {bind.value + 1}, now_).empty());
  actions_ = engine().revoke(kHostA, bind, now_);
  const auto notices = all<Notify>();
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(std::get<msg::FreeResponse>(notices[0].message).bind, bind);
  EXPECT_NE(engine().find(kHostA), nullptr);
  EXPECT_FALSE(owner(kShared, 1000));
}

class Misuse : public EngineFixture {};

TEST_F(Misuse, IsToldWithClientIdAndCounterZero) {
  const ClientId client = register_host(kHostA);
  actions_ = engine().on_misuse(kHostA, ErrorCode::kLocalAddrportUnallowed);
  const auto notices = all<Notify>();
  ASSERT_EQ(notices.size(), 1U);
  const auto& error = std::get<msg::ErrorResponse>(notices[0].message);
  EXPECT_EQ(error.code(), ErrorCode::kLocalAddrportUnallowed);
  EXPECT_EQ(error.client, client);
  EXPECT_EQ(error.trailer.counter, 0U);
}

TEST_F(Misuse, ByAHostThatIsNotRegisteredIsToldToRegisterFirst) {
  actions_ = engine().on_misuse(kHostA, ErrorCode::kLocalAddrUnallowed);
  const auto notices = all<Notify>();
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(std::get<msg::ErrorResponse>(notices[0].message).code(), ErrorCode::kRegisterFirst);
}

TEST(ClientIds, AreTunnelIdsAsWellSoTheirLow16BitsAreNeverZero) {
  Engine engine({}, 0x0001FFFF);
  const TimePoint now{std::chrono::hours(1)};
  engine.on({kHostA}, msg::Message(msg::RegisterRequest{}), now);
  engine.on({kHostB}, msg::Message(msg::RegisterRequest{}), now);
  EXPECT_EQ(engine.find(kHostA)->client, ClientId{0x0001FFFF});
  EXPECT_EQ(engine.find(kHostB)->client, ClientId{0x00020001});
  EXPECT_EQ(engine.table()->host_of_tunnel_id(1)->address, kHostB);
}

}  // namespace
}  // namespace rsip::gateway
