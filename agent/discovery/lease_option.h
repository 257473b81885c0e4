#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/discovery/lease_file.h"

namespace rsip::agent {

inline constexpr unsigned kRouterOption = 3;
inline constexpr unsigned kDirectoryAgentOption = 78;
inline constexpr unsigned kServiceScopeOption = 79;

/// The bytes of an option's value as lease files print it: quoted text with escapes, bytes in hex
/// ("a:1:0:1"), dotted quads and true or false, in a row or with commas between. What is none of
/// these adds nothing.
std::string option_bytes(std::string_view printed);

/// "0a010001" or "0a:01:00:01" as bytes; none if it is neither.
std::optional<std::string> hex_bytes(std::string_view text);

/// Puts what an option says into the hints, if it is one of those that matter.
///
/// option   number of the RSIP gateway option, 0: none
void take_option(LeaseHints& hints, unsigned code, std::string_view bytes, unsigned option);

/// Whether there is anything to go by.
bool says_something(const LeaseHints& hints);

}  // namespace rsip::agent
