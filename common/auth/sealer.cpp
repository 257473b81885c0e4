#include "common/auth/sealer.h"

#include <algorithm>

#include "common/base/bytes.h"
#include "common/rsip/registry.h"

namespace rsip::auth {

Result<void> Sealer::seal(std::vector<std::uint8_t>& message) {
  const std::size_t size = message.size() + kSealBytes;
  if (message.size() < msg::kHeaderBytes || size > msg::kMaxMessageBytes) {
    return fail(ErrorKind::kOther,
                "a message of " + std::to_string(message.size()) + " bytes cannot be sealed");
  }
  ByteWriter out;
  out.bytes(message);
  out.u8(static_cast<std::uint8_t>(msg::ParameterType::kVendorSpecific));
  out.u16(kSealValueBytes);
  out.u16(kSealVendor);
  out.u16(kSealSubtype);
  out.u32(key_.id);
  out.u32(static_cast<std::uint32_t>(next_ >> 32));
  out.u32(static_cast<std::uint32_t>(next_));
  out.bytes(Mac{});
  out.patch_u16(2, static_cast<std::uint16_t>(size));
  std::vector<std::uint8_t> sealed = out.take();
  const auto mac = compute_mac(key_.secret, direction_, sealed);
  if (!mac) {
    return fail(ErrorKind::kOther, "the cryptographic library has no HMAC-SHA-256",
                "check the configuration of OpenSSL");
  }
  std::ranges::copy(*mac, sealed.end() - kMacBytes);
  message = std::move(sealed);
  ++next_;
  return {};
}

void Sealer::stay_above(std::uint64_t counter) {
  next_ = std::max(next_, counter + 1);
}

}  // namespace rsip::auth
