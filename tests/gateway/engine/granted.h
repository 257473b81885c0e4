#pragma once

#include <vector>

#include "common/rsip/parameters.h"
#include "tests/gateway/engine/registration.h"

/// What the answer to a request says of the bind that it got.
namespace rsip::gateway {

/// In the form they were asked for: blocks are always one range. None are "don't need" (RFC 3104
/// section 6.2).
msg::Ports granted_ports(const Bind& bind);
msg::Spis granted_spis(const Bind& bind);

/// Addresses that a host shares with others.
std::vector<Ipv4Address> addresses_of(const Registration& host);

}  // namespace rsip::gateway
