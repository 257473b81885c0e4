#include "common/auth/seal.h"

#include <numeric>

#include <gtest/gtest.h>

#include "common/auth/opener.h"
#include "common/auth/sealer.h"
#include "common/rsip/codec.h"

namespace rsip::auth {
namespace {

using Bytes = std::vector<std::uint8_t>;

// REGISTER_REQUEST with counter 1.
const Bytes kRequest = {1, 2, 0, 11, 11, 0, 4, 0, 0, 0, 1};
// REGISTER_RESPONSE: client 7, lease 100 s, flow policy macro and none, counter 1.
const Bytes kResponse = {1, 3, 0,   30, 4, 0, 4, 0, 0,  0, 7, 3, 0, 4, 0,
                         0, 0, 100, 9,  0, 2, 1, 3, 11, 0, 4, 0, 0, 0, 1};

// Both computed with Python's hmac and struct modules from the text of README.md, not with this
// code: the request with the secret 00 01 .. 1f, key 7, counter 0x0006123456789abc.
const Bytes kSealedRequest = {
    1,    2,    0,    62,   11,   0,    4,    0,    0,    0,    1,  // as before, but longer
    12,   0,    48,   0x7e, 0xd9, 0,    1,                          // vendor specific, ours, seal
    0,    0,    0,    7,    0,    6,    0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc,  // key, counter
    0xc3, 0xe8, 0xaa, 0x2f, 0x55, 0x92, 0x44, 0xdd, 0x07, 0x8e, 0x84, 0xfa, 0x58, 0x16, 0x54, 0x5f,
    0x4e, 0xcd, 0xdd, 0xbd, 0x72, 0x08, 0xa5, 0x5a, 0xda, 0x87, 0xca, 0xe2, 0x02, 0xbe, 0x68, 0x61};
// The response with the secret "correct horse battery", key 1, counter 1.
const Bytes kSealedResponse = {
    1,    3,    0,    81,   4,    0,    4,    0,    0,    0,    7,    3,    0,    4,
    0,    0,    0,    100,  9,    0,    2,    1,    3,    11,   0,    4,    0,    0,
    0,    1,    12,   0,    48,   0x7e, 0xd9, 0,    1,    0,    0,    0,    1,    0,
    0,    0,    0,    0,    0,    0,    1,    0x84, 0xa1, 0x80, 0xf5, 0x48, 0xa7, 0x64,
    0x9d, 0x5e, 0x4b, 0xfb, 0x09, 0xfe, 0xfb, 0xf6, 0xa9, 0x6e, 0xf8, 0xdf, 0x1a, 0xf1,
    0x3c, 0xfd, 0x39, 0x16, 0x69, 0x32, 0xf3, 0xb1, 0x41, 0xcf, 0xe3};
constexpr std::uint64_t kCounter = 0x0006123456789abc;

Key host_key() {
  Bytes secret(32);
  std::iota(secret.begin(), secret.end(), std::uint8_t{0});
  return {7, Secret(secret)};
}

Key gateway_key() {
  return {1, *Secret::parse("correct horse battery")};
}

Opener opener(std::uint64_t newer_than = 0) {
  return {host_key(), Direction::kHostToGateway, newer_than};
}

Result<Opened, SealFault> open(const Bytes& message) {
  return opener().open(message);
}

Bytes sealed(Bytes message, std::uint64_t counter = kCounter) {
  Sealer sealer(host_key(), Direction::kHostToGateway, counter);
  EXPECT_TRUE(sealer.seal(message));
  return message;
}

// the documented vendor parameter, byte for byte, in both directions
TEST(Seal, IsWhatTheDocumentationSays) {
  EXPECT_EQ(sealed(kRequest), kSealedRequest);
  Bytes response = kResponse;
  Sealer gateway(gateway_key(), Direction::kGatewayToHost, 1);
  ASSERT_TRUE(gateway.seal(response));
  EXPECT_EQ(response, kSealedResponse);
}

TEST(Seal, ComesOffAgain) {
  const auto request = open(kSealedRequest);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->key_id, 7U);
  EXPECT_EQ(request->counter, kCounter);
  EXPECT_EQ(request->message, kRequest);
  Opener host(gateway_key(), Direction::kGatewayToHost);
  const auto response = host.open(kSealedResponse);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->message, kResponse);
}

// whoever does not know the parameter reads the message as if it were not there
TEST(Seal, IsIgnoredByADecoderThatDoesNotKnowIt) {
  const auto message = msg::decode(kSealedRequest);
  ASSERT_TRUE(message);
  EXPECT_EQ(std::get<msg::RegisterRequest>(*message).trailer.counter, 1U);
}

// H-020: not one bit may be changed under way
TEST(Seal, BreaksWithEveryBitThatIsChanged) {
  for (std::size_t i = 0; i < kSealedRequest.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes tampered = kSealedRequest;
      tampered[i] ^= static_cast<std::uint8_t>(1 << bit);
      ASSERT_FALSE(open(tampered)) << "byte " << i << " bit " << bit;
    }
  }
}

TEST(Seal, BreaksWhenTheMessageIsCutShort) {
  for (std::size_t size = 0; size < kSealedRequest.size(); ++size) {
    Bytes cut(kSealedRequest.begin(), kSealedRequest.begin() + static_cast<std::ptrdiff_t>(size));
    ASSERT_FALSE(open(cut)) << size;
    if (size < 4) continue;
    cut[3] = static_cast<std::uint8_t>(size);
    ASSERT_FALSE(open(cut)) << size << ", with the overall length put right";
  }
}

TEST(Seal, BreaksWhenSomethingIsAppended) {
  Bytes longer = kSealedRequest;
  longer.insert(longer.end(), {241, 0, 0});
  EXPECT_EQ(open(longer).error(), SealFault::kNotSealed);
  longer[3] = static_cast<std::uint8_t>(longer.size());
  EXPECT_EQ(open(longer).error(), SealFault::kNotSealed) << "the seal has to be the last parameter";
}

TEST(Seal, NamesASealOfTheWrongSize) {
  Bytes shorter = kSealedRequest;
  shorter.pop_back();
  shorter[3] = static_cast<std::uint8_t>(shorter.size());
  shorter[13] = 47;
  EXPECT_EQ(open(shorter).error(), SealFault::kMalformed);
}

TEST(Seal, IsNotMistakenForAnotherVendorsParameter) {
  Bytes others = kSealedRequest;
  others[14] = 0;
  EXPECT_EQ(open(others).error(), SealFault::kNotSealed);
  EXPECT_EQ(open(kRequest).error(), SealFault::kNotSealed);
}

TEST(Seal, CountsOnlyWithOurKeyAndSecret) {
  Opener other_id({8, host_key().secret}, Direction::kHostToGateway);
  EXPECT_EQ(other_id.open(kSealedRequest).error(), SealFault::kUnknownKey);
  Opener other_secret({7, gateway_key().secret}, Direction::kHostToGateway);
  EXPECT_EQ(other_secret.open(kSealedRequest).error(), SealFault::kBadMac);
}

// H-020: the anti-replay counter
TEST(Seal, CountsOnce) {
  Opener gateway = opener();
  EXPECT_TRUE(gateway.open(kSealedRequest));
  EXPECT_EQ(gateway.open(kSealedRequest).error(), SealFault::kReplayed);
}

TEST(Seal, CannotBeSentBackToItsSender) {
  Opener host(host_key(), Direction::kGatewayToHost);
  EXPECT_EQ(host.open(kSealedRequest).error(), SealFault::kBadMac);
}

TEST(Seal, MayBeOvertaken) {
  Opener gateway = opener();
  EXPECT_TRUE(gateway.open(sealed(kRequest, 102)));
  EXPECT_TRUE(gateway.open(sealed(kRequest, 101)));
  EXPECT_EQ(gateway.open(sealed(kRequest, 101)).error(), SealFault::kReplayed);
}

TEST(Seal, IsOutOfDateUpToWhereTheReceiverBegins) {
  Opener gateway = opener(100);
  EXPECT_EQ(gateway.open(sealed(kRequest, 100)).error(), SealFault::kReplayed);
  EXPECT_TRUE(gateway.open(sealed(kRequest, 101)));
}

TEST(Seal, OfAForgerDoesNotMoveTheWindow) {
  Opener gateway = opener();
  Bytes forged = sealed(kRequest, ~std::uint64_t{0});
  forged.back() ^= 1;
  EXPECT_EQ(gateway.open(forged).error(), SealFault::kBadMac);
  EXPECT_TRUE(gateway.open(sealed(kRequest, 1)));
}

TEST(Sealer, CountsUpwards) {
  Sealer sealer(host_key(), Direction::kHostToGateway, 5);
  EXPECT_EQ(sealer.last_counter(), 4U);
  for (const std::uint64_t expected : {5U, 6U}) {
    Bytes message = kRequest;
    ASSERT_TRUE(sealer.seal(message));
    EXPECT_EQ(find_seal(message)->counter, expected);
  }
  sealer.stay_above(99);
  sealer.stay_above(3);
  EXPECT_EQ(sealer.last_counter(), 99U);
}

TEST(Sealer, RefusesWhatWouldBeTooLong) {
  Bytes longest(65535 - kSealBytes);
  longest[0] = 1;
  Sealer sealer(host_key(), Direction::kHostToGateway, 1);
  EXPECT_TRUE(sealer.seal(longest));
  EXPECT_EQ(longest.size(), 65535U);
  Bytes too_long(65536 - kSealBytes);
  EXPECT_FALSE(sealer.seal(too_long));
  EXPECT_EQ(too_long.size(), 65536 - kSealBytes);
  Bytes no_message(3);
  EXPECT_FALSE(sealer.seal(no_message));
}

}  // namespace
}  // namespace rsip::auth
