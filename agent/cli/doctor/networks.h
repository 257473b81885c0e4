#pragma once

#include <string>
#include <vector>

#include "agent/cli/doctor/facts.h"

/// What the facts say of routing tables and devices: whose they are.
namespace rsip::cli::doctor {

/// The agent's own objects: see the Decisions of agent/README.md.
inline constexpr const char* kOurTable = "4555";
inline constexpr const char* kForwardTable = "4556";
inline constexpr std::uint32_t kConnectedPriority = 4553;
inline constexpr std::uint32_t kTunnelPriority = 4554;

/// An address that means nothing outside its own network (RFC 1918, 3927, 6598).
bool is_private(Ipv4Address address);
/// The device of one of the agent's tunnels.
bool is_our_device(const Facts& facts, const std::string& device);
/// Tunnel devices of other programs.
std::vector<std::string> foreign_tunnels(const Facts& facts);
/// Who usually makes a rule to such a table: "strongSwan (table 220)".
std::string owner_of_table(const std::string& table);
/// A table that any packet would find a route in.
bool leads_anywhere(const Facts& facts, const std::string& table);

}  // namespace rsip::cli::doctor
