#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/ipv4.h"

namespace rsip::agent {

/// A gateway as a DHCP server names it.
struct NamedGateway {
  Ipv4Address address;
  std::optional<std::uint16_t> port;
  bool operator==(const NamedGateway&) const = default;
};

/// What one DHCP lease says about finding a gateway.
struct LeaseHints {
  std::vector<NamedGateway> gateways;         ///< The RSIP gateway option.
  std::vector<Ipv4Address> directory_agents;  ///< Option 78 (RFC 2610 section 3).
  std::vector<std::string> scopes;            ///< Option 79 (RFC 2610 section 4).
  std::optional<Ipv4Address> router;          ///< Option 3, the first one.
  std::optional<std::int64_t> expires;        ///< Unix time in seconds; none: never, or not said.
  bool operator==(const LeaseHints&) const = default;
};

/// The newest lease of an interface that has not expired, in a lease file of ISC dhclient
/// (dhclient.leases(5)). What cannot be read is left out; the last lease in the file is the newest.
///
/// option   number of the RSIP gateway option, 0: none. dhclient.conf may also have named it
///          "rsip-gateway". Its value is one or more IPv4 addresses of four bytes, or a text of
///          addresses with or without ":port", separated by commas or spaces
/// now      Unix time in seconds
std::optional<LeaseHints> read_dhclient_leases(std::string_view text, std::string_view interface,
                                               unsigned option, std::int64_t now);

/// A lease as systemd-networkd and NetworkManager keep it, one "KEY=value" a line:
/// OPTION_224=0a010001 and ROUTER= of the one, private_224=0a:01:00:01 and routers= of the other
/// (in the section [dhcp4] of its device files). None if it has expired or holds nothing of
/// interest.
std::optional<LeaseHints> read_key_value_lease(std::string_view text, unsigned option,
                                               std::int64_t now);

/// The value of the RSIP gateway option.
std::vector<NamedGateway> read_gateway_option(std::string_view bytes);

}  // namespace rsip::agent
