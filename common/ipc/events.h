#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/ipc/status.h"

/// What the agent tells a subscriber after the snapshot. The snapshot with all of them applied is
/// what `status` would answer.
namespace rsip::ipc {

/// Replaces the gateway of that name in the snapshot. Sent when more than its counters and its
/// countdowns changed; countdowns go on by themselves.
struct GatewayChanged {
  static constexpr const char* kName = "gateway";
  std::string state;
  GatewayStatus gateway;
};
RSIP_CONTRACT(GatewayChanged, "A gateway or its leases changed.", (state, "Of the agent, now."),
              (gateway, "Replaces the one of that name."))

struct AgentChanged {
  static constexpr const char* kName = "agent";
  std::string state;
  NetworkStatus network;
  std::string profile;
};
RSIP_CONTRACT(AgentChanged, "What the snapshot says of the agent itself changed.",
              (state, "Of the agent, now."), (network, "What this host is connected to."),
              (profile, "The one in use; empty: none."))

struct TrafficChanged {
  static constexpr const char* kName = "traffic";
  std::string gateway;
  TrafficStatus traffic;
  PortUsage ports;
};
RSIP_CONTRACT(TrafficChanged, "Counters of a gateway changed; only for who asked for traffic.",
              (gateway, "Whose."), (traffic, "Replaces its traffic."),
              (ports, "Replaces its ports."))

struct Happening {
  static constexpr const char* kName = "happening";
  std::string kind;
  std::string gateway;
  std::optional<std::uint32_t> bind;
  std::string address;
  std::string words;
  std::optional<ProblemStatus> problem;
};
RSIP_CONTRACT(Happening, "Something happened that a person may want to know.",
              (kind,
               "\"registered\", \"lease_granted\", \"lease_extended\", \"renewal_failed\", "
               "\"lease_ended\", \"lease_lost\", \"address_changed\", \"refused\", \"pool_full\", "
               "\"listen_failed\", \"gateway_unreachable\", \"sign_in_needed\", \"network_lost\", "
               "\"network_back\"."),
              (gateway, "Whose; empty: the agent's own."), (bind, "Which lease."),
              (address, "Public address it is about."), (words, "One sentence for a person."),
              (problem, "What is wrong, if something is."))

struct LogLine {
  static constexpr const char* kName = "log";
  std::string time;
  std::string level;
  std::string text;
};
RSIP_CONTRACT(LogLine, "A line of the agent's log; as an event only for who asked for it.",
              (time, "When."), (level, "\"trace\", \"debug\", \"info\", \"warn\", \"error\"."),
              (text, "Name of what happened, then key=value."))

struct AgentStopping {
  static constexpr const char* kName = "stopping";
};
RSIP_CONTRACT_EMPTY(AgentStopping, "The agent ends; the last event.")

using EventBody =
    std::variant<GatewayChanged, AgentChanged, TrafficChanged, Happening, LogLine, AgentStopping>;

/// One line of `rsipctl monitor --json`, and the parameters of the notification "event".
struct Event {
  std::uint64_t seq = 0;  ///< Rises by one with each event of this agent's life that it sends.
  std::string time;       ///< ISO 8601, UTC.
  EventBody body;
};

/// Makes the snapshot what it is after the event.
void apply(const EventBody& event, Status& snapshot);

}  // namespace rsip::ipc
