#pragma once

#include <random>

#include "common/rsip/messages.h"

namespace rsip::msg {

using Random = std::mt19937_64;

/// Prints the seed; RSIP_TEST_SEED in the environment replays one.
std::uint64_t test_seed();

/// A message of any type that encode() has to take.
Message random_message(Random& random);

}  // namespace rsip::msg
