#include "common/auth/secret.h"

#include <algorithm>
#include <openssl/crypto.h>
#include <optional>
#include <string>
#include <utility>

namespace rsip::auth {
namespace {

constexpr const char* kAllowed =
    "allowed: one line of 32 to 512 hexadecimal digits (openssl rand -hex 32), or of 16 to 256 "
    "other characters";

std::optional<std::uint8_t> digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
  return std::nullopt;
}

std::string_view without_line_break(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::vector<std::uint8_t> from_hex(std::string_view digits) {
  std::vector<std::uint8_t> bytes(digits.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(*digit(digits[2 * i]) << 4 | *digit(digits[2 * i + 1]));
  }
  return bytes;
}

}  // namespace

Result<Secret> Secret::parse(std::string_view text) {
  const auto refuse = [](const std::string& why) {
    return fail(ErrorKind::kConfigInvalid, "the secret " + why, kAllowed);
  };
  const std::string_view line = without_line_break(text);
  const bool is_hex = std::ranges::all_of(line, [](char c) { return digit(c).has_value(); });
  const std::size_t size = is_hex ? line.size() / 2 : line.size();
  if (line.empty()) return refuse("is empty");
  if (line.find_first_of("\r\n") != std::string_view::npos) return refuse("has several lines");
  if (is_hex && line.size() % 2 != 0) return refuse("has an odd number of hexadecimal digits");
  if (size < kLeastSecretBytes) return refuse("is too short");
  if (size > kMostSecretBytes) return refuse("is too long");
  if (is_hex) return Secret(from_hex(line));
  return Secret({line.begin(), line.end()});
}

Secret::~Secret() {
  wipe();
}

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) *this = Secret(other);
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  std::swap(bytes_, other.bytes_);  // the other one wipes what was ours
  return *this;
}

bool Secret::operator==(const Secret& other) const {
  return bytes_.size() == other.bytes_.size() &&
         CRYPTO_memcmp(bytes_.data(), other.bytes_.data(), bytes_.size()) == 0;
}

void Secret::wipe() {
  OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

}  // namespace rsip::auth
