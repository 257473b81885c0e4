#include "common/ipc/events.h"

#include <algorithm>

namespace rsip::ipc {
namespace {

GatewayStatus* gateway_named(Status& snapshot, const std::string& name) {
  const auto found = std::ranges::find(snapshot.gateways, name, &GatewayStatus::name);
  return found != snapshot.gateways.end() ? &*found : nullptr;
}

void change(const GatewayChanged& event, Status& snapshot) {
  snapshot.state = event.state;
  if (GatewayStatus* const gateway = gateway_named(snapshot, event.gateway.name)) {
    *gateway = event.gateway;
  } else {
    snapshot.gateways.push_back(event.gateway);
  }
}

void change(const AgentChanged& event, Status& snapshot) {
  snapshot.state = event.state;
  snapshot.network = event.network;
  snapshot.profile = event.profile;
}

void change(const TrafficChanged& event, Status& snapshot) {
  GatewayStatus* const gateway = gateway_named(snapshot, event.gateway);
  if (gateway == nullptr) return;
  gateway->traffic = event.traffic;
  gateway->ports = event.ports;
}

// What happened shows in the snapshot by the changes that come with it.
void change(const Happening&, Status&) {}
void change(const LogLine&, Status&) {}
void change(const AgentStopping&, Status&) {}

}  // namespace

void apply(const EventBody& event, Status& snapshot) {
  std::visit([&](const auto& body) { change(body, snapshot); }, event);
}

}  // namespace rsip::ipc
