#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/slp/message.h"

namespace rsip::slp {

/// Why bytes are no message, and as much of the header as could be read, so that an answer can be
/// addressed.
struct DecodeError {
  ErrorCode code = ErrorCode::kParseError;
  std::string message;               ///< One line, no full stop.
  std::optional<Function> function;  ///< Known functions only.
  Header header;
};

/// The bytes of a message.
///
/// errors   kOther if a text, the list of URLs or the message is longer than its length field
/// source   RFC 2608 section 8
Result<std::vector<std::uint8_t>> encode(const Message& message);

/// The message in bytes, which hold exactly one: a datagram, or what message_length() says.
///
/// Skips authentication blocks and optional extensions. Of a reply with the overflow flag it takes
/// the whole URL entries and whole texts that are there (section 7: the rest did not fit).
///
/// errors   kVersionNotSupported, kParseError, kMessageNotSupported for an unknown function,
///          kOptionNotUnderstood for an extension that must be understood (section 9.1)
Result<Message, DecodeError> decode(std::span<const std::uint8_t> bytes);

/// How long the message is whose first bytes came over TCP; none while too few are there.
///
/// errors   kProtocol if it is not SLPv2, or longer than kMaxMessageBytes
Result<std::optional<std::size_t>> message_length(std::span<const std::uint8_t> bytes);

Function function_of(const Message& message);

}  // namespace rsip::slp
