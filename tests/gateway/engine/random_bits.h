#pragma once

#include <cstdint>
#include <functional>

namespace rsip::gateway {

/// 32 random bits each time.
using RandomBits = std::function<std::uint32_t()>;

/// The operating system's, which nobody can predict.
RandomBits system_random();

}  // namespace rsip::gateway
