#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "common/rsip/layout.h"

/// Which values of a parameter are legal. The decoder refuses the others and so does the encoder,
/// so whatever decodes can be encoded again.
namespace rsip::msg {

/// Offsets within a parameter, from its type octet on.
inline constexpr std::size_t kLengthAt = 1;
inline constexpr std::size_t kValueAt = 3;

struct Fault {
  std::string_view detail;
  std::size_t at = kValueAt;  ///< Offset of the offending byte within the parameter.
  ErrorCode code = ErrorCode::kBadParam;
};

std::optional<Fault> fault_in(const Address& address, Role role);
std::optional<Fault> fault_in(const Ports& ports, Role role);
std::optional<Fault> fault_in(const Spis& spis, Role role);
std::optional<Fault> fault_in(const TunnelType& tunnel, Role role);
std::optional<Fault> fault_in(const Method& method, Role role);
std::optional<Fault> fault_in(const FlowPolicy& policy, Role role);

/// Identifiers, times and error numbers: every number is legal.
template <class Number>
std::optional<Fault> fault_in(const Number&, Role) {
  return std::nullopt;
}

/// Of the netmask parameter, given a network and a netmask that are each legal.
std::optional<Fault> mismatch(const NetworkTuple& tuple);

/// 0.0.0.0 or :: at one of a binding's two ends, where RFC 3103 section 9.8.3 lets a sender write
/// zeros for "don't care". Elsewhere zero means itself: the network 0.0.0.0/0.
bool means_any(const Address& address, Role role);

}  // namespace rsip::msg
