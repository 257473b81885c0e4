#pragma once

#include <vector>

#include "common/rsip/codec.h"
#include "common/rsip/read_value.h"

namespace rsip::msg {

/// Where one parameter stands in its message. Kept small: a message has up to 21844 of them.
struct Parameter {
  std::uint16_t offset = 0;  ///< Of its type octet, from the start of the message.
  std::uint16_t length = 0;  ///< Of its value.
  ParameterType type{};
  bool used = false;  ///< By the message's layout.
};

/// A message cut into its parameters, before what they say is looked at.
struct Split {
  Bytes message;
  std::vector<Parameter> parameters;  ///< Without those of the trailer's extensions.
  Trailer trailer;                    ///< Extensions only.
  DecodeError error;                  ///< Carries the identifiers found, even if all is well.

  [[nodiscard]] Bytes value(const Parameter& p) const {
    return message.subspan(p.offset + kValueAt, p.length);
  }
};

/// False, with the error filled in, if the bytes cannot be cut.
bool split(Bytes message, Split& out);

}  // namespace rsip::msg
