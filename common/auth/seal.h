#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "common/auth/secret.h"
#include "common/base/result.h"

/// Message authentication of the control channel (recommended by RFC 3102 section 3.3, which leaves
/// the form open). README.md of this folder says what it protects from, and what not.
namespace rsip::auth {

/// Part of what is authenticated, so that nobody can send a message back to where it came from.
enum class Direction : std::uint8_t { kHostToGateway = 0, kGatewayToHost = 1 };

inline constexpr std::uint16_t kSealVendor = 0x7ED9;  ///< 32473, see RFC 5612.
inline constexpr std::uint16_t kSealSubtype = 1;
inline constexpr std::size_t kMacBytes = 32;
/// Of the value: vendor, subtype, key id, counter, MAC.
inline constexpr std::size_t kSealValueBytes = 2 + 2 + 4 + 8 + kMacBytes;
/// Of the whole parameter, which always is the last one of its message.
inline constexpr std::size_t kSealBytes = 3 + kSealValueBytes;

using Mac = std::array<std::uint8_t, kMacBytes>;

/// Why a message is not what a holder of the key has sent just now.
enum class SealFault : std::uint8_t {
  kNotSealed,   ///< Its last parameter is no seal, or it is no message at all.
  kUnknownKey,  ///< Sealed with a key that is not ours.
  kBadMac,      ///< Changed under way, or sealed with another secret, or sent back to its sender.
  kReplayed,    ///< Came before, or is older than anything that may still come.
  kMalformed,   ///< Its last parameter says that it is a seal, but does not have the size of one.
};

/// "not sealed", "sealed with a key that is not known", ...
const char* to_string(SealFault fault);

/// What a seal says, still to be believed.
struct SealView {
  std::uint32_t key_id = 0;
  std::uint64_t counter = 0;
  Mac mac{};
};

/// Reads the seal of a whole message, if its last parameter is one.
///
/// errors   kNotSealed, kMalformed
Result<SealView, SealFault> find_seal(std::span<const std::uint8_t> message);

/// HMAC-SHA-256 over the direction and the message, the last 32 bytes of which count as zeros.
///
/// message   at least kSealBytes, the overall length in its header counts the seal
/// returns   nothing if the cryptographic library refuses to work
std::optional<Mac> compute_mac(const Secret& secret, Direction direction,
                               std::span<const std::uint8_t> message);

}  // namespace rsip::auth
