#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/ipc/events.h"
#include "common/ipc/flow_status.h"
#include "common/ipc/ipsec_status.h"
#include "common/ipc/route_verdict.h"
#include "common/ipc/status.h"
#include "common/ipc/usage_report.h"

/// What a client may ask of the agent: one struct per method, whose members are the parameters, and
/// one for each kind of answer. An empty gateway stands for the first one, or for all of them where
/// that makes sense.
namespace rsip::ipc {

struct Done {
  bool done = true;
};
RSIP_CONTRACT(Done, "Nothing to say but that it was done.", (done, "Always true."))

struct StatusRequest {
  static constexpr const char* kMethod = "status";
  static constexpr Access kAccess = Access::kRead;
  using Reply = Status;
};
RSIP_CONTRACT_EMPTY(StatusRequest, "The snapshot.")

struct Snapshot {
  std::uint64_t seq = 0;
  Status status;
  bool may_change = false;
  std::string why_not;
};
RSIP_CONTRACT(Snapshot, "Where a subscription begins.", (seq, "Of the last event before it."),
              (status, "What events change from now on."),
              (may_change, "This client may call methods that change something."),
              (why_not, "If not: what to do about it."))

/// The only request of its connection from then on: events follow until it is closed.
struct SubscribeRequest {
  static constexpr const char* kMethod = "subscribe";
  static constexpr Access kAccess = Access::kRead;
  using Reply = Snapshot;
  std::uint32_t traffic_seconds = 0;
  bool log = false;
};
RSIP_CONTRACT(SubscribeRequest, "The snapshot, then what changes, as notifications \"event\".",
              (traffic_seconds, "How often counters are told, at most; 0: never."),
              (log, "Tell lines of the log as well."))

struct UpRequest {
  static constexpr const char* kMethod = "up";
  static constexpr Access kAccess = Access::kChange;
  using Reply = Done;
  std::string gateway;
};
RSIP_CONTRACT(UpRequest, "Use a gateway again, if it was put down.", (gateway, "Empty: all."))

struct DownRequest {
  static constexpr const char* kMethod = "down";
  static constexpr Access kAccess = Access::kChange;
  using Reply = Done;
  std::string gateway;
};
RSIP_CONTRACT(DownRequest, "Give back what is leased and stay away until `up`.",
              (gateway, "Empty: all."))

struct LeaseRequest {
  static constexpr const char* kMethod = "lease.request";
  static constexpr Access kAccess = Access::kChange;
  using Reply = Done;
  std::string gateway;
  std::string remote;
};
RSIP_CONTRACT(LeaseRequest, "Ask for one lease more than there are.",
              (gateway, "Empty: the first."),
              (remote, "\"198.51.100.7\" or \"198.51.100.7:443\": for that remote; empty: any."))

struct RenewRequest {
  static constexpr const char* kMethod = "lease.renew";
  static constexpr Access kAccess = Access::kChange;
  using Reply = Done;
  std::string gateway;
  std::vector<std::uint32_t> binds;
};
RSIP_CONTRACT(RenewRequest, "Ask for a new life of leases now.", (gateway, "Empty: all."),
              (binds, "Bind IDs; empty: all."))

struct ReleaseRequest {
  static constexpr const char* kMethod = "lease.release";
  static constexpr Access kAccess = Access::kChange;
  using Reply = Done;
  std::string gateway;
  std::vector<std::uint32_t> binds;
  bool unused = false;
};
RSIP_CONTRACT(ReleaseRequest, "Give leases back.", (gateway, "Empty: all."),
              (binds, "Bind IDs; must not be empty unless `unused` is set."),
              (unused, "Give back every lease that nothing uses."))

struct HoldRequest {
  static constexpr const char* kMethod = "lease.hold";
  static constexpr Access kAccess = Access::kChange;
  using Reply = Done;
  std::string gateway;
  std::uint32_t bind = 0;
  bool hold = true;
};
RSIP_CONTRACT(HoldRequest, "Keep a lease though nothing uses it.", (gateway, "Empty: any."),
              (bind, "Bind ID."), (hold, "False: no longer."))

struct ListenStatus {
  std::string gateway;
  std::string address;
  std::uint16_t public_port = 0;
  std::uint16_t server_port = 0;
  std::string from;
};
RSIP_CONTRACT(ListenStatus, "A server that is reached from the public side.",
              (gateway, "Through which one."),
              (address, "Public address; empty while it is being asked for."),
              (public_port, "0 while it is being asked for."), (server_port, "On this host."),
              (from, "The only remote it is for; empty: any."))

struct ListenAddRequest {
  static constexpr const char* kMethod = "listen.add";
  static constexpr Access kAccess = Access::kChange;
  using Reply = ListenStatus;
  std::string gateway;
  std::uint16_t server_port = 0;
  std::optional<std::uint16_t> public_port;
  std::string from;
};
RSIP_CONTRACT(ListenAddRequest,
              "Make a server on this host reachable (LISTEN, RFC 3103 section 9.16).",
              (gateway, "Empty: the first."), (server_port, "1 to 65535."),
              (public_port, "Absent: the server's; 0: any that is free."),
              (from, "\"198.51.100.7\" or \"198.51.100.7:5000\": nobody else; empty: anybody."))

struct ListenRemoveRequest {
  static constexpr const char* kMethod = "listen.remove";
  static constexpr Access kAccess = Access::kChange;
  using Reply = Done;
  std::string gateway;
  std::uint16_t server_port = 0;
};
RSIP_CONTRACT(ListenRemoveRequest, "Make a server unreachable again.",
              (gateway, "Empty: the first."), (server_port, "On this host."))

struct Locality {
  std::string what;
  std::string where;
};
RSIP_CONTRACT(Locality, "Where an address or network is, as the gateway sees it.",
              (what, "\"10.2.0.0/16\"."),
              (where, "\"local\", \"remote\", \"unknown\": treated as remote."))
struct QueryAnswer {
  std::string gateway;
  std::vector<Locality> known;
};
RSIP_CONTRACT(QueryAnswer, "What a gateway says of addresses and networks.",
              (gateway, "Which one."), (known, "In the order of its answer."))

struct QueryRequest {
  static constexpr const char* kMethod = "query";
  static constexpr Access kAccess = Access::kRead;
  using Reply = QueryAnswer;
  std::string gateway;
  std::vector<std::string> what;
};
RSIP_CONTRACT(QueryRequest, "Ask the gateway where these are (QUERY, RFC 3103 section 9.14).",
              (gateway, "Empty: the first."),
              (what, "Addresses and networks; empty: all it tells."))

struct IpsecRequest {
  static constexpr const char* kMethod = "ipsec.status";
  static constexpr Access kAccess = Access::kRead;
  using Reply = IpsecStatus;
  std::string gateway;
};
RSIP_CONTRACT(IpsecRequest, "Leased SPIs and the security associations that use them (RFC 3104).",
              (gateway, "Empty: the one that IPsec goes through."))

struct Flows {
  std::vector<FlowStatus> flows;
  std::uint32_t hidden = 0;
};
RSIP_CONTRACT(Flows, "Flows that the client may see.",
              (flows, "Of all gateways that were asked for."),
              (hidden, "How many others there are, of other users."))

struct FlowsRequest {
  static constexpr const char* kMethod = "flow.list";
  static constexpr Access kAccess = Access::kRead;
  using Reply = Flows;
  std::string gateway;
};
RSIP_CONTRACT(FlowsRequest,
              "Flows through the tunnels. Who may not change anything sees only their own.",
              (gateway, "Empty: all."))

struct Ports {
  std::string gateway;
  std::string address;
  std::vector<PortStatus> ports;
  std::uint32_t high_water = 0;
};
RSIP_CONTRACT(Ports, "Leased ports of a gateway.", (gateway, "Which one."),
              (address, "Public address of the first lease; empty: none."),
              (ports, "Ascending. With RSA-IP only those that are in use."),
              (high_water, "The most that were in use at a time since the agent started."))

struct PortsRequest {
  static constexpr const char* kMethod = "port.list";
  static constexpr Access kAccess = Access::kRead;
  using Reply = Ports;
  std::string gateway;
};
RSIP_CONTRACT(PortsRequest, "Leased ports and what they do.", (gateway, "Empty: the first."))

struct FoundStatus {
  std::string address;
  std::uint16_t port = 0;
  std::string transport;
  std::string found_by;
  std::string detail;
};
RSIP_CONTRACT(FoundStatus, "A gateway that was found.", (address, "Of it."),
              (port, "Of its control connection."), (transport, "\"tcp\", \"udp\", \"tls\"."),
              (found_by, "\"dhcp\", \"slp\", \"router\"."), (detail, "What it says of itself."))
struct Discovered {
  std::vector<FoundStatus> gateways;
};
RSIP_CONTRACT(Discovered, "What a search found.", (gateways, "Best first."))

struct DiscoverRequest {
  static constexpr const char* kMethod = "gateway.discover";
  static constexpr Access kAccess = Access::kChange;
  using Reply = Discovered;
};
RSIP_CONTRACT_EMPTY(DiscoverRequest, "Look for gateways on this network (DHCP, SLP, router).")

struct ProfileUseRequest {
  static constexpr const char* kMethod = "profile.use";
  static constexpr Access kAccess = Access::kChange;
  using Reply = Done;
  std::string name;
};
RSIP_CONTRACT(ProfileUseRequest, "Use the gateways of a profile and no others.",
              (name, "As configured."))

struct RouteExplainRequest {
  static constexpr const char* kMethod = "route.explain";
  static constexpr Access kAccess = Access::kRead;
  using Reply = RouteVerdict;
  std::string destination;
  std::uint16_t port = 0;
};
RSIP_CONTRACT(RouteExplainRequest, "Which way a packet of this host would take, and why.",
              (destination, "IPv4 address."), (port, "0: any."))

struct Usage {
  std::vector<UsageRow> rows;
  std::string warning;
};
RSIP_CONTRACT(Usage, "The account.", (rows, "Oldest first."),
              (warning, "What is wrong with it, \"an old file was damaged and set aside\"."))

struct UsageRequest {
  static constexpr const char* kMethod = "usage";
  static constexpr Access kAccess = Access::kRead;
  using Reply = Usage;
  std::string gateway;
  std::string from;
  std::string to;
  std::string by = "day";
};
RSIP_CONTRACT(UsageRequest, "What went through leased addresses, and for how long.",
              (gateway, "Empty: all."), (from, "First local date; empty: 30 days back."),
              (to, "Last local date, included; empty: today."),
              (by,
               "\"day\": a row a day, \"gateway\": a day and gateway, \"lease\": a day and lease."))

struct Log {
  std::string level;
  std::vector<LogLine> lines;
};
RSIP_CONTRACT(Log, "What the agent remembers of its log.", (level, "From which on it logs now."),
              (lines, "Oldest first."))

struct LogRequest {
  static constexpr const char* kMethod = "log.read";
  static constexpr Access kAccess = Access::kChange;
  using Reply = Log;
  std::uint32_t lines = 200;
};
RSIP_CONTRACT(LogRequest, "The last lines of the agent's log.", (lines, "At most."))

struct LogLevelRequest {
  static constexpr const char* kMethod = "log.level";
  static constexpr Access kAccess = Access::kChange;
  using Reply = Done;
  std::string level;
  std::uint32_t for_seconds = 0;
};
RSIP_CONTRACT(LogLevelRequest, "Log more or less than configured.",
              (level, "\"trace\", \"debug\", \"info\", \"warn\", \"error\"."),
              (for_seconds, "Then as configured again; 0: until the agent ends."))

struct ConfigText {
  std::string file;
  std::string text;
};
RSIP_CONTRACT(ConfigText, "The configuration that the agent runs with.",
              (file, "Where it is from."),
              (text, "As it was read; it names files with secrets, not the secrets."))

struct ConfigRequest {
  static constexpr const char* kMethod = "config.show";
  static constexpr Access kAccess = Access::kRead;
  using Reply = ConfigText;
};
RSIP_CONTRACT_EMPTY(ConfigRequest, "The configuration that the agent runs with.")

using Call = std::variant<StatusRequest, SubscribeRequest, UpRequest, DownRequest, LeaseRequest,
                          RenewRequest, ReleaseRequest, HoldRequest, ListenAddRequest,
                          ListenRemoveRequest, QueryRequest, IpsecRequest, FlowsRequest,
                          PortsRequest, DiscoverRequest, ProfileUseRequest, RouteExplainRequest,
                          UsageRequest, LogRequest, LogLevelRequest, ConfigRequest>;
inline Access access_of(const Call& call) {
  return std::visit([](const auto& request) { return request.kAccess; }, call);
}
using Answer = std::variant<Status, Snapshot, Done, ListenStatus, QueryAnswer, IpsecStatus, Flows,
                            Ports, Discovered, RouteVerdict, Usage, Log, ConfigText>;

}  // namespace rsip::ipc
