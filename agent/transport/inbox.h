#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "agent/transport/gateway_link.h"
#include "agent/transport/link_settings.h"
#include "common/auth/opener.h"

namespace rsip::agent {

/// Bytes that came over one connection to messages for the owner: seal verified and taken off,
/// decoded.
class Inbox {
 public:
  /// newer_than   the Outbox's last counter when the connection began
  Inbox(const LinkSettings& settings, std::uint64_t newer_than);

  /// Tells the owner about one message: by message, discarded or rejected.
  ///
  /// returns  why the gateway has to be given up, if so; the owner was told nothing then
  std::optional<Error> take(std::span<const std::uint8_t> bytes, const LinkEvents& events);
  /// A message came with a seal that only the gateway can make.
  [[nodiscard]] bool sealed() const { return sealed_once_; }

 private:
  std::optional<Error> take_unsealed(std::span<const std::uint8_t> bytes, const LinkEvents& events);
  void reject(auth::SealFault fault, const LinkEvents& events) const;

  std::string gateway_;
  bool required_;
  std::optional<auth::Opener> opener_;
  bool sealed_once_ = false;  ///< What comes unsealed from now on is not the gateway's.
};

}  // namespace rsip::agent
