#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/ipc/status.h"

/// Which way a packet would take, and why.
namespace rsip::ipc {

struct RouteVerdict {
  std::string destination;
  std::uint16_t port = 0;
  std::string way;
  std::string reason;
  std::string rule;
  std::string table;
  std::string device;
  std::string router;
  std::string source;
  std::string gateway;
  std::optional<std::uint32_t> bind;
  std::vector<PortRangeStatus> ports;
  std::string outer_device;
  std::string outer_source;
};
RSIP_CONTRACT(RouteVerdict, "Which way a packet of this host would take.",
              (destination, "Address asked for."), (port, "Its port; 0: not given."),
              (way,
               "\"tunnel\", \"direct\", \"none\": there is no route, \"local\": this host itself."),
              (reason, "What decides, one sentence."),
              (rule, "The kernel's rule that was decisive, as `ip rule` prints it."),
              (table, "Name or number of the routing table."), (device, "Where it leaves from."),
              (router, "Next hop; empty: directly connected."), (source, "Source address it gets."),
              (gateway, "Whose tunnel it takes; empty: none."),
              (bind, "Bind ID of the lease it would use; absent: none yet, or no tunnel."),
              (ports, "Source ports that lease has for it; empty: any."),
              (outer_device, "Where the tunnel's packet leaves from."),
              (outer_source, "Source address of the tunnel's packet."))

}  // namespace rsip::ipc
