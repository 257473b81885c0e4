#include "tests/gateway/server/message_desk.h"

#include <chrono>

namespace rsip::gateway {
namespace {

Authenticator::Time now() {
  return std::chrono::steady_clock::now();
}

std::uint64_t wall_clock_us() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(since_1970).count());
}

}  // namespace

MessageDesk::MessageDesk(const AuthSettings& settings, ServerEvents events)
    : events_(std::move(events)), authenticator_(settings, wall_clock_us) {}

MessageDesk::Admission MessageDesk::admit(Ipv4Address host, std::span<const std::uint8_t> message) {
  auto admitted = authenticator_.admit(host, message, now());
  if (admitted) return {std::move(*admitted), {}};
  refused(host, auth::to_string(admitted.error()));
  // Tampered and replayed messages get no answer. Who has no key, or another, is no attacker but
  // somebody who has to be told.
  const bool has_no_key = admitted.error() == auth::SealFault::kNotSealed ||
                          admitted.error() == auth::SealFault::kUnknownKey;
  return {std::nullopt, has_no_key ? denial(message) : std::vector<Bytes>()};
}

std::vector<MessageDesk::Bytes> MessageDesk::answer(Ipv4Address host, Transport transport,
                                                    const Authenticator::Admitted& message) {
  return hand_on({host, transport, message.key}, msg::decode(message.message));
}

std::vector<MessageDesk::Bytes> MessageDesk::answer(Ipv4Address host, Transport transport,
                                                    const msg::DecodeError& fault) {
  if (authenticator_.must_seal(host, now())) return {};
  return hand_on({host, transport, std::nullopt}, tl::unexpected(fault));
}

std::vector<MessageDesk::Bytes> MessageDesk::hand_on(
    const Sender& from, const Result<msg::Message, msg::DecodeError>& received) {
  std::vector<Bytes> packed;
  for (const msg::Message& reply : events_.received(from, received)) {
    if (auto bytes = pack(from.host, reply)) packed.push_back(std::move(*bytes));
  }
  return packed;
}

std::optional<MessageDesk::Bytes> MessageDesk::pack(Ipv4Address host, const msg::Message& message) {
  auto bytes = msg::encode(message);
  if (!bytes || !authenticator_.seal(host, *bytes, now())) return std::nullopt;
  return std::move(*bytes);
}

void MessageDesk::closed(Ipv4Address host, const char* reason) const {
  if (events_.closed) events_.closed(host, reason);
}

void MessageDesk::refused(Ipv4Address host, const char* reason) const {
  if (events_.refused) events_.refused(host, reason);
}

/// Only for a registration: to deny it is what RFC 3103 appendix A has a number for.
std::vector<MessageDesk::Bytes> MessageDesk::denial(std::span<const std::uint8_t> message) {
  const auto decoded = msg::decode(message);
  const auto* const request = decoded ? std::get_if<msg::RegisterRequest>(&*decoded) : nullptr;
  if (request == nullptr) return {};
  msg::ErrorResponse response;
  response.error = static_cast<std::uint16_t>(msg::ErrorCode::kRegistrationDenied);
  response.trailer.counter = request->trailer.counter;
  return {*msg::encode(response)};
}

}  // namespace rsip::gateway
