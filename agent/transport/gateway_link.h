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
};

/// The control connection to one gateway. Can be opened again after it went down or was closed.
class GatewayLink {
 public:
  virtual ~GatewayLink() = default;
  virtual void open() = 0;
  /// Queues a message; dropped without notice if the link is not up.
  virtual void send(const msg::Message& message) = 0;
  /// Ends the connection after what is queued was handed to the kernel. No event follows.
  virtual void close() = 0;
};

}  // namespace rsip::agent
