#include "common/packet/congestion.h"

namespace rsip::packet {
namespace {

constexpr std::uint8_t kEcnMask = 3;

/// Values of the two bits (RFC 3168 section 5).
enum Ecn : std::uint8_t { kNotCapable = 0, kCapable1 = 1, kCapable0 = 2, kExperienced = 3 };

}  // namespace

std::optional<std::uint8_t> decapsulated_tos(std::uint8_t outer_tos, std::uint8_t inner_tos) {
  const std::uint8_t outer = outer_tos & kEcnMask;
  const std::uint8_t inner = inner_tos & kEcnMask;
  if (inner == kNotCapable && outer == kExperienced) return std::nullopt;
  const bool graver = outer == kExperienced || (outer == kCapable1 && inner == kCapable0);
  if (inner == kNotCapable || !graver) return inner_tos;
  return static_cast<std::uint8_t>((inner_tos & ~kEcnMask) | outer);
}

}  // namespace rsip::packet
