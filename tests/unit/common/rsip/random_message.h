#pragma once

#include <random>

#include "common/rsip/messages.h"

namespace rsip::msg {

using Random = std::mt19937_64;

/// A message of any type that encode() has to take.
Message random_message(Random& random);

}  // namespace rsip::msg
