#pragma once

#include <optional>
#include <vector>

#include "common/base/result.h"
#include "common/rsip/messages.h"
#include "tests/gateway/engine/port_pool.h"
#include "tests/gateway/engine/spi_pool.h"

namespace rsip::gateway {

/// What a request for resources wants: the four kinds of it in one form. It refers to the message.
struct Wanted {
  msg::Method method;
  const msg::Address& local;
  const msg::Ports* local_ports;  ///< Null for RSA-IP.
  const msg::Address& remote;
  const msg::Ports& remote_ports;
  std::optional<msg::LeaseTime> lease;
  std::vector<msg::TunnelType> tunnels;  ///< Empty: any.
  bool listens = false;
  const msg::Spis* spis = nullptr;  ///< RSIPSEC only.
};

Wanted wanted_by(const msg::AssignRequestRsaIp& message);
Wanted wanted_by(const msg::AssignRequestRsapIp& message);
Wanted wanted_by(const msg::ListenRequest& message);
Wanted wanted_by(const msg::AssignRequestRsipsec& message);

/// errors   312 for an IPv6 address, 205 for a netmask or a name (RFC 3103 section 8.1)
Result<std::optional<Ipv4Address>, msg::ErrorCode> wished_address(const msg::Address& address);
/// errors   the same, and 205 for ports that are named twice or none
Result<PortWish, msg::ErrorCode> wished_ports(const msg::Address& address, const msg::Ports& ports);
/// The same for RSIPSEC, where a host may need no ports (nothing then), and blocks begin at a
/// multiple of their size rounded up to a power of two: kernels know only such in an SPD entry.
Result<std::optional<PortWish>, msg::ErrorCode> wished_ipsec_ports(const msg::Address& address,
                                                                   const msg::Ports& ports);
/// errors   205 for SPIs that are reserved or named twice
Result<SpiWish, msg::ErrorCode> wished_spis(const msg::Spis& spis);
/// The first suggestion that is offered, or the preferred one if there is none.
///
/// errors   307
Result<msg::TunnelType, msg::ErrorCode> chosen_tunnel(const std::vector<msg::TunnelType>& offered,
                                                      const std::vector<msg::TunnelType>& wanted);

}  // namespace rsip::gateway
