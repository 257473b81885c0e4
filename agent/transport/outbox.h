#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/auth/sealer.h"
#include "common/rsip/messages.h"

namespace rsip::agent {

/// Messages to the bytes that leave: encoded, and sealed if there is a key. Lives as long as its
/// link, over all its connections: a seal's counter is never used again.
class Outbox {
 public:
  /// now_us   wall clock, microseconds since 1970: where the counters of seals begin
  Outbox(const std::optional<auth::Key>& key, std::uint64_t now_us);

  /// Nothing if a field is out of bounds or the message would be too long.
  std::optional<std::vector<std::uint8_t>> pack(const msg::Message& message);

  /// Answers to what will be packed have higher ones (common/auth/README.md).
  [[nodiscard]] std::uint64_t last_counter() const { return sealer_ ? sealer_->last_counter() : 0; }

 private:
  std::optional<auth::Sealer> sealer_;
};

/// Microseconds since 1970.
std::uint64_t wall_clock_us();

}  // namespace rsip::agent
