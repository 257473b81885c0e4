#pragma once

#include <string>
#include <vector>

#include "common/packet/encapsulation.h"
#include "tests/gateway/config/config.h"
#include "tests/gateway/server/control_server.h"
#include "tests/gateway/slp/settings.h"
#include "tests/gateway/tunnel/ike_table.h"

/// What the parts of the gateway are told of its configuration.
namespace rsip::gateway {

IkeSettings ike_settings(const Config& config);
ServerSettings server_settings(const Config& config);
SlpAgentSettings slp_settings(const Config& config);

/// Of the tunnels that are offered, the preferred one first.
std::vector<packet::Encapsulation> encapsulations(const Config& config);
/// "ip-ip,gre"
std::string names_of(const std::vector<packet::Encapsulation>& tunnels);
/// Where hosts send their tunnels to.
Ipv4Address tunnel_end(const Config& config);

}  // namespace rsip::gateway
