#include "tests/gateway/server/authenticator.h"

#include <gtest/gtest.h>

namespace rsip::gateway {
namespace {

using auth::SealFault;
using std::chrono::seconds;
using Bytes = std::vector<std::uint8_t>;

constexpr Ipv4Address kHost{0x0A010002};
constexpr Ipv4Address kOther{0x0A010003};
constexpr Ipv4Address kStranger{0x0A020001};
const Bytes kRequest = {1, 2, 0, 11, 11, 0, 4, 0, 0, 0, 1};
const Authenticator::Time kNow(seconds(1000));
constexpr std::uint64_t kWallClock = 5000;

auth::Key key(std::uint32_t id) {
  return {id, *auth::Secret::parse("the secret of key " + std::to_string(id))};
}

/// Keys 1 and 2, key 1 for 10.1.0.0/16 alone.
AuthSettings settings() {
  AuthSettings all;
  all.keys = {{key(1), {*Ipv4Prefix::parse("10.1.0.0/16")}}, {key(2)}};
  all.memory = seconds(60);
  return all;
}

Authenticator make(const AuthSettings& with = settings()) {
  return {with, [] { return kWallClock; }};
}

Bytes sealed(std::uint32_t id, std::uint64_t counter) {
  Bytes bytes = kRequest;
  auth::Sealer sealer(key(id), auth::Direction::kHostToGateway, counter);
  EXPECT_TRUE(sealer.seal(bytes));
  return bytes;
}

/// What the gateway's answer to the host is sealed with.
auth::SealView seal_of_answer(Authenticator& gateway, Ipv4Address host = kHost) {
  Bytes answer = kRequest;
  EXPECT_TRUE(gateway.seal(host, answer, kNow));
  return auth::find_seal(answer).value_or(auth::SealView{});
}

SealFault fault(Authenticator& gateway, const Bytes& message, Ipv4Address host = kHost) {
  const auto admitted = gateway.admit(host, message, kNow);
  EXPECT_FALSE(admitted);
  return admitted ? SealFault{} : admitted.error();
}

TEST(Authenticator, IgnoresSealsWithoutKeys) {
  Authenticator gateway = make(AuthSettings());
  const auto admitted = gateway.admit(kHost, sealed(1, 1), kNow);
  ASSERT_TRUE(admitted);
  EXPECT_FALSE(admitted->key);
  EXPECT_EQ(admitted->message, sealed(1, 1));
}

TEST(Authenticator, SaysWhichKeyProvedAMessage) {
  Authenticator gateway = make();
  const auto admitted = gateway.admit(kHost, sealed(2, 1), kNow);
  ASSERT_TRUE(admitted);
  EXPECT_EQ(admitted->key, 2U);
  EXPECT_EQ(admitted->message, kRequest);
}

TEST(Authenticator, TakesAHostThatHasNeverSealed) {
  Authenticator gateway = make();
  const auto admitted = gateway.admit(kHost, kRequest, kNow);
  ASSERT_TRUE(admitted);
  EXPECT_FALSE(admitted->key);
  Bytes answer = kRequest;
  EXPECT_TRUE(gateway.seal(kHost, answer, kNow));
  EXPECT_EQ(answer, kRequest);
}

// H-020: with required authentication nothing unsealed counts
TEST(Authenticator, TakesNothingUnsealedIfAuthenticationIsRequired) {
  AuthSettings strict = settings();
  strict.required = true;
  Authenticator gateway = make(strict);
  EXPECT_EQ(fault(gateway, kRequest), SealFault::kNotSealed);
  EXPECT_TRUE(gateway.must_seal(kStranger, kNow));
}

TEST(Authenticator, TakesNothingUnsealedFromAHostThatSealedLately) {
  Authenticator gateway = make();
  EXPECT_TRUE(gateway.admit(kHost, sealed(1, 1), kNow));
  EXPECT_EQ(fault(gateway, kRequest), SealFault::kNotSealed);
  EXPECT_TRUE(gateway.admit(kOther, kRequest, kNow));
  EXPECT_TRUE(gateway.admit(kHost, kRequest, kNow + seconds(60)));
}

TEST(Authenticator, TakesAKeyOnlyFromTheHostsItIsFor) {
  Authenticator gateway = make();
  EXPECT_EQ(fault(gateway, sealed(1, 1), kStranger), SealFault::kUnknownKey);
  EXPECT_TRUE(gateway.admit(kStranger, sealed(2, 1), kNow));
  EXPECT_EQ(fault(gateway, sealed(3, 1)), SealFault::kUnknownKey);
}

// H-020: tampered and replayed messages are refused
TEST(Authenticator, RefusesTamperedAndReplayedMessages) {
  Authenticator gateway = make();
  Bytes tampered = sealed(1, 1);
  tampered[10] ^= 1;
  EXPECT_EQ(fault(gateway, tampered), SealFault::kBadMac);
  EXPECT_TRUE(gateway.admit(kHost, sealed(1, 1), kNow));
  EXPECT_EQ(fault(gateway, sealed(1, 1)), SealFault::kReplayed);
}

TEST(Authenticator, CountsForEachHostAndKey) {
  Authenticator gateway = make();
  EXPECT_TRUE(gateway.admit(kHost, sealed(1, 900), kNow));
  EXPECT_TRUE(gateway.admit(kHost, sealed(2, 5), kNow));
  EXPECT_TRUE(gateway.admit(kOther, sealed(1, 5), kNow));
  EXPECT_EQ(fault(gateway, sealed(1, 5)), SealFault::kReplayed);
  EXPECT_EQ(fault(gateway, sealed(1, 900)), SealFault::kReplayed);
}

TEST(Authenticator, SealsWithTheKeyThatTheHostUsedLast) {
  Authenticator gateway = make();
  EXPECT_TRUE(gateway.admit(kHost, sealed(1, 1), kNow));
  EXPECT_EQ(seal_of_answer(gateway).key_id, 1U);
  EXPECT_TRUE(gateway.admit(kHost, sealed(2, 1), kNow));
  EXPECT_EQ(seal_of_answer(gateway).key_id, 2U);
}

TEST(Authenticator, BeginsAtTheWallClockAndStaysAboveTheRequests) {
  Authenticator gateway = make();
  EXPECT_TRUE(gateway.admit(kHost, sealed(1, 1), kNow));
  EXPECT_EQ(seal_of_answer(gateway).counter, kWallClock);
  EXPECT_EQ(seal_of_answer(gateway).counter, kWallClock + 1);
  EXPECT_TRUE(gateway.admit(kHost, sealed(1, 90000), kNow));
  EXPECT_EQ(seal_of_answer(gateway).counter, 90001U);
}

TEST(Authenticator, KeepsNothingOfForgers) {
  AuthSettings small = settings();
  small.max_hosts = 1;
  Authenticator gateway = make(small);
  EXPECT_TRUE(gateway.admit(kHost, sealed(1, 1), kNow));
  Bytes forged = sealed(2, 1);
  forged.back() ^= 1;
  EXPECT_EQ(fault(gateway, forged, kStranger), SealFault::kBadMac);
  EXPECT_EQ(fault(gateway, sealed(1, 1)), SealFault::kReplayed) << "the host is still known";
}

}  // namespace
}  // namespace rsip::gateway
