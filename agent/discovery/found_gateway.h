#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/ipv4.h"

namespace rsip::agent {

/// How the RSIP protocol itself is carried (RFC 3105 section 7, "transport").
enum class OfferedTransport { kTcp, kUdp };

/// RFC 3105 section 7, "tunnel-type".
enum class OfferedTunnel { kIpIp, kGre, kL2tp, kNone };

/// What the agent needs of a gateway.
struct GatewayWishes {
  std::vector<OfferedTunnel> tunnels = {OfferedTunnel::kIpIp};  ///< Any of these; empty: no matter.
  std::optional<OfferedTransport> transport;                    ///< None: no matter.
  bool ipsec = false;  ///< Support for RFC 3104. Gateways that do not say count as able to.
};

/// A gateway that somebody on the network has named.
struct FoundGateway {
  Ipv4Address address;
  std::uint16_t port = 0;
  std::string source;  ///< "dhcp", "slp" or "router".
  /// Whether its source is as good as the network's own configuration. Anybody in the same network
  /// can answer an SLP request (RFC 3105 section 8): let the user agree first.
  bool trusted = false;
  std::optional<int> load;  ///< Only to be compared with others (RFC 3105 section 6).
  OfferedTransport transport = OfferedTransport::kTcp;
  std::vector<OfferedTunnel> tunnels = {OfferedTunnel::kIpIp};
  std::optional<bool> ipsec;  ///< None: it did not say.
  std::optional<bool> ike;
  std::string url;  ///< As advertised; empty unless found by SLP.
  bool operator==(const FoundGateway&) const = default;
};

}  // namespace rsip::agent
