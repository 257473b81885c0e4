#include "agent/discovery/offer.h"

#include <algorithm>
#include <array>
#include <random>
#include <tuple>

#include "common/slp/predicate.h"
#include "common/slp/text.h"

namespace rsip::agent {
namespace {

constexpr const char* kTunnelType = "tunnel-type";
constexpr const char* kTransport = "transport";
constexpr const char* kIpsecSupport = "ipsec-support";
constexpr const char* kIkeSupport = "ike-support";
constexpr const char* kLoad = "load";

template <class T>
struct Name {
  T value;
  const char* text;
};

constexpr std::array<Name<OfferedTunnel>, 4> kTunnelNames = {{{OfferedTunnel::kIpIp, "IP-IP"},
                                                              {OfferedTunnel::kGre, "GRE"},
                                                              {OfferedTunnel::kL2tp, "L2TP"},
                                                              {OfferedTunnel::kNone, "NONE"}}};
constexpr std::array<Name<OfferedTransport>, 2> kTransportNames = {
    {{OfferedTransport::kTcp, "TCP"}, {OfferedTransport::kUdp, "UDP"}}};

template <class T, std::size_t N>
const char* name_of(T value, const std::array<Name<T>, N>& names) {
  return std::find_if(names.begin(), names.end(),
                      [value](const auto& n) { return n.value == value; })
      ->text;
}

template <class T>
bool contains(const std::vector<T>& values, T value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

/// The values of an attribute that the template names; what fallback holds if it is missing.
template <class T, std::size_t N>
std::vector<T> read_values(const slp::Attribute* attribute, const std::array<Name<T>, N>& names,
                           std::vector<T> fallback) {
  if (attribute == nullptr) return fallback;
  std::vector<T> values;
  for (const auto& name : names) {
    const bool listed =
        std::any_of(attribute->values.begin(), attribute->values.end(),
                    [&name](const std::string& text) { return slp::same_text(text, name.text); });
    if (listed) values.push_back(name.value);
  }
  return values;
}

std::string missing(const char* tag) {
  return slp::not_of(slp::present(tag));
}

std::string tunnel_predicate(const std::vector<OfferedTunnel>& tunnels) {
  std::vector<std::string> either;
  for (const OfferedTunnel tunnel : tunnels) {
    either.push_back(slp::equals(kTunnelType, name_of(tunnel, kTunnelNames)));
  }
  if (contains(tunnels, OfferedTunnel::kIpIp)) either.push_back(missing(kTunnelType));
  return slp::any_of(either);
}

std::string transport_predicate(OfferedTransport transport) {
  std::vector<std::string> either = {slp::equals(kTransport, name_of(transport, kTransportNames))};
  if (transport == OfferedTransport::kTcp) either.push_back(missing(kTransport));
  return slp::any_of(either);
}

}  // namespace

GatewayOffer read_offer(const slp::AttributeList& attributes) {
  GatewayOffer offer;
  offer.tunnels = read_values(attributes.find(kTunnelType), kTunnelNames, offer.tunnels);
  offer.transports = read_values(attributes.find(kTransport), kTransportNames, offer.transports);
  offer.ipsec = attributes.boolean(kIpsecSupport);
  offer.ike = attributes.boolean(kIkeSupport);
  offer.load = attributes.integer(kLoad);
  return offer;
}

std::string predicate_for(const GatewayWishes& wishes) {
  std::vector<std::string> all;
  if (!wishes.tunnels.empty()) all.push_back(tunnel_predicate(wishes.tunnels));
  if (wishes.transport) all.push_back(transport_predicate(*wishes.transport));
  if (wishes.ipsec) {
    all.push_back(slp::any_of({slp::equals(kIpsecSupport, "true"), missing(kIpsecSupport)}));
  }
  return slp::all_of(all);
}

bool meets(const GatewayOffer& offer, const GatewayWishes& wishes) {
  const bool tunnel_fits =
      wishes.tunnels.empty() ||
      std::any_of(wishes.tunnels.begin(), wishes.tunnels.end(),
                  [&offer](OfferedTunnel tunnel) { return contains(offer.tunnels, tunnel); });
  const bool transport_fits =
      wishes.transport ? contains(offer.transports, *wishes.transport) : !offer.transports.empty();
  return tunnel_fits && transport_fits && (!wishes.ipsec || offer.ipsec.value_or(true));
}

OfferedTransport choose_transport(const GatewayOffer& offer, const GatewayWishes& wishes) {
  return wishes.transport.value_or(offer.transports.front());
}

void rank(std::vector<FoundGateway>& gateways, const GatewayWishes& wishes, std::uint32_t seed) {
  std::shuffle(gateways.begin(), gateways.end(), std::mt19937(seed));
  const auto badness = [&wishes](const FoundGateway& gateway) {
    const bool silent_about_ipsec = wishes.ipsec && !gateway.ipsec;
    return std::tuple(silent_about_ipsec, !gateway.load.has_value(), gateway.load.value_or(0));
  };
  std::stable_sort(
      gateways.begin(), gateways.end(),
      [&badness](const FoundGateway& a, const FoundGateway& b) { return badness(a) < badness(b); });
}

}  // namespace rsip::agent
