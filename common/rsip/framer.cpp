#include "common/rsip/framer.h"

#include "common/base/bytes.h"

namespace rsip::msg {
namespace {

/// Judged as soon as a byte of it is there, so that a peer that speaks something else is noticed
/// before it has sent four bytes.
std::optional<DecodeError> fault_in_header(std::span<const std::uint8_t> bytes) {
  DecodeError error;
  if (!bytes.empty() && bytes[0] != kVersion) {
    error.code = ErrorCode::kUnsupportedRsipVersion;
    error.detail = "version: not 1";
    return error;
  }
  if (bytes.size() < kHeaderBytes || ByteReader(bytes.subspan(2)).u16() >= kHeaderBytes) {
    return std::nullopt;
  }
  error.offset = 2;
  error.detail = "overall length: under 4";
  return error;
}

}  // namespace

void Framer::feed(std::span<const std::uint8_t> bytes) {
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(consumed_));
  consumed_ = 0;
  if (fault_in_header(buffer_)) return;  // broken for good: nothing more to keep
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

Result<std::optional<std::span<const std::uint8_t>>, DecodeError> Framer::next() {
  const auto waiting = std::span<const std::uint8_t>(buffer_).subspan(consumed_);
  if (auto fault = fault_in_header(waiting)) return tl::unexpected(*fault);
  if (waiting.size() < kHeaderBytes) return std::nullopt;
  const std::size_t overall = ByteReader(waiting.subspan(2)).u16();
  if (waiting.size() < overall) return std::nullopt;
  consumed_ += overall;
  return waiting.first(overall);
}

}  // namespace rsip::msg
