#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/base/result.h"
#include "common/rsip/codec.h"

namespace rsip::msg {

/// Cuts a TCP byte stream into whole messages by their overall length (RFC 3103 section 9).
///
/// Feed bytes as they come, then take frames until there is none. A header that cannot be one (a
/// length under 4, a version that is not 1) breaks the stream for good: there is no way to find
/// the next message.
class Framer {
 public:
  void feed(std::span<const std::uint8_t> bytes);

  /// The next whole message as raw bytes (valid until the next feed), nothing if more bytes are
  /// needed, or why the stream is broken.
  Result<std::optional<std::span<const std::uint8_t>>, DecodeError> next();

  /// Bytes that wait for the rest of their message.
  [[nodiscard]] std::size_t pending() const { return buffer_.size() - consumed_; }

 private:
  std::vector<std::uint8_t> buffer_;
  std::size_t consumed_ = 0;
};

}  // namespace rsip::msg
