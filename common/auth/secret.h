#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace rsip::auth {

inline constexpr std::size_t kLeastSecretBytes = 16;
inline constexpr std::size_t kMostSecretBytes = 256;

/// What two sides share and nobody else knows. Wiped from memory at its end; there is no way to
/// print it, and no error quotes it.
class Secret {
 public:
  /// From the text of a secret's file: at least 32 hexadecimal digits (an even number of them),
  /// which stand for half as many bytes, or any other line of at least 16 characters, taken as it
  /// is. One line break at the end does not count.
  ///
  /// errors   kConfigInvalid: too short, too long, more than one line, an odd number of digits
  static Result<Secret> parse(std::string_view text);

  Secret() = default;
  explicit Secret(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)) {}
  ~Secret();
  Secret(const Secret&) = default;
  Secret& operator=(const Secret& other);
  Secret(Secret&& other) noexcept = default;
  Secret& operator=(Secret&& other) noexcept;

  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return bytes_; }

  /// Takes as long for every secret of this length.
  bool operator==(const Secret& other) const;

 private:
  void wipe();

  std::vector<std::uint8_t> bytes_;
};

/// A secret with the number by which messages name it.
struct Key {
  std::uint32_t id = 0;
  Secret secret;

  bool operator==(const Key&) const = default;
};

}  // namespace rsip::auth
