#pragma once

#include <string>

#include <boost/describe/class.hpp>

#include "common/ipc/doctor_report.h"
#include "common/ipc/host_report.h"
#include "common/ipc/requests.h"

/// What rsipctl prints with --json: an envelope with the id of the data's schema. Members are only
/// ever added to a schema; its number rises when one goes or changes its meaning.
namespace rsip::ipc {

struct VersionStatus {
  std::string rsipctl;
  std::string agent;
  int contract = 0;
};
RSIP_CONTRACT(VersionStatus, "What is installed and what runs.",
              (rsipctl, "This program's version."),
              (agent, "The running agent's; empty: none runs."),
              (contract, "Version of the contract that rsipctl speaks."))

struct Listens {
  std::vector<ListenStatus> servers;
};
RSIP_CONTRACT(Listens, "Servers that the public side can reach.", (servers, "Of all gateways."))

struct Leases {
  std::vector<LeaseStatus> leases;
};
RSIP_CONTRACT(Leases, "What is leased.", (leases, "Of the gateways that were asked for."))

struct Gateways {
  std::vector<GatewayStatus> gateways;
};
RSIP_CONTRACT(Gateways, "Configured gateways.", (gateways, "In the order of the configuration."))

struct Profiles {
  std::string used;
  std::vector<ProfileStatus> profiles;
};
RSIP_CONTRACT(Profiles, "Named choices of gateways.", (used, "Empty: none."),
              (profiles, "As configured."))

/// Name of the schema of a document: "status/2".
template <class Data>
inline constexpr const char* kSchemaOf = nullptr;
template <>
inline constexpr const char* kSchemaOf<Status> = "status/2";
template <>
inline constexpr const char* kSchemaOf<Done> = "done/1";
template <>
inline constexpr const char* kSchemaOf<ListenStatus> = "listen/1";
template <>
inline constexpr const char* kSchemaOf<Listens> = "listens/1";
template <>
inline constexpr const char* kSchemaOf<Leases> = "leases/1";
template <>
inline constexpr const char* kSchemaOf<Gateways> = "gateways/1";
template <>
inline constexpr const char* kSchemaOf<Profiles> = "profiles/1";
template <>
inline constexpr const char* kSchemaOf<QueryAnswer> = "query/1";
template <>
inline constexpr const char* kSchemaOf<IpsecStatus> = "ipsec/1";
template <>
inline constexpr const char* kSchemaOf<Flows> = "flows/1";
template <>
inline constexpr const char* kSchemaOf<Ports> = "ports/1";
template <>
inline constexpr const char* kSchemaOf<Discovered> = "discovered/1";
template <>
inline constexpr const char* kSchemaOf<RouteVerdict> = "route/1";
template <>
inline constexpr const char* kSchemaOf<Usage> = "usage/1";
template <>
inline constexpr const char* kSchemaOf<Log> = "log/1";
template <>
inline constexpr const char* kSchemaOf<ConfigText> = "config/1";
template <>
inline constexpr const char* kSchemaOf<DoctorReport> = "doctor/1";
template <>
inline constexpr const char* kSchemaOf<VersionStatus> = "version/1";
template <>
inline constexpr const char* kSchemaOf<MtuReport> = "mtu/1";
template <>
inline constexpr const char* kSchemaOf<Resolvers> = "dns/1";
template <>
inline constexpr const char* kSchemaOf<ProbeReport> = "probe/1";

/// Every type that is printed as a document.
using Documents =
    std::variant<Status, Done, ListenStatus, Listens, Leases, Gateways, Profiles, QueryAnswer,
                 IpsecStatus, Flows, Ports, Discovered, RouteVerdict, Usage, Log, ConfigText,
                 DoctorReport, VersionStatus, MtuReport, Resolvers, ProbeReport>;

/// {"schema":"rsip.status/2","time":...,"agent":...,"data":{...}}
///
/// agent   version of the agent that said it; empty: it is not known
/// time    ISO 8601, UTC
std::string document(const Documents& data, std::string_view agent, std::string_view time);

/// Same for a failure: {"schema":"rsip.error/1","time":...,"error":{...}}.
std::string error_document(const Error& error, std::string_view time);

/// A line of `rsipctl monitor --json`: {"schema":"rsip.event/1","seq":...,"time":...,"type":...,
/// "data":{...}}.
std::string event_document(const Event& event);
/// The first line of it: type "snapshot", data a Snapshot.
std::string snapshot_document(const Snapshot& snapshot, std::string_view time);

/// What a document of `rsipctl doctor --json` says.
/// errors   kProtocol if it is none
Result<DoctorReport> parse_doctor_document(std::string_view text);

}  // namespace rsip::ipc
