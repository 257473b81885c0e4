#pragma once

#include <functional>

#include "common/base/result.h"
#include "common/rsip/codec.h"

namespace rsip::agent {

/// What a link tells its owner, always from the event loop, never from within a call to it.
struct LinkEvents {
  std::function<void()> up;
  std::function<void(const Error& reason)> down;  ///< Once per open(), unless closed first.
  std::function<void(const msg::Message&)> message;
  /// A message was discarded without an answer (RFC 3103 section 9.1).
  std::function<void(const msg::DecodeError&)> discarded;
  /// A message was refused because it does not prove that the gateway has sent it just now. As
  /// often as somebody forges one: limit what you write to a log.
  std::function<void(const Error&)> rejected{};
  /// The first message of this connection that proves who has sent it; comes before the message.
  std::function<void()> authenticated{};
};

/// The control connection to one gateway. Can be opened again after it went down or was closed.
class GatewayLink {
 public:
  virtual ~GatewayLink() = default;
  virtual void open() = 0;
  /// Queues a message; dropped without notice if the link is not up.
  virtual void send(const msg::Message& message) = 0;
  /// Sends the very bytes of the last send() since open() once more, for want of an answer (RFC
  /// 3103 section 10.1). Does nothing where the transport retransmits by itself.
  virtual void send_again() = 0;
  /// Ends the connection after what is queued was handed to the kernel. No event follows.
  virtual void close() = 0;
};

}  // namespace rsip::agent
