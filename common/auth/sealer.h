#pragma once

#include <cstdint>
#include <vector>

#include "common/auth/seal.h"

namespace rsip::auth {

/// Seals the messages of one sender.
class Sealer {
 public:
  /// first_counter   of the first seal, at least 1 and above all that this sender has used with the
  ///                 key before: microseconds of wall clock time are (README.md)
  Sealer(Key key, Direction direction, std::uint64_t first_counter)
      : key_(std::move(key)), direction_(direction), next_(first_counter) {}

  /// Appends the seal to an encoded message and counts it into the overall length.
  ///
  /// errors   kOther: the message is no message, or over 65535 bytes with the seal; then it is left
  ///          as it was
  Result<void> seal(std::vector<std::uint8_t>& message);

  /// From now on, counters are above this one. A gateway calls it with the counter of each request.
  void stay_above(std::uint64_t counter);

  /// Below everything that will be sealed.
  [[nodiscard]] std::uint64_t last_counter() const { return next_ - 1; }
  [[nodiscard]] const Key& key() const { return key_; }

 private:
  Key key_;
  Direction direction_;
  std::uint64_t next_;
};

}  // namespace rsip::auth
