#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "common/rsip/rules.h"

/// The value of one parameter (what follows type and length) to its C++ type. A fault found here is
/// one of the parameter's own form; what the message allows is for fault_in() to say.
namespace rsip::msg {

using Bytes = std::span<const std::uint8_t>;

std::optional<Fault> read(Bytes value, Address& address, Role role);
std::optional<Fault> read(Bytes value, Ports& ports, Role role);
std::optional<Fault> read(Bytes value, Spis& spis, Role role);
std::optional<Fault> read(Bytes value, LeaseTime& lease, Role role);
std::optional<Fault> read(Bytes value, ClientId& client, Role role);
std::optional<Fault> read(Bytes value, BindId& bind, Role role);
std::optional<Fault> read(Bytes value, TunnelType& tunnel, Role role);
std::optional<Fault> read(Bytes value, Method& method, Role role);
std::optional<Fault> read(Bytes value, FlowPolicy& policy, Role role);
std::optional<Fault> read(Bytes value, Indicator& indicator, Role role);
std::optional<Fault> read(Bytes value, std::uint16_t& error, Role role);
std::optional<Fault> read(Bytes value, std::uint32_t& counter, Role role);
std::optional<Fault> read(Bytes value, VendorSpecific& vendor, Role role);

}  // namespace rsip::msg
