#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/ipv4.h"
#include "common/base/remote_scope.h"
#include "common/base/result.h"
#include "common/rsip/parameters.h"

namespace rsip::gateway {

/// A part of the public realm that no host may contact.
struct BlockedRemote {
  Ipv4Prefix network;
  std::optional<std::uint16_t> port;  ///< Nothing: all.

  /// "198.51.100.7", "192.0.2.0/24", "192.0.2.0/24:25"; errors kConfigInvalid naming the text.
  static Result<BlockedRemote> parse(std::string_view text);
};

/// RFC 3103 section 7.
struct PolicySettings {
  msg::LocalFlowPolicy local = msg::LocalFlowPolicy::kMacro;
  msg::RemoteFlowPolicy remote = msg::RemoteFlowPolicy::kNone;
  /// Needs a remote policy, ports among them the micro one: else hosts do not say whom they mean.
  std::vector<BlockedRemote> blocked;
};

/// With whom a bind may be used, from the remote end that its request names.
///
/// errors   103 if that is not in enough detail for the policy (a micro flow has exactly one port),
///          314 (macro) or 315 (micro) if it is blocked, 314 if it is a name or an IPv6 address,
///          which nobody could enforce, 205 for a netmask
/// source   RFC 3103 sections 9.6.3, 9.8.3, 9.16.3
Result<RemoteScope, msg::ErrorCode> remote_scope(const PolicySettings& policy,
                                                 const msg::Address& remote,
                                                 const msg::Ports& ports);

/// What the response says of the remote end (RFC 3103 section 9.7.3).
msg::Address remote_address(const RemoteScope& scope);
msg::Ports remote_ports(const RemoteScope& scope);

/// No particular address, either form of saying so: section 9.8.3 speaks of zeros.
bool is_dont_care(const msg::Address& address);
bool is_dont_care(const msg::Ports& ports);

}  // namespace rsip::gateway
