#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "common/rsip/parameters.h"

/// One struct per message of RFC 3103 section 9 and RFC 3104 section 6.2. Members stand in the
/// order of the RFC's BNF: required ones first, then those in brackets.
namespace rsip::msg {

/// What any message may carry besides: the counter (required over UDP) and extensions.
struct Trailer {
  std::optional<std::uint32_t> counter;
  std::vector<VendorSpecific> vendor;
  std::vector<PrivateUse> private_use;
  bool operator==(const Trailer&) const = default;
};

struct ErrorResponse {
  std::uint16_t error = 101;  ///< An ErrorCode, or a number this table does not know.
  std::optional<ClientId> client;
  std::optional<BindId> bind;
  Trailer trailer;

  [[nodiscard]] ErrorCode code() const { return static_cast<ErrorCode>(error); }
  bool operator==(const ErrorResponse&) const = default;
};

struct RegisterRequest {
  Trailer trailer;
  bool operator==(const RegisterRequest&) const = default;
};

struct RegisterResponse {
  ClientId client;
  LeaseTime lease{};
  FlowPolicy policy;
  /// Empty means RSAP-IP (RFC 3103 section 9.3). Numbers assigned after the RFC are kept.
  std::vector<Method> methods;
  std::vector<TunnelType> tunnels;  ///< Empty means IP-IP. Later numbers are kept, too.
  Trailer trailer;
  bool operator==(const RegisterResponse&) const = default;
};

struct DeRegisterRequest {
  ClientId client;
  Trailer trailer;
  bool operator==(const DeRegisterRequest&) const = default;
};

struct DeRegisterResponse {
  ClientId client;
  Trailer trailer;
  bool operator==(const DeRegisterResponse&) const = default;
};

struct AssignRequestRsaIp {
  ClientId client;
  Address local;
  Address remote;
  Ports remote_ports;
  std::optional<LeaseTime> lease;
  std::optional<TunnelType> tunnel;
  Trailer trailer;
  bool operator==(const AssignRequestRsaIp&) const = default;
};

struct AssignResponseRsaIp {
  ClientId client;
  BindId bind;
  Address local;
  Address remote;
  Ports remote_ports;
  LeaseTime lease{};
  TunnelType tunnel = TunnelType::kIpIp;
  std::optional<Address> endpoint;
  Trailer trailer;
  bool operator==(const AssignResponseRsaIp&) const = default;
};

struct AssignRequestRsapIp {
  ClientId client;
  Address local;
  Ports local_ports;
  Address remote;
  Ports remote_ports;
  std::optional<LeaseTime> lease;
  std::optional<TunnelType> tunnel;
  Trailer trailer;
  bool operator==(const AssignRequestRsapIp&) const = default;
};

struct AssignResponseRsapIp {
  ClientId client;
  BindId bind;
  Address local;
  Ports local_ports;
  Address remote;
  Ports remote_ports;
  LeaseTime lease{};
  TunnelType tunnel = TunnelType::kIpIp;
  std::optional<Address> endpoint;
  Trailer trailer;
  bool operator==(const AssignResponseRsapIp&) const = default;
};

struct ExtendRequest {
  ClientId client;
  BindId bind;
  std::optional<LeaseTime> lease;
  Trailer trailer;
  bool operator==(const ExtendRequest&) const = default;
};

struct ExtendResponse {
  ClientId client;
  BindId bind;
  LeaseTime lease{};
  Trailer trailer;
  bool operator==(const ExtendResponse&) const = default;
};

struct FreeRequest {
  ClientId client;
  BindId bind;
  Trailer trailer;
  bool operator==(const FreeRequest&) const = default;
};

struct FreeResponse {
  ClientId client;
  BindId bind;
  Trailer trailer;
  bool operator==(const FreeResponse&) const = default;
};

/// "Is this address (network) local?" (RFC 3103 section 9.14)
struct AddressTuple {
  Address address;
  bool operator==(const AddressTuple&) const = default;
};
struct NetworkTuple {
  Address network;  ///< IPv4 or IPv6, never an FQDN.
  Address netmask;  ///< IPv4 netmask, any bits; an IPv6 address as mask is experimental.
  bool operator==(const NetworkTuple&) const = default;
};

struct QueryRequest {
  ClientId client;
  std::vector<AddressTuple> addresses;
  std::vector<NetworkTuple> networks;
  Trailer trailer;
  bool operator==(const QueryRequest&) const = default;
};

struct QueryResponse {
  ClientId client;
  std::vector<AddressTuple> local_addresses;
  std::vector<NetworkTuple> local_networks;
  std::vector<AddressTuple> remote_addresses;
  std::vector<NetworkTuple> remote_networks;
  Trailer trailer;
  bool operator==(const QueryResponse&) const = default;
};

struct ListenRequest {
  ClientId client;
  Address local;
  Ports local_ports;
  Address remote;
  Ports remote_ports;
  std::optional<LeaseTime> lease;
  std::vector<TunnelType> tunnels;
  Trailer trailer;
  bool operator==(const ListenRequest&) const = default;
};

/// On the wire tunnel type comes before lease time here, unlike in the ASSIGN responses. Either
/// order is understood in all of them, and a missing tunnel type as IP-IP.
struct ListenResponse {
  ClientId client;
  BindId bind;
  Address local;
  Ports local_ports;
  Address remote;
  Ports remote_ports;
  TunnelType tunnel = TunnelType::kIpIp;
  LeaseTime lease{};
  std::optional<Address> endpoint;
  Trailer trailer;
  bool operator==(const ListenResponse&) const = default;
};

struct AssignRequestRsipsec {
  ClientId client;
  Address local;
  Ports local_ports;
  Address remote;
  Ports remote_ports;
  Spis spis;
  std::optional<LeaseTime> lease;
  std::optional<TunnelType> tunnel;
  Trailer trailer;
  bool operator==(const AssignRequestRsipsec&) const = default;
};

struct AssignResponseRsipsec {
  ClientId client;
  BindId bind;
  Address local;
  Ports local_ports;
  Address remote;
  Ports remote_ports;
  Spis spis;
  LeaseTime lease{};
  TunnelType tunnel = TunnelType::kIpIp;
  std::optional<Address> endpoint;
  Trailer trailer;
  bool operator==(const AssignResponseRsipsec&) const = default;
};

using Message =
    std::variant<ErrorResponse, RegisterRequest, RegisterResponse, DeRegisterRequest,
                 DeRegisterResponse, AssignRequestRsaIp, AssignResponseRsaIp, AssignRequestRsapIp,
                 AssignResponseRsapIp, ExtendRequest, ExtendResponse, FreeRequest, FreeResponse,
                 QueryRequest, QueryResponse, ListenRequest, ListenResponse, AssignRequestRsipsec,
                 AssignResponseRsipsec>;

/// The wire type of the message held.
MessageType type_of(const Message& message);

/// A default message of that wire type; nothing if no message has it.
std::optional<Message> blank_message(std::uint8_t wire_type);

}  // namespace rsip::msg
