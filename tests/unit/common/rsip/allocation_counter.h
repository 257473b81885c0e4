#pragma once

#include <cstddef>

namespace rsip::msg {

/// Bytes that operator new has handed out since the program started, freed ones included.
std::size_t allocated_bytes();

}  // namespace rsip::msg
