#include "common/auth/seal.h"

#include <algorithm>
#include <openssl/evp.h>
#include <vector>

#include "common/base/bytes.h"
#include "common/rsip/registry.h"

namespace rsip::auth {
namespace {

using Bytes = std::span<const std::uint8_t>;

struct Parameter {
  std::uint8_t type = 0;
  Bytes value;
};

/// The last parameter, if the message is made of whole parameters.
std::optional<Parameter> last_parameter(Bytes message) {
  ByteReader reader(message);
  reader.u16();  // version and type
  if (reader.u16() != message.size()) return std::nullopt;
  std::optional<Parameter> last;
  while (reader.ok() && reader.remaining() > 0) {
    Parameter next;
    next.type = reader.u8();
    next.value = reader.bytes(reader.u16());
    last = next;
  }
  return reader.ok() ? last : std::nullopt;
}

bool says_seal(const Parameter& parameter) {
  ByteReader reader(parameter.value);
  return parameter.type == static_cast<std::uint8_t>(msg::ParameterType::kVendorSpecific) &&
         reader.u16() == kSealVendor && reader.u16() == kSealSubtype && reader.ok();
}

}  // namespace

const char* to_string(SealFault fault) {
  switch (fault) {
    case SealFault::kNotSealed:
      return "not sealed";
    case SealFault::kUnknownKey:
      return "sealed with a key that is not known";
    case SealFault::kBadMac:
      return "changed under way, or sealed with another secret";
    case SealFault::kReplayed:
      return "came before, or is too old";
    case SealFault::kMalformed:
      return "has a malformed seal";
  }
  return "?";
}

Result<SealView, SealFault> find_seal(Bytes message) {
  const auto last = last_parameter(message);
  if (!last || !says_seal(*last)) return tl::unexpected(SealFault::kNotSealed);
  if (last->value.size() != kSealValueBytes) return tl::unexpected(SealFault::kMalformed);
  ByteReader reader(last->value);
  reader.u32();  // vendor and subtype
  SealView seal;
  seal.key_id = reader.u32();
  seal.counter = std::uint64_t{reader.u32()} << 32;
  seal.counter |= reader.u32();
  std::ranges::copy(reader.bytes(kMacBytes), seal.mac.begin());
  return seal;
}

std::optional<Mac> compute_mac(const Secret& secret, Direction direction, Bytes message) {
  std::vector<std::uint8_t> input{static_cast<std::uint8_t>(direction)};
  input.insert(input.end(), message.begin(), message.end());
  std::fill(input.end() - kMacBytes, input.end(), std::uint8_t{0});
  Mac mac{};
  std::size_t size = 0;
  const Bytes key = secret.bytes();
  const bool computed =
      EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, key.data(), key.size(), input.data(),
                input.size(), mac.data(), mac.size(), &size) != nullptr;
  return computed && size == mac.size() ? std::optional(mac) : std::nullopt;
}

}  // namespace rsip::auth
