#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/auth/seal.h"

namespace rsip::auth {

/// Which counters have come already: the 64 up to the highest one are remembered singly, older ones
/// count as seen (RFC 4303 section 3.4.3). UDP may reorder within that.
class ReplayWindow {
 public:
  /// newer_than   up to this one, counters count as seen
  explicit ReplayWindow(std::uint64_t newer_than = 0) : floor_(newer_than), highest_(newer_than) {}

  [[nodiscard]] bool is_new(std::uint64_t counter) const;
  /// To be called for a counter that is new, once its message has proven to be genuine.
  void mark(std::uint64_t counter);

 private:
  std::uint64_t floor_;
  std::uint64_t highest_;
  std::uint64_t seen_ = ~std::uint64_t{0};  ///< Bit n: highest_ - n.
};

/// A message that a holder of the key has sent.
struct Opened {
  std::uint32_t key_id = 0;
  std::uint64_t counter = 0;
  std::vector<std::uint8_t> message;  ///< Without the seal, the overall length says so.
};

/// Checks the seals of one sender. A fault changes nothing.
class Opener {
 public:
  /// from         the way the messages to be opened go
  /// newer_than   seals with this counter or a lower one count as replayed
  Opener(Key key, Direction from, std::uint64_t newer_than = 0)
      : key_(std::move(key)), from_(from), window_(newer_than) {}

  /// Verifies one whole message and takes its seal off.
  Result<Opened, SealFault> open(std::span<const std::uint8_t> message);

 private:
  Key key_;
  Direction from_;
  ReplayWindow window_;
};

}  // namespace rsip::auth
