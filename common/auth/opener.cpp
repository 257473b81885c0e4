#include "common/auth/opener.h"

#include <openssl/crypto.h>

#include "common/base/bytes.h"

namespace rsip::auth {
namespace {

constexpr std::uint64_t kWindow = 64;

std::vector<std::uint8_t> without_seal(std::span<const std::uint8_t> sealed) {
  const auto message = sealed.first(sealed.size() - kSealBytes);
  ByteWriter out;
  out.bytes(message);
  out.patch_u16(2, static_cast<std::uint16_t>(message.size()));
  return out.take();
}

}  // namespace

bool ReplayWindow::is_new(std::uint64_t counter) const {
  if (counter > highest_) return true;
  const std::uint64_t age = highest_ - counter;
  return counter > floor_ && age < kWindow && (seen_ >> age & 1) == 0;
}

void ReplayWindow::mark(std::uint64_t counter) {
  if (counter > highest_) {
    const std::uint64_t step = counter - highest_;
    seen_ = step < kWindow ? seen_ << step : 0;
    highest_ = counter;
  }
  seen_ |= std::uint64_t{1} << (highest_ - counter);
}

Result<Opened, SealFault> Opener::open(std::span<const std::uint8_t> message) {
  const auto seal = find_seal(message);
  if (!seal) return tl::unexpected(seal.error());
  if (seal->key_id != key_.id) return tl::unexpected(SealFault::kUnknownKey);
  const auto expected = compute_mac(key_.secret, from_, message);
  if (!expected || CRYPTO_memcmp(expected->data(), seal->mac.data(), kMacBytes) != 0) {
    return tl::unexpected(SealFault::kBadMac);
  }
  if (!window_.is_new(seal->counter)) return tl::unexpected(SealFault::kReplayed);
  window_.mark(seal->counter);
  return Opened{seal->key_id, seal->counter, without_seal(message)};
}

}  // namespace rsip::auth
