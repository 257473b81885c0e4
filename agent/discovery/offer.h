#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/discovery/found_gateway.h"
#include "common/slp/attributes.h"

namespace rsip::agent {

/// What a gateway's attributes say, with the defaults of the template (RFC 3105 section 7).
struct GatewayOffer {
  std::vector<OfferedTunnel> tunnels = {OfferedTunnel::kIpIp};
  std::vector<OfferedTransport> transports = {OfferedTransport::kTcp};
  std::optional<bool> ipsec;
  std::optional<bool> ike;
  std::optional<int> load;
  bool operator==(const GatewayOffer&) const = default;
};

/// Values that the template does not know are left out: they are of no use to this agent.
GatewayOffer read_offer(const slp::AttributeList& attributes);

/// The predicate that asks for such gateways, "" for any (RFC 3105 sections 4 and 7). An attribute
/// that is missing stands for its default, or for "unknown", so those gateways are asked for too.
std::string predicate_for(const GatewayWishes& wishes);

/// Whether the offer meets the wishes: a service agent may have ignored the predicate.
bool meets(const GatewayOffer& offer, const GatewayWishes& wishes);

/// The transport to use with a gateway that meets the wishes.
OfferedTransport choose_transport(const GatewayOffer& offer, const GatewayWishes& wishes);

/// Best first: if IPsec is wished for, those that say they can before those that do not say; then
/// the least load, those without a load last; ties in an order drawn from the seed, so that many
/// hosts spread (RFC 3105 section 6).
void rank(std::vector<FoundGateway>& gateways, const GatewayWishes& wishes, std::uint32_t seed);

}  // namespace rsip::agent
