#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/rsip/messages.h"

namespace rsip::msg {

/// Why bytes are not a message, in the terms a gateway answers with (RFC 3103 appendix A).
struct DecodeError {
  ErrorCode code = ErrorCode::kBadMessage;
  std::size_t offset = 0;          ///< Of the offending byte, from the start of the message.
  std::string_view detail;         ///< Static text for a log: "ports: count 0".
  std::optional<ClientId> client;  ///< Those that can be read, also behind the fault: the counter
                                   ///< comes last, and the answer over UDP needs it.
  std::optional<BindId> bind;
  std::optional<std::uint32_t> counter;

  bool operator==(const DecodeError&) const = default;
};

/// One message to bytes.
///
/// message   every field within its documented bounds (counts 1..255, names 1..255 characters)
/// returns   4..65535 bytes in the strict form of the RFC (checklist section B)
/// errors    kOther naming the field that is out of bounds or a message over 65535 bytes
/// source    RFC 3103 sections 8 and 9, RFC 3104 section 6.2
Result<std::vector<std::uint8_t>> encode(const Message& message);

/// One whole message from bytes; never throws, bounded work for any input.
///
/// bytes     exactly one message; bytes after the overall length are BAD_MESSAGE
/// errors    see DecodeError; unknown parameter types 1-240 are ILLEGAL_PARAM, vendor specific
///           parameters and types 241-255 are kept in the trailer wherever they stand; never
///           UNSUPPORTED_MESSAGE, which is for the receiver to say
/// source    RFC 3103 sections 8 and 9, RFC 3104 section 6.2
Result<Message, DecodeError> decode(std::span<const std::uint8_t> bytes);

}  // namespace rsip::msg
