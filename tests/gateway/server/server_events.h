#pragma once

#include <functional>
#include <vector>

#include "common/rsip/codec.h"
#include "tests/gateway/engine/sender.h"

namespace rsip::gateway {

/// Told by the server, from the event loop.
struct ServerEvents {
  /// A message, or what is wrong with it; returns the answers in order.
  std::function<std::vector<msg::Message>(const Sender& from,
                                          const Result<msg::Message, msg::DecodeError>&)>
      received;
  /// A connection ended by itself ("closed_by_host") or was ended; reason is static text.
  std::function<void(Ipv4Address host, const char* reason)> closed;
  /// Something did not get as far as received: a message that does not prove where it comes from,
  /// a TLS handshake that failed, too many datagrams. Comes as often as somebody wants it to.
  std::function<void(Ipv4Address host, const char* reason)> refused{};
};

}  // namespace rsip::gateway
