#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/ipc/contract.h"

/// The snapshot: what `status` answers and a subscription begins with. Every front end lives from
/// it. Members are only ever added. Enumerations travel as lower_snake strings, times as
/// ISO 8601 in UTC.
namespace rsip::ipc {

struct PortRangeStatus {
  std::uint16_t first = 0;
  std::uint16_t last = 0;
  bool operator==(const PortRangeStatus&) const = default;
};
RSIP_CONTRACT(PortRangeStatus, "Ports in a row.", (first, "First port."),
              (last, "Last port, included."))

struct SpiRangeStatus {
  std::string first;
  std::string last;
  bool operator==(const SpiRangeStatus&) const = default;
};
RSIP_CONTRACT(SpiRangeStatus, "Security parameter indices in a row.",
              (first, "First SPI, \"0x00001000\"."), (last, "Last SPI, included."))

struct RenewalStatus {
  std::string time;
  std::string what;
  std::uint32_t granted_seconds = 0;
  std::string detail;
  bool operator==(const RenewalStatus&) const = default;
};
RSIP_CONTRACT(RenewalStatus, "Something that happened to a lease.", (time, "When."),
              (what, "\"granted\", \"extended\", \"failed\"."),
              (granted_seconds, "Lease time granted then; 0 if it failed."),
              (detail, "Why it failed."))

struct LeaseStatus {
  std::uint32_t bind = 0;
  std::string address;
  std::vector<PortRangeStatus> ports;
  std::vector<SpiRangeStatus> spis;
  std::string remote;
  bool listening = false;
  std::uint16_t server_port = 0;
  bool retiring = false;
  bool held = false;
  std::uint32_t ports_in_use = 0;
  std::uint32_t expires_in_seconds = 0;
  std::uint32_t renews_in_seconds = 0;
  std::uint32_t granted_seconds = 0;
  std::vector<RenewalStatus> history;
  bool operator==(const LeaseStatus&) const = default;
};
RSIP_CONTRACT(LeaseStatus,
              "One bind: a public address with what belongs to it (RFC 3103 section 8.5).",
              (bind, "Bind ID, given by the gateway."), (address, "Public address."),
              (ports, "Leased ports; empty with RSA-IP, where every port is this host's."),
              (spis, "Leased SPIs of a lease for IPsec (RFC 3104)."),
              (remote,
               "The only remote it is for, \"198.51.100.7:443\" or \"198.51.100.7\"; empty: any."),
              (listening, "Leased by LISTEN: a server here is reached by it."),
              (server_port, "Where that server listens; 0: at the leased port's number."),
              (retiring, "Unused, about to be given back."),
              (held, "Kept though unused, because somebody asked for that."),
              (ports_in_use, "How many of its ports carry flows or rest after one."),
              (expires_in_seconds, "Until it ends unless it is renewed."),
              (renews_in_seconds, "Until the agent renews it by itself."),
              (granted_seconds, "Lease time last granted."),
              (history, "What happened to it, oldest first; at most the last 16."))

struct PortUsage {
  std::uint32_t leased = 0;
  std::uint32_t used = 0;
  std::uint32_t free = 0;
  std::uint32_t limit = 0;
  bool operator==(const PortUsage&) const = default;
};
RSIP_CONTRACT(PortUsage, "Ports of a gateway, all leases together.",
              (leased, "0 with RSA-IP: all ports of the address."),
              (used, "In use, or resting after use."), (free, "Leased and not in use."),
              (limit, "The agent leases no more than that (max_ports)."))

struct DropStatus {
  std::string reason;
  std::uint64_t packets = 0;
  bool operator==(const DropStatus&) const = default;
};
RSIP_CONTRACT(DropStatus, "Packets that were not carried.", (reason, "Why, lower_snake."),
              (packets, "How many since the tunnel was made."))

struct TrafficStatus {
  std::uint64_t sent_packets = 0;
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_packets = 0;
  std::uint64_t received_bytes = 0;
  std::vector<DropStatus> drops;
  bool operator==(const TrafficStatus&) const = default;
};
RSIP_CONTRACT(TrafficStatus, "Traffic of a gateway's tunnel since it was made.",
              (sent_packets, "Inner packets sent."), (sent_bytes, "Inner bytes sent."),
              (received_packets, "Inner packets received."),
              (received_bytes, "Inner bytes received."), (drops, "Only reasons that occurred."))

struct ProblemStatus {
  std::string code;
  std::int32_t exit = 1;
  std::string message;
  std::string hint;
  bool operator==(const ProblemStatus&) const = default;
};
RSIP_CONTRACT(ProblemStatus, "What is wrong, for people and for scripts.",
              (code, "Stable name, \"no_resources\"."), (exit, "Exit code a script would see."),
              (message, "What and why, one line."), (hint, "What to do; may be empty."))

ProblemStatus problem_of(const Error& error);

struct GatewayStatus {
  std::string name;
  std::string state;
  std::string address;
  std::string found_by;
  std::uint16_t port = 0;
  std::string transport;
  bool authenticated = false;
  std::string method;
  std::string tunnel;
  std::string endpoint;
  std::string device;
  std::uint32_t mtu = 0;
  std::optional<std::uint32_t> client_id;
  std::string local_policy;
  std::string remote_policy;
  std::vector<LeaseStatus> leases;
  PortUsage ports;
  TrafficStatus traffic;
  std::vector<std::string> local_networks;
  bool ipsec = false;
  std::optional<ProblemStatus> problem;
  bool operator==(const GatewayStatus&) const = default;
};
RSIP_CONTRACT(GatewayStatus, "One configured gateway and what is leased from it.",
              (name, "As configured."),
              (state,
               "\"disabled\", \"discovering\", \"unregistered\", \"connecting\", \"registering\", "
               "\"registered\", \"assigning\", \"assigned\", \"stopping\"."),
              (address, "Empty while none has been found."),
              (found_by, "\"configuration\", \"dhcp\", \"slp\", \"router\"."),
              (port, "Of the control connection."), (transport, "\"tcp\", \"udp\", \"tls\"."),
              (authenticated, "Its messages carry a code that only it and this host can make."),
              (method, "\"rsap-ip\", \"rsa-ip\"."), (tunnel, "\"ip-ip\", \"gre\", \"l2tp\"."),
              (endpoint, "Of the tunnel; empty while there is none."),
              (device, "\"rsip0\"; empty while there is none."),
              (mtu, "Of the tunnel; 0 while there is none."),
              (client_id, "Given by the gateway; absent while not registered."),
              (local_policy, "\"macro\", \"micro\"; empty before registration."),
              (remote_policy, "\"macro\", \"micro\", \"none\"; empty before registration."),
              (leases, "What is leased now."), (ports, "Ports of all leases together."),
              (traffic, "Through its tunnel."),
              (local_networks, "What the gateway calls local: goes direct."),
              (ipsec, "IPsec goes through this gateway."),
              (problem, "What keeps it from being assigned, or the last trouble while that lasts."))

struct NetworkStatus {
  std::string state = "online";
  std::string portal;
  bool operator==(const NetworkStatus&) const = default;
};
RSIP_CONTRACT(NetworkStatus, "The network that this host is connected to.",
              (state,
               "\"online\", \"none\": no way to any gateway, \"sign_in\": a captive portal "
               "wants the user to sign in first."),
              (portal, "Page to sign in at; empty: unknown."))

struct ProfileStatus {
  std::string name;
  std::vector<std::string> gateways;
  bool operator==(const ProfileStatus&) const = default;
};
RSIP_CONTRACT(ProfileStatus, "A named choice of gateways.", (name, "As configured."),
              (gateways, "Which are used; the others are put down."))

struct Status {
  std::string agent;
  std::string state;
  std::vector<GatewayStatus> gateways;
  NetworkStatus network;
  std::string profile;
  std::vector<ProfileStatus> profiles;
  std::string started_at;
  bool operator==(const Status&) const = default;
};
RSIP_CONTRACT(Status, "Everything about the agent that a front end shows at a glance.",
              (agent, "Version, \"0.1.0\"."), (state, "Of the gateway that has got furthest."),
              (gateways, "In the order of the configuration."),
              (network, "What this host is connected to."),
              (profile, "The one in use; empty: none."), (profiles, "As configured."),
              (started_at, "When the agent started."))

}  // namespace rsip::ipc
