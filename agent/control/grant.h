#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/control/lease_book.h"
#include "agent/control/offer.h"
#include "agent/control/session_types.h"
#include "agent/control/spi_needs.h"

namespace rsip::agent {

/// What the response to an ASSIGN or LISTEN request grants, whatever the method.
struct Grant {
  ClientId client;
  BindId bind;
  std::optional<Ipv4Address> local;
  std::optional<msg::Ports> ports;  ///< Nothing: all of the address.
  msg::Address remote;
  msg::Ports remote_ports;
  msg::LeaseTime life{};
  msg::TunnelType tunnel = msg::TunnelType::kIpIp;
  std::optional<msg::Address> endpoint;
  std::optional<msg::Spis> spis{};
};

Grant grant_of(const msg::AssignResponseRsaIp& message);
Grant grant_of(const msg::AssignResponseRsapIp& message);
Grant grant_of(const msg::ListenResponse& message);
Grant grant_of(const msg::AssignResponseRsipsec& message);

/// What a grant is held against.
struct GrantTerms {
  Ipv4Address gateway;
  ClientId client;
  const Offer& offer;
  const std::vector<Lease>& held;
  const std::vector<Ipv4Address>& own;  ///< That mean this host already.
  std::optional<Ipv4Address> local;     ///< Named in the request.
  std::optional<std::uint16_t> port;    ///< It has to be this one, of a server.
  RemoteScope remote;                   ///< Named in the request.
  bool listening = false;
  const SpiNeed* spis = nullptr;  ///< RSIPSEC: what was asked for.
};

/// The lease that a grant amounts to, without its times.
///
/// returns   the lease, with the gateway as endpoint if the grant names none
/// errors    kProtocol: what cannot be true or was not asked for, and what of it
/// source    RFC 3103 sections 9.7, 9.9 and 9.17, RFC 3104 section 6.2
Result<Lease> examine(const Grant& grant, const GrantTerms& terms);

/// What is believed of a lease time: however long, thirty days at most.
Duration believed(msg::LeaseTime life);

}  // namespace rsip::agent
