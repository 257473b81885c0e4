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

  [[nodiscard]] bool contains(Ipv4Address remote, std::uint16_t remote_port) const {
    return (!address || *address == remote) && (!port || *port == remote_port);
  }
  auto operator<=>(const RemoteScope&) const = default;
};

}  // namespace rsip
