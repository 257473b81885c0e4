#pragma once

#include <concepts>
#include <type_traits>

#include "common/rsip/messages.h"

/// The BNF of RFC 3103 section 9 and RFC 3104 section 6.2, written down once. The encoder, the
/// decoder and the count of how often a parameter may appear all follow these functions.
///
/// A Wire has one() for <required>, maybe() for [optional], many() and tuples() for [optional]...,
/// counter() and extensions() for the trailer, and one call for the pair lease time / tunnel type.
namespace rsip::msg {

/// Where a parameter stands, when that decides which of its values are legal.
enum class Role : std::uint8_t {
  kPlain,
  kSuggestedLocal,  ///< local address in a request: never an FQDN (RFC 3103 section 8.1)
  kGrantedLocal,
  kRemote,
  kEndpoint,
  kQueried,
  kNetwork,
  kNetmask,
  kMayBeUnneeded,  ///< ports of RSIPSEC messages: "don't need" is legal (RFC 3104 section 6.2)
  kOffer,          ///< what a gateway supports: numbers assigned after the RFC are legal too
};

/// Values of the indicator parameter (RFC 3103 sections 9.14.1 and 9.15.1).
enum class Indicator : std::uint16_t {
  kAddress = 1,
  kNetwork = 2,
  kLocalAddress = 1,
  kLocalNetwork = 2,
  kRemoteAddress = 3,
  kRemoteNetwork = 4,
};

/// The parameter that carries a field of this C++ type.
template <class Field>
inline constexpr ParameterType kParameterOf = ParameterType{};
template <>
inline constexpr ParameterType kParameterOf<Address> = ParameterType::kAddress;
template <>
inline constexpr ParameterType kParameterOf<Ports> = ParameterType::kPorts;
template <>
inline constexpr ParameterType kParameterOf<LeaseTime> = ParameterType::kLeaseTime;
template <>
inline constexpr ParameterType kParameterOf<ClientId> = ParameterType::kClientId;
template <>
inline constexpr ParameterType kParameterOf<BindId> = ParameterType::kBindId;
template <>
inline constexpr ParameterType kParameterOf<TunnelType> = ParameterType::kTunnelType;
template <>
inline constexpr ParameterType kParameterOf<Method> = ParameterType::kMethod;
template <>
inline constexpr ParameterType kParameterOf<std::uint16_t> = ParameterType::kError;
template <>
inline constexpr ParameterType kParameterOf<FlowPolicy> = ParameterType::kFlowPolicy;
template <>
inline constexpr ParameterType kParameterOf<Indicator> = ParameterType::kIndicator;
template <>
inline constexpr ParameterType kParameterOf<std::uint32_t> = ParameterType::kMessageCounter;
template <>
inline constexpr ParameterType kParameterOf<VendorSpecific> = ParameterType::kVendorSpecific;
template <>
inline constexpr ParameterType kParameterOf<Spis> = ParameterType::kSpi;

template <class M, class... Of>
concept Is = (std::same_as<std::remove_const_t<M>, Of> || ...);

template <class Wire, class M>
void ids(Wire& wire, M& m) {
  wire.one(m.client);
  wire.one(m.bind);
}

template <class Wire, class M>
void both_ends(Wire& wire, M& m, Role local, Role ports = Role::kPlain) {
  wire.one(m.local, local);
  wire.one(m.local_ports, ports);
  wire.one(m.remote, Role::kRemote);
  wire.one(m.remote_ports, ports);
}

template <class Wire, class M>
void wishes(Wire& wire, M& m) {
  wire.counter(m.trailer);
  wire.maybe(m.lease);
  wire.maybe(m.tunnel);
}

template <class Wire, class M>
void endpoint_and_counter(Wire& wire, M& m) {
  wire.maybe(m.endpoint, Role::kEndpoint);
  wire.counter(m.trailer);
}

template <class Wire, Is<ErrorResponse> M>
void layout(Wire& wire, M& m) {
  wire.one(m.error);
  wire.counter(m.trailer);
  wire.maybe(m.client);
  wire.maybe(m.bind);
}

template <class Wire, Is<RegisterRequest> M>
void layout(Wire& wire, M& m) {
  wire.counter(m.trailer);
}

template <class Wire, Is<RegisterResponse> M>
void layout(Wire& wire, M& m) {
  wire.one(m.client);
  wire.one(m.lease);
  wire.one(m.policy);
  wire.counter(m.trailer);
  wire.many(m.methods, Role::kOffer);
  wire.many(m.tunnels, Role::kOffer);
}

template <class Wire, Is<DeRegisterRequest, DeRegisterResponse> M>
void layout(Wire& wire, M& m) {
  wire.one(m.client);
  wire.counter(m.trailer);
}

template <class Wire, Is<AssignRequestRsaIp> M>
void layout(Wire& wire, M& m) {
  wire.one(m.client);
  wire.one(m.local, Role::kSuggestedLocal);
  wire.one(m.remote, Role::kRemote);
  wire.one(m.remote_ports);
  wishes(wire, m);
}

template <class Wire, Is<AssignResponseRsaIp> M>
void layout(Wire& wire, M& m) {
  ids(wire, m);
  wire.one(m.local, Role::kGrantedLocal);
  wire.one(m.remote, Role::kRemote);
  wire.one(m.remote_ports);
  wire.lease_then_tunnel(m.lease, m.tunnel);
  endpoint_and_counter(wire, m);
}

template <class Wire, Is<AssignRequestRsapIp> M>
void layout(Wire& wire, M& m) {
  wire.one(m.client);
  both_ends(wire, m, Role::kSuggestedLocal);
  wishes(wire, m);
}

template <class Wire, Is<AssignResponseRsapIp> M>
void layout(Wire& wire, M& m) {
  ids(wire, m);
  both_ends(wire, m, Role::kGrantedLocal);
  wire.lease_then_tunnel(m.lease, m.tunnel);
  endpoint_and_counter(wire, m);
}

template <class Wire, Is<ExtendRequest> M>
void layout(Wire& wire, M& m) {
  ids(wire, m);
  wire.maybe(m.lease);
  wire.counter(m.trailer);
}

template <class Wire, Is<ExtendResponse> M>
void layout(Wire& wire, M& m) {
  ids(wire, m);
  wire.one(m.lease);
  wire.counter(m.trailer);
}

template <class Wire, Is<FreeRequest, FreeResponse> M>
void layout(Wire& wire, M& m) {
  ids(wire, m);
  wire.counter(m.trailer);
}

template <class Wire, Is<QueryRequest> M>
void layout(Wire& wire, M& m) {
  wire.one(m.client);
  wire.counter(m.trailer);
  wire.tuples(m.addresses, Indicator::kAddress);
  wire.tuples(m.networks, Indicator::kNetwork);
}

template <class Wire, Is<QueryResponse> M>
void layout(Wire& wire, M& m) {
  wire.one(m.client);
  wire.counter(m.trailer);
  wire.tuples(m.local_addresses, Indicator::kLocalAddress);
  wire.tuples(m.local_networks, Indicator::kLocalNetwork);
  wire.tuples(m.remote_addresses, Indicator::kRemoteAddress);
  wire.tuples(m.remote_networks, Indicator::kRemoteNetwork);
}

template <class Wire, Is<ListenRequest> M>
void layout(Wire& wire, M& m) {
  wire.one(m.client);
  both_ends(wire, m, Role::kSuggestedLocal);
  wire.counter(m.trailer);
  wire.maybe(m.lease);
  wire.many(m.tunnels);
}

template <class Wire, Is<ListenResponse> M>
void layout(Wire& wire, M& m) {
  ids(wire, m);
  both_ends(wire, m, Role::kGrantedLocal);
  wire.tunnel_then_lease(m.tunnel, m.lease);
  endpoint_and_counter(wire, m);
}

template <class Wire, Is<AssignRequestRsipsec> M>
void layout(Wire& wire, M& m) {
  wire.one(m.client);
  both_ends(wire, m, Role::kSuggestedLocal, Role::kMayBeUnneeded);
  wire.one(m.spis);
  wishes(wire, m);
}

template <class Wire, Is<AssignResponseRsipsec> M>
void layout(Wire& wire, M& m) {
  ids(wire, m);
  both_ends(wire, m, Role::kGrantedLocal, Role::kMayBeUnneeded);
  wire.one(m.spis);
  wire.lease_then_tunnel(m.lease, m.tunnel);
  endpoint_and_counter(wire, m);
}

}  // namespace rsip::msg
