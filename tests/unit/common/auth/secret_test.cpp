#include "common/auth/secret.h"

#include <string>

#include <gtest/gtest.h>

namespace rsip::auth {
namespace {

std::vector<std::uint8_t> bytes_of(std::string_view text) {
  const auto secret = Secret::parse(text);
  EXPECT_TRUE(secret) << (secret ? "" : secret.error().message);
  if (!secret) return {};
  return {secret->bytes().begin(), secret->bytes().end()};
}

std::string refusal(std::string_view text) {
  const auto secret = Secret::parse(text);
  return secret ? "accepted" : secret.error().message;
}

TEST(Secret, ReadsHexadecimalDigitsInEitherCase) {
  const std::vector<std::uint8_t> expected = {0, 1, 2,  3,  4,  5,  6,  7,
                                              8, 9, 10, 11, 12, 13, 14, 0xFF};
  EXPECT_EQ(bytes_of("000102030405060708090A0B0c0d0eFf"), expected);
}

TEST(Secret, TakesOtherTextAsItIs) {
  const std::string text = "sixteen or more!";
  EXPECT_EQ(bytes_of(text), std::vector<std::uint8_t>(text.begin(), text.end()));
}

TEST(Secret, CutsOneLineBreakAtTheEnd) {
  const std::string text = "correct horse battery";
  EXPECT_EQ(bytes_of(text + "\n"), bytes_of(text));
  EXPECT_EQ(bytes_of(text + "\r\n"), bytes_of(text));
}

TEST(Secret, RefusesWhatIsTooShortToKeepASecret) {
  EXPECT_EQ(refusal(""), "the secret is empty");
  EXPECT_EQ(refusal("\n"), "the secret is empty");
  EXPECT_EQ(refusal("only 15 letters"), "the secret is too short");
  EXPECT_EQ(refusal("0123456789abcdef"), "the secret is too short") << "8 bytes in hexadecimal";
  EXPECT_EQ(refusal(std::string(31, 'a')), "the secret has an odd number of hexadecimal digits");
}

TEST(Secret, RefusesWhatIsNoSecretsFile) {
  EXPECT_EQ(refusal("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n"),
            "the secret has several lines");
  EXPECT_EQ(refusal("a long enough line\n\n"), "the secret has several lines");
  EXPECT_EQ(refusal(std::string(257, 'x')), "the secret is too long");
  EXPECT_EQ(refusal(std::string(514, 'a')), "the secret is too long");
}

TEST(Secret, IsNotQuotedByAnyError) {
  const auto secret = Secret::parse("hunter2");
  ASSERT_FALSE(secret);
  EXPECT_EQ(to_line(secret.error()).find("hunter2"), std::string::npos);
}

TEST(Secret, CanBeAssignedToItself) {
  Secret secret = *Secret::parse("correct horse battery");
  const Secret& same = secret;
  secret = same;
  EXPECT_EQ(secret, *Secret::parse("correct horse battery"));
  EXPECT_NE(secret, *Secret::parse("correct horse batterie"));
}

}  // namespace
}  // namespace rsip::auth
