#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "common/base/ipv4.h"

namespace rsip {

/// The remote side that a lease may be used with (RFC 3103 section 7.2); what is absent: any.
/// A port never stands without its address.
struct RemoteScope {
  std::optional<Ipv4Address> address;
  std::optional<std::uint16_t> port;

  /// A packet may go to, or come from there.
  ///
  /// with_port   nothing if the packet has none, like ICMP: then the address decides
  [[nodiscard]] bool allows(Ipv4Address with, std::optional<std::uint16_t> with_port) const {
    return (!address || *address == with) && (!port || !with_port || *port == *with_port);
  }
  auto operator<=>(const RemoteScope&) const = default;
};

}  // namespace rsip
