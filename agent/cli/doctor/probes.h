#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "agent/cli/doctor/facts.h"

/// The two questions that the doctor asks of others.
namespace rsip::cli::doctor {

/// Connects to a gateway's control port by TCP and hangs up; at most 2 s.
ControlPort try_connection(const std::string& address, std::uint16_t port);

/// Asks a name server for the root's; at most 2 s.
///
/// returns   whether it answered; nothing if it has no IPv4 address
std::optional<bool> ask_name_server(const std::string& address);

}  // namespace rsip::cli::doctor
