#pragma once

#include <string_view>
#include <variant>

#include "common/base/ids.h"
#include "common/base/ipv4.h"
#include "common/rsip/messages.h"
#include "tests/gateway/engine/registration.h"

namespace rsip::gateway {

// What the engine wants done, in order.

/// Answers the request at hand, on the connection it came from.
struct Reply {
  msg::Message message;
};
/// Sends by itself, with message counter 0 (RFC 3103 section 10.1), if the host is connected.
struct Notify {
  Ipv4Address host;
  msg::Message message;
};

// What has happened, for the log. Reasons are static text: "expired", "freed", "deregistered", ...
struct HostRegistered {
  Ipv4Address host;
  ClientId client;
  msg::LeaseTime lease;
};
struct HostGone {
  Ipv4Address host;
  ClientId client;
  const char* reason;
};
struct LeaseGranted {
  Ipv4Address host;
  ClientId client;
  Bind bind;
  msg::LeaseTime lease;
  Account account;
};
struct LeaseExtended {
  Ipv4Address host;
  ClientId client;
  BindId bind;
  msg::LeaseTime lease;
};
struct LeaseEnded {
  Ipv4Address host;
  ClientId client;
  Bind bind;
  const char* reason;
  Account account;
  TimePoint at;
};
struct Refused {
  Ipv4Address host;
  msg::ErrorCode error;
  std::string_view detail;  ///< Static text, the request's type or what is malformed.
};

/// A host sent data from what it has not leased.
struct Misused {
  Ipv4Address host;
  msg::ErrorCode error;
};

using Action = std::variant<Reply, Notify, HostRegistered, HostGone, LeaseGranted, LeaseExtended,
                            LeaseEnded, Refused, Misused>;

}  // namespace rsip::gateway
