#include "agent/transport/outbox.h"

#include <chrono>

#include "common/rsip/codec.h"

namespace rsip::agent {

Outbox::Outbox(const std::optional<auth::Key>& key, std::uint64_t now_us) {
  if (key) sealer_.emplace(*key, auth::Direction::kHostToGateway, now_us);
}

std::optional<std::vector<std::uint8_t>> Outbox::pack(const msg::Message& message) {
  auto bytes = msg::encode(message);
  if (!bytes || (sealer_ && !sealer_->seal(*bytes))) return std::nullopt;
  return std::move(*bytes);
}

std::uint64_t wall_clock_us() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

}  // namespace rsip::agent
