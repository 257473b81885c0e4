#include <cstddef>
#include <cstdint>
#include <span>

#include "common/rsip/codec.h"
#include "tests/fuzz/require.h"

// Any bytes at all are either a message or refused with a reason. What is a message can be encoded,
// and the bytes of that say the same: nothing is understood that could not be said.
namespace {

using rsip::fuzz::require;

void check_fault(const rsip::msg::DecodeError& fault, std::size_t size) {
  require(fault.offset <= size, "a fault lies inside the message or at its end");
  require(!fault.detail.empty(), "a fault has a text");
}

void check_message(const rsip::msg::Message& message) {
  const auto bytes = rsip::msg::encode(message);
  require(bytes.has_value(), "what was decoded can be encoded");
  const auto again = rsip::msg::decode(*bytes);
  require(again.has_value(), "what we encode can be decoded");
  require(*again == message, "what we encode says what was decoded");
  require(rsip::msg::encode(*again) == bytes, "a message has one encoding");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = rsip::msg::decode(std::span(data, size));
  if (message) {
    check_message(*message);
  } else {
    check_fault(message.error(), size);
  }
  return 0;
}
