#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "common/base/result.h"

/// The snapshot that the agent's socket answers `status` with. Every front end lives from it.
/// Members are only ever added. Enumerations travel as lower_snake strings.
namespace rsip::ipc {

struct PortRangeStatus {
  std::uint16_t first = 0;
  std::uint16_t last = 0;
};

struct SpiRangeStatus {
  std::string first;  ///< "0x00001000"
  std::string last;
};

struct LeaseStatus {
  std::uint32_t bind = 0;  ///< Bind ID (RFC 3103 section 8.5).
  std::string address;
  std::vector<PortRangeStatus> ports;  ///< Empty for RSA-IP.
  std::vector<SpiRangeStatus> spis;    ///< Of a lease for IPsec (RFC 3104).
  std::string remote;                  ///< "198.51.100.7:443", "198.51.100.7"; empty: any.
  bool listening = false;              ///< Leased by LISTEN.
  std::uint16_t server_port = 0;       ///< Of the server that is reached so; 0: the same number.
  bool retiring = false;               ///< Unused, about to be given back.
  std::uint32_t expires_in_seconds = 0;
  std::uint32_t renews_in_seconds = 0;
  std::uint32_t granted_seconds = 0;  ///< Lease time last granted.
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

ProblemStatus problem_of(const Error& error);

struct GatewayStatus {
  std::string name;
  std::string state;           ///< disabled | discovering | unregistered | connecting | registering
                               ///< | registered | assigning | assigned | stopping
  std::string address;         ///< Empty while none has been found.
  std::string found_by;        ///< "configuration", "dhcp", "slp", "router"
  std::uint16_t port = 0;      ///< Of the control connection.
  std::string transport;       ///< "tcp", "udp", "tls"
  bool authenticated = false;  ///< Its messages carry a code that only it and we can make.
  std::string method;          ///< "rsap-ip", "rsa-ip"
  std::string tunnel;          ///< "ip-ip", "gre", "l2tp"
  std::string endpoint;        ///< Of the tunnel; empty while there is none.
  std::string device;          ///< "rsip0"; empty while there is none.
  std::uint32_t mtu = 0;       ///< Of the tunnel; 0 while there is none.
  std::optional<std::uint32_t> client_id;
  std::string local_policy;   ///< "macro", "micro"; empty before registration
  std::string remote_policy;  ///< "macro", "micro", "none"
  std::vector<LeaseStatus> leases;
  PortUsage ports;
  TrafficStatus traffic;
  std::vector<std::string> local_networks;  ///< What the gateway calls local: goes direct.
  /// What keeps it from being assigned, or the last trouble while that lasts.
  std::optional<ProblemStatus> problem;
};

struct Status {
  std::string agent;                    ///< Version, "0.1.0".
  std::string state;                    ///< Of the gateway that has got furthest.
  std::vector<GatewayStatus> gateways;  ///< As configured.
};

// What JSON is made from and read into: the names above are the names on the wire.
BOOST_DESCRIBE_STRUCT(PortRangeStatus, (), (first, last))
BOOST_DESCRIBE_STRUCT(SpiRangeStatus, (), (first, last))
BOOST_DESCRIBE_STRUCT(LeaseStatus, (),
                      (bind, address, ports, spis, remote, listening, server_port, retiring,
                       expires_in_seconds, renews_in_seconds, granted_seconds))
BOOST_DESCRIBE_STRUCT(PortUsage, (), (leased, used, free))
BOOST_DESCRIBE_STRUCT(DropStatus, (), (reason, packets))
BOOST_DESCRIBE_STRUCT(TrafficStatus, (),
                      (sent_packets, sent_bytes, received_packets, received_bytes, drops))
BOOST_DESCRIBE_STRUCT(ProblemStatus, (), (code, exit, message, hint))
BOOST_DESCRIBE_STRUCT(GatewayStatus, (),
                      (name, state, address, found_by, port, transport, authenticated, method,
                       tunnel, endpoint, device, mtu, client_id, local_policy, remote_policy,
                       leases, ports, traffic, local_networks, problem))
BOOST_DESCRIBE_STRUCT(Status, (), (agent, state, gateways))

}  // namespace rsip::ipc
