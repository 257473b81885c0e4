#include "agent/cli/headline_text.h"

#include "agent/cli/status_text.h"

namespace rsip::cli {
namespace {

std::string leased_text(const ipc::Summary& summary) {
  std::string text = summary.address;
  if (summary.ports > 0) text += ", " + std::to_string(summary.ports) + " ports";
  if (summary.ends_in_seconds) {
    text += ", lease ends in " + human_seconds(*summary.ends_in_seconds);
  }
  return text;
}

std::string with_problem(std::string text, const ipc::Summary& summary) {
  return summary.problem ? text + ": " + summary.problem->message : text;
}

}  // namespace

std::string headline_text(const ipc::Summary& summary, const ipc::NetworkStatus& network) {
  switch (summary.mood) {
    case ipc::Mood::kAgentDown:
      return "RSIP agent is not running";
    case ipc::Mood::kOff:
      return "Off";
    case ipc::Mood::kNoNetwork:
      return "No network";
    case ipc::Mood::kConnecting:
      return with_problem("Connecting to " + summary.gateway, summary);
    case ipc::Mood::kSignIn:
      return "This network needs sign-in" +
             (network.portal.empty() ? std::string() : ": " + network.portal);
    case ipc::Mood::kRegistered:
      return with_problem("Registered with " + summary.gateway + ", no address leased", summary);
    case ipc::Mood::kAssigned:
      return "Assigned " + leased_text(summary);
    case ipc::Mood::kDegraded:
      return "Assigned " + leased_text(summary) + ", but " +
             (summary.problem ? summary.problem->message : "it is not renewed");
    case ipc::Mood::kError:
      return with_problem("Refused by " + summary.gateway, summary);
  }
  return "?";
}

}  // namespace rsip::cli
