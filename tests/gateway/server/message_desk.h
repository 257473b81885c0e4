#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tests/gateway/server/authenticator.h"
#include "tests/gateway/server/server_events.h"

namespace rsip::gateway {

/// Between the bytes of all transports and the messages of ServerEvents: authenticates and decodes
/// what comes, encodes and seals what goes.
class MessageDesk {
 public:
  using Bytes = std::vector<std::uint8_t>;

  MessageDesk(const AuthSettings& settings, ServerEvents events);

  struct Admission {
    std::optional<Authenticator::Admitted> message;  ///< None: it was refused.
    std::vector<Bytes> refusal;  ///< What the sender is told then, most often nothing.
  };

  /// Judges one whole message. Only one that is admitted says where its host is heard.
  Admission admit(Ipv4Address host, std::span<const std::uint8_t> message);
  /// Has an admitted message answered.
  std::vector<Bytes> answer(Ipv4Address host, Transport transport,
                            const Authenticator::Admitted& message);
  /// The same for a stream in which no message can be found.
  std::vector<Bytes> answer(Ipv4Address host, Transport transport, const msg::DecodeError& fault);

  /// Nothing if it cannot be encoded.
  std::optional<Bytes> pack(Ipv4Address host, const msg::Message& message);

  void closed(Ipv4Address host, const char* reason) const;
  void refused(Ipv4Address host, const char* reason) const;

  /// Counts up: whoever has the higher number was heard later.
  std::uint64_t tick() { return ++ticks_; }

 private:
  std::vector<Bytes> hand_on(const Sender& from,
                             const Result<msg::Message, msg::DecodeError>& received);
  [[nodiscard]] static std::vector<Bytes> denial(std::span<const std::uint8_t> message);

  ServerEvents events_;
  Authenticator authenticator_;
  std::uint64_t ticks_ = 0;
};

}  // namespace rsip::gateway
