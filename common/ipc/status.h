#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

/// The snapshot that the agent's socket answers `status` with. Every front end lives from it.
/// Members are only ever added. Enumerations travel as lower_snake strings.
namespace rsip::ipc {

struct PortRangeStatus {
  std::uint16_t first = 0;
  std::uint16_t last = 0;
};

struct LeaseStatus {
  std::uint32_t bind = 0;  ///< Bind ID (RFC 3103 section 8.5).
  std::string address;
  std::vector<PortRangeStatus> ports;  ///< Empty for RSA-IP.
  std::uint32_t expires_in_seconds = 0;
  std::uint32_t renews_in_seconds = 0;
  std::uint32_t granted_seconds = 0;  ///< Lease time last granted.
};

struct GatewayStatus {
  std::string name;
  std::string address;
  std::uint16_t port = 0;
  std::string transport;  ///< "tcp"
  std::string method;     ///< "rsap-ip", "rsa-ip"
  std::string tunnel;     ///< "ip-ip"
  std::uint32_t mtu = 0;  ///< Of the tunnel; 0 while there is none.
  std::optional<std::uint32_t> client_id;
  std::string local_policy;   ///< "macro", "micro"; empty before registration
  std::string remote_policy;  ///< "macro", "micro", "none"
};

struct PortUsage {
  std::uint32_t leased = 0;  ///< 0 with RSA-IP: all ports of the address.
  std::uint32_t used = 0;
  std::uint32_t free = 0;
};

struct DropStatus {
  std::string reason;
  std::uint64_t packets = 0;
};

struct TrafficStatus {
  std::uint64_t sent_packets = 0;
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_packets = 0;
  std::uint64_t received_bytes = 0;
  std::vector<DropStatus> drops;  ///< Only reasons that occurred.
};

struct ProblemStatus {
  std::string code;       ///< ErrorKind's name, "gateway_unreachable".
  std::int32_t exit = 1;  ///< Exit code a script would see.
  std::string message;
  std::string hint;
};

struct Status {
  std::string agent;   ///< Version, "0.1.0".
  std::string state;   ///< unregistered | connecting | registering | registered
                       ///< | assigning | assigned | stopping
  std::string device;  ///< "rsip0", empty while there is none.
  GatewayStatus gateway;
  std::vector<LeaseStatus> leases;
  PortUsage ports;
  TrafficStatus traffic;
  /// What keeps it from being assigned, or the last trouble while that lasts.
  std::optional<ProblemStatus> problem;
};

// What JSON is made from and read into: the names above are the names on the wire.
BOOST_DESCRIBE_STRUCT(PortRangeStatus, (), (first, last))
BOOST_DESCRIBE_STRUCT(LeaseStatus, (),
                      (bind, address, ports, expires_in_seconds, renews_in_seconds,
                       granted_seconds))
BOOST_DESCRIBE_STRUCT(GatewayStatus, (),
                      (name, address, port, transport, method, tunnel, mtu, client_id, local_policy,
                       remote_policy))
BOOST_DESCRIBE_STRUCT(PortUsage, (), (leased, used, free))
BOOST_DESCRIBE_STRUCT(DropStatus, (), (reason, packets))
BOOST_DESCRIBE_STRUCT(TrafficStatus, (),
                      (sent_packets, sent_bytes, received_packets, received_bytes, drops))
BOOST_DESCRIBE_STRUCT(ProblemStatus, (), (code, exit, message, hint))
BOOST_DESCRIBE_STRUCT(Status, (), (agent, state, device, gateway, leases, ports, traffic, problem))

}  // namespace rsip::ipc
