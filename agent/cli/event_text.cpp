#include "agent/cli/event_text.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <variant>

#include "agent/cli/status_text.h"

namespace rsip::cli {
namespace {

std::string words_of(const ipc::GatewayChanged& event) {
  std::string text = event.gateway.name + ": " + event.gateway.state;
  for (const ipc::LeaseStatus& lease : event.gateway.leases) {
    text += (&lease == &event.gateway.leases.front() ? ", leased " : ", ") + std::string("bind ") +
            std::to_string(lease.bind) + " " + lease.address + " for " +
            human_seconds(lease.expires_in_seconds);
  }
  if (event.gateway.problem) text += ": " + event.gateway.problem->message;
  return text;
}
std::string words_of(const ipc::AgentChanged& event) {
  return "agent: " + event.state + ", network " + event.network.state +
         (event.profile.empty() ? "" : ", profile " + event.profile);
}
std::string words_of(const ipc::TrafficChanged& event) {
  return event.gateway + ": sent " + human_bytes(event.traffic.sent_bytes) + ", received " +
         human_bytes(event.traffic.received_bytes) + ", " + std::to_string(event.ports.used) +
         " ports in use";
}
std::string words_of(const ipc::Happening& event) {
  return (event.gateway.empty() ? "agent" : event.gateway) + ": " + event.words;
}
std::string words_of(const ipc::LogLine& line) {
  return "log: " + line.level + " " + line.text;
}
std::string words_of(const ipc::AgentStopping&) {
  return "agent: it ends";
}

}  // namespace

std::string event_text(const ipc::Event& event) {
  return event.time + "  " +
         std::visit([](const auto& body) { return words_of(body); }, event.body) + '\n';
}

std::string log_text(const ipc::LogLine& line) {
  std::string level = line.level;
  level.resize(std::max<std::size_t>(level.size(), 5), ' ');
  return line.time + "  " + level + "  " + line.text + '\n';
}

bool is_at_least(const ipc::LogLine& line, const std::string& level) {
  constexpr std::string_view kLevels[] = {"trace", "debug", "info", "warn", "error"};
  return std::ranges::find(kLevels, line.level) >= std::ranges::find(kLevels, level);
}

}  // namespace rsip::cli
