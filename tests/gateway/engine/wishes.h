#pragma once

#include <optional>
#include <vector>

#include "common/base/result.h"
#include "common/rsip/messages.h"
#include "tests/gateway/engine/port_pool.h"

namespace rsip::gateway {

/// What a request for resources wants: the three kinds of it in one form. It refers to the message.
struct Wanted {
  msg::Method method;
  const msg::Address& local;
  const msg::Ports* local_ports;  ///< Null for RSA-IP.
  const msg::Address& remote;
  const msg::Ports& remote_ports;
  std::optional<msg::LeaseTime> lease;
  std::vector<msg::TunnelType> tunnels;  ///< Empty: any.
  bool listens = false;
};

Wanted wanted_by(const msg::AssignRequestRsaIp& message);
Wanted wanted_by(const msg::AssignRequestRsapIp& message);
Wanted wanted_by(const msg::ListenRequest& message);

/// errors   312 for an IPv6 address, 205 for a netmask or a name (RFC 3103 section 8.1)
Result<std::optional<Ipv4Address>, msg::ErrorCode> wished_address(const msg::Address& address);
/// errors   the same, and 205 for ports that are named twice or none
Result<PortWish, msg::ErrorCode> wished_ports(const msg::Address& address, const msg::Ports& ports);
/// The first suggestion that is offered, or the preferred one if there is none.
///
/// errors   307
Result<msg::TunnelType, msg::ErrorCode> chosen_tunnel(const std::vector<msg::TunnelType>& offered,
                                                      const std::vector<msg::TunnelType>& wanted);

}  // namespace rsip::gateway
