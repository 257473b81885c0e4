#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/rsip/registry.h"

namespace rsip::gateway::script {

using Bytes = std::vector<std::uint8_t>;

/// A change to one parameter of a message that is already bytes: what is wrong about it need not
/// be anything that the codec would write.
struct Patch {
  std::uint8_t type = 0;       ///< Of the parameter.
  std::uint32_t nth = 1;       ///< Of those of this type, from 1.
  std::optional<Bytes> value;  ///< Nothing: the parameter is taken out.
  bool add = false;            ///< Append it if it is not there.
  bool operator==(const Patch&) const = default;
};

/// The message with the changes made, in order. Lengths are made right again.
///
/// message   one whole message that the codec has written
/// returns   the same message without the changes that would make it longer than 65535 bytes
Bytes patched(std::span<const std::uint8_t> message, std::span<const Patch> patches);

}  // namespace rsip::gateway::script
