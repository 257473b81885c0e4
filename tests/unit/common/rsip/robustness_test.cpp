#include <gtest/gtest.h>

#include "common/rsip/codec.h"
#include "common/rsip/framer.h"
#include "tests/fakes/seed.h"
#include "tests/unit/common/rsip/random_message.h"
#include "tests/unit/common/rsip/vector_file.h"

namespace rsip::msg {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// Whatever decodes can be encoded, to something that says the same; whatever does not, has its
/// fault inside the message or at its end.
void check(const Bytes& bytes) {
  const auto message = decode(bytes);
  if (!message) {
    ASSERT_LE(message.error().offset, bytes.size());
    ASSERT_STRNE(to_string(message.error().code), "?");
    ASSERT_FALSE(message.error().detail.empty());
    return;
  }
  const auto again = encode(*message);
  ASSERT_TRUE(again) << again.error().message;
  ASSERT_TRUE(decode(*again) == *message);
}

void mutate(Bytes& bytes, Random& random) {
  const std::size_t at = random() % bytes.size();
  const auto here = bytes.begin() + static_cast<std::ptrdiff_t>(at);
  switch (random() % 6) {
    case 0:
      bytes[at] = static_cast<std::uint8_t>(random());
      break;
    case 1:
      bytes[at] ^= static_cast<std::uint8_t>(1U << random() % 8);
      break;
    case 2:
      bytes[at] = static_cast<std::uint8_t>(random() % 24);
      break;
    case 3:
      bytes.insert(here, static_cast<std::uint8_t>(random() % 24));
      break;
    case 4:
      if (bytes.size() > 1) bytes.erase(here);
      break;
    default: {
      const Bytes copy(here, bytes.end());
      bytes.insert(bytes.end(), copy.begin(), copy.end());
    }
  }
}

void fix_length(Bytes& bytes) {
  if (bytes.size() < 4) return;
  bytes[2] = static_cast<std::uint8_t>(bytes.size() >> 8);
  bytes[3] = static_cast<std::uint8_t>(bytes.size());
}

// H-077, H-083, H-229: whatever the lengths say
TEST(Codec, SurvivesMutatedVectors) {
  constexpr int kRounds = 2000;
  Random random(fakes::test_seed());
  const auto vectors = load_vectors();
  for (int round = 0; round < kRounds; ++round) {
    for (const VectorFile& vector : vectors) {
      Bytes bytes = vector.bytes;
      for (std::size_t i = random() % 4; i < 4; ++i) mutate(bytes, random);
      if (random() % 4 != 0) fix_length(bytes);
      check(bytes);
      if (HasFatalFailure()) FAIL() << "round " << round << ", " << vector.name;
    }
  }
}

TEST(Codec, SurvivesRandomBytes) {
  constexpr int kRounds = 50000;
  Random random(fakes::test_seed());
  for (int round = 0; round < kRounds; ++round) {
    Bytes bytes(random() % 120);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() % 2 ? random() : 0);
    if (bytes.size() >= 4) {
      bytes[0] = 1;
      bytes[1] = static_cast<std::uint8_t>(random() % 24);
    }
    fix_length(bytes);
    check(bytes);
    if (HasFatalFailure()) FAIL() << "round " << round;
  }
}

TEST(Codec, GivesEveryRandomMessageBackAsItWas) {
  constexpr int kRounds = 5000;
  Random random(fakes::test_seed());
  for (int round = 0; round < kRounds; ++round) {
    const Message message = random_message(random);
    const auto bytes = encode(message);
    ASSERT_TRUE(bytes) << "round " << round << ": " << bytes.error().message;
    const auto back = decode(*bytes);
    ASSERT_TRUE(back) << "round " << round << ": " << back.error().detail;
    ASSERT_TRUE(*back == message) << "round " << round << ", " << to_string(type_of(message));
  }
}

TEST(Framer, SurvivesRandomStreams) {
  constexpr int kRounds = 500;
  Random random(fakes::test_seed());
  const auto vectors = load_vectors();
  for (int round = 0; round < kRounds; ++round) {
    Bytes stream;
    for (int i = 0; i < 10; ++i) {
      Bytes bytes = vectors[random() % vectors.size()].bytes;
      if (random() % 4 == 0) mutate(bytes, random);
      stream.insert(stream.end(), bytes.begin(), bytes.end());
    }
    Framer framer;
    std::size_t framed = 0;
    for (std::size_t at = 0; at < stream.size();) {
      const std::size_t size = std::min<std::size_t>(1 + random() % 50, stream.size() - at);
      framer.feed(std::span(stream).subspan(at, size));
      at += size;
      for (auto frame = framer.next(); frame && *frame; frame = framer.next()) {
        ASSERT_TRUE(std::equal((*frame)->begin(), (*frame)->end(),
                               stream.begin() + static_cast<std::ptrdiff_t>(framed)));
        framed += (*frame)->size();
      }
    }
    ASSERT_LE(framed + framer.pending(), stream.size());
  }
}

}  // namespace
}  // namespace rsip::msg
