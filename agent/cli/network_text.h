#pragma once

#include <string>

#include "common/ipc/documents.h"

namespace rsip::cli {

/// What `rsipctl gateway list`, `gateway discover` and `profile list` print.
std::string gateways_text(const ipc::Status& status);
std::string discovered_text(const ipc::Discovered& found);
std::string profiles_text(const ipc::Profiles& profiles);

/// What `rsipctl route explain` prints.
std::string route_text(const ipc::RouteVerdict& verdict);
/// What `rsipctl mtu` prints: the sum, and what is odd about it.
std::string mtu_text(const ipc::MtuReport& report);
std::string resolvers_text(const ipc::Resolvers& resolvers);
/// What `rsipctl portal status` prints.
std::string portal_text(const ipc::NetworkStatus& network);
std::string probe_text(const ipc::ProbeReport& report);

/// What /etc/resolv.conf says.
ipc::Resolvers parse_resolvers(const std::string& file, const std::string& text);
/// Bytes that a tunnel adds to each packet; 0: there is no such tunnel.
std::uint32_t tunnel_overhead(const std::string& tunnel);

}  // namespace rsip::cli
