#pragma once

#include <cstdint>
#include <span>

namespace rsip::gateway {

/// Identifies a pool as long as the gateway runs.
using PoolId = std::uint32_t;
/// The pools from which a request may be met.
using PoolIds = std::span<const PoolId>;

}  // namespace rsip::gateway
