#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "agent/discovery/found_gateway.h"
#include "agent/discovery/slp_exchange.h"
#include "common/base/result.h"

namespace rsip::agent {

struct SlpSettings {
  SlpNetwork network;
  SlpPace pace;
  std::vector<std::string> scopes;            ///< Where to find gateways; none: "DEFAULT".
  std::vector<Ipv4Address> directory_agents;  ///< None: look for some.
  GatewayWishes wishes;
  /// For ties between equally loaded gateways, and transaction numbers; none: a random one.
  std::optional<std::uint32_t> seed;
};

/// Finds gateways as an SLP user agent (RFC 3105 section 4): asks the directory agents that are
/// configured or answer to multicast, or, if those know none, all service agents by multicast; then
/// asks each gateway's attributes, and drops those that do not meet the wishes.
///
/// returns  the gateways, best first, see rank(); none found is not an error. At most 32.
/// errors   as of SlpChannel::open()
/// thread   the executor's; takes pace.total_limit at most
boost::asio::awaitable<Result<std::vector<FoundGateway>>> find_by_slp(SlpSettings settings);

}  // namespace rsip::agent
