#include "common/ipc/summary.h"

#include <algorithm>

namespace rsip::ipc {
namespace {

/// How far a gateway has got; the summary is about the one that is furthest.
int progress_of(const GatewayStatus& gateway) {
  if (gateway.state == "assigned" && !gateway.device.empty()) return 6;
  if (gateway.state == "assigned") return 5;
  if (gateway.state == "assigning") return 4;
  if (gateway.state == "registered") return 3;
  if (gateway.state == "disabled") return 0;
  if (gateway.state == "stopping") return 1;
  return 2;
}

/// What no waiting mends by itself.
bool is_refusal(const ProblemStatus& problem) {
  switch (error_kind(problem.code)) {
    case ErrorKind::kPermission:
    case ErrorKind::kDenied:
    case ErrorKind::kNoResources:
    case ErrorKind::kInUse:
    case ErrorKind::kConfigInvalid:
    case ErrorKind::kProtocol:
      return true;
    default:
      return false;
  }
}

Mood mood_of(const GatewayStatus& gateway) {
  switch (progress_of(gateway)) {
    case 0:
      return Mood::kOff;
    case 5:
    case 6:
      return gateway.problem ? Mood::kDegraded : Mood::kAssigned;
    default:
      break;
  }
  if (gateway.problem && is_refusal(*gateway.problem)) return Mood::kError;
  return gateway.state == "registered" ? Mood::kRegistered : Mood::kConnecting;
}

void add_leases(const GatewayStatus& gateway, Summary& summary) {
  for (const LeaseStatus& lease : gateway.leases) {
    if (summary.address.empty()) summary.address = lease.address;
    if (lease.retiring) continue;
    summary.ends_in_seconds = std::min(summary.ends_in_seconds.value_or(lease.expires_in_seconds),
                                       lease.expires_in_seconds);
  }
  summary.ports = gateway.ports.leased;
}

/// A lease that is about to end was to be renewed long ago, unless its whole life is short.
bool ends_unrenewed(const GatewayStatus& gateway) {
  return std::ranges::any_of(gateway.leases, [](const LeaseStatus& lease) {
    return !lease.retiring && lease.expires_in_seconds < kSoonSeconds &&
           lease.expires_in_seconds < lease.granted_seconds / 8;
  });
}

const ProblemStatus* problem_elsewhere(const Status& status, const GatewayStatus& furthest) {
  for (const GatewayStatus& gateway : status.gateways) {
    if (&gateway != &furthest && gateway.state != "disabled" && gateway.problem) {
      return &*gateway.problem;
    }
  }
  return nullptr;
}

}  // namespace

const char* to_string(Mood mood) {
  switch (mood) {
    case Mood::kAgentDown:
      return "agent_down";
    case Mood::kOff:
      return "off";
    case Mood::kNoNetwork:
      return "no_network";
    case Mood::kConnecting:
      return "connecting";
    case Mood::kSignIn:
      return "sign_in";
    case Mood::kRegistered:
      return "registered";
    case Mood::kAssigned:
      return "assigned";
    case Mood::kDegraded:
      return "degraded";
    case Mood::kError:
      return "error";
  }
  return "?";
}

Summary summarize(const Status& status) {
  Summary summary;
  if (status.gateways.empty()) return summary;
  const GatewayStatus& furthest = *std::ranges::max_element(status.gateways, {}, progress_of);
  summary.gateway = furthest.name;
  summary.mood = mood_of(furthest);
  summary.problem = furthest.problem;
  add_leases(furthest, summary);
  if (summary.mood == Mood::kOff) return summary;
  if (status.network.state == "sign_in") summary.mood = Mood::kSignIn;
  if (status.network.state == "none") summary.mood = Mood::kNoNetwork;
  if (summary.mood != Mood::kAssigned) return summary;
  if (const ProblemStatus* const other = problem_elsewhere(status, furthest)) {
    summary.problem = *other;
    summary.mood = Mood::kDegraded;
  }
  if (ends_unrenewed(furthest)) summary.mood = Mood::kDegraded;
  return summary;
}

}  // namespace rsip::ipc
