#pragma once

#include <cstdint>
#include <optional>

#include "common/base/ipv4.h"

namespace rsip::gateway {

/// The part of the public realm that a bind may be used with (RFC 3103 section 7.2): all of it, one
/// address (macro), or one address and port (micro).
struct RemoteScope {
  std::optional<Ipv4Address> address;  ///< Nothing: any.
  std::optional<std::uint16_t> port;   ///< Nothing: any; never without an address.

  /// A packet may go to, or come from there.
  ///
  /// with_port   nothing if the packet has none, like ICMP: then the address decides
  [[nodiscard]] bool allows(Ipv4Address with, std::optional<std::uint16_t> with_port) const {
    return (!address || *address == with) && (!port || !with_port || *port == *with_port);
  }
  bool operator==(const RemoteScope&) const = default;
};

}  // namespace rsip::gateway
