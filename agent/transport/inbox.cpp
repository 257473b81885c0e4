#include "agent/transport/inbox.h"

#include <utility>

namespace rsip::agent {
namespace {

void hand_on(std::span<const std::uint8_t> bytes, const LinkEvents& events) {
  const auto message = msg::decode(bytes);
  if (message && events.message) events.message(*message);
  if (!message && events.discarded) events.discarded(message.error());
}

const char* what_to_do(auth::SealFault fault) {
  switch (fault) {
    case auth::SealFault::kUnknownKey:
    case auth::SealFault::kBadMac:
      return "check that key id and secret are the same here and at the gateway";
    case auth::SealFault::kReplayed:
      return "a few are normal with UDP, many mean that somebody plays old messages";
    default:
      return "somebody in the network may be forging messages of the gateway";
  }
}

}  // namespace

std::string gateway_name(const LinkSettings& settings) {
  return "gateway " + settings.address.to_string() + ":" + std::to_string(settings.port);
}

Inbox::Inbox(const LinkSettings& settings, std::uint64_t newer_than)
    : gateway_(gateway_name(settings)), required_(settings.authentication_required) {
  if (settings.key) {
    opener_.emplace(*settings.key, auth::Direction::kGatewayToHost, newer_than);
  }
}

std::optional<Error> Inbox::take(std::span<const std::uint8_t> bytes, const LinkEvents& events) {
  if (!opener_) return take_unsealed(bytes, events);
  const auto opened = opener_->open(bytes);
  if (opened) {
    if (!std::exchange(sealed_once_, true) && events.authenticated) events.authenticated();
    hand_on(opened->message, events);
    return std::nullopt;
  }
  if (opened.error() == auth::SealFault::kNotSealed) return take_unsealed(bytes, events);
  reject(opened.error(), events);
  return std::nullopt;
}

std::optional<Error> Inbox::take_unsealed(std::span<const std::uint8_t> bytes,
                                          const LinkEvents& events) {
  if (sealed_once_) {
    reject(auth::SealFault::kNotSealed, events);
  } else if (required_) {
    return Error{ErrorKind::kDenied, gateway_ + " does not authenticate its messages",
                 "give gateway and host the same key id and secret_file; the gateway's log says "
                 "what it refuses"};
  } else {
    hand_on(bytes, events);
  }
  return std::nullopt;
}

void Inbox::reject(auth::SealFault fault, const LinkEvents& events) const {
  if (!events.rejected) return;
  events.rejected({ErrorKind::kDenied,
                   gateway_ + ": a message was refused: " + auth::to_string(fault),
                   what_to_do(fault)});
}

}  // namespace rsip::agent
