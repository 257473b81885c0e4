#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/ipc/contract.h"

/// What goes through the tunnels now, and what that does to the leased ports.
namespace rsip::ipc {

struct FlowStatus {
  std::string gateway;
  std::uint32_t bind = 0;
  std::string protocol;
  std::string public_address;
  std::uint16_t public_port = 0;
  std::uint16_t local_port = 0;
  std::string remote_address;
  std::uint16_t remote_port = 0;
  std::string state;
  std::string begun_by;
  std::uint32_t idle_seconds = 0;
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_bytes = 0;
  std::string user;
  std::uint32_t process = 0;
  std::string program;
  bool operator==(const FlowStatus&) const = default;
};
RSIP_CONTRACT(FlowStatus, "One flow through a tunnel.", (gateway, "Whose tunnel."),
              (bind, "Bind ID of the lease whose port it has."),
              (protocol, "\"tcp\", \"udp\", \"icmp\"."), (public_address, "As the remote sees it."),
              (public_port, "As the remote sees it; of ICMP: the identifier."),
              (local_port, "The application's own; the same, if it uses a leased one."),
              (remote_address, "The other end."), (remote_port, "Its port; 0 with ICMP."),
              (state,
               "\"opening\", \"established\", \"closing\", \"closed\"; \"active\" where there "
               "are no connections."),
              (begun_by, "\"host\", \"remote\"."), (idle_seconds, "Since its last packet."),
              (sent_bytes, "Inner bytes sent."), (received_bytes, "Inner bytes received."),
              (user, "Who has the socket; empty: unknown."), (process, "Its process; 0: unknown."),
              (program, "That process's name; empty: unknown."))

struct PortStatus {
  std::uint16_t port = 0;
  std::uint32_t bind = 0;
  std::string use;
  std::uint32_t flows = 0;
  bool operator==(const PortStatus&) const = default;
};
RSIP_CONTRACT(PortStatus, "One leased port.", (port, "Its number."),
              (bind, "Bind ID of its lease."),
              (use,
               "\"free\", \"in_use\", \"resting\" after its last flow (RFC 3102 section 6.1), "
               "\"listening\", \"retiring\" with its lease."),
              (flows, "How many flows it carries."))

}  // namespace rsip::ipc
