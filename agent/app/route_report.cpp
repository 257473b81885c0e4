#include "agent/app/route_report.h"

#include <algorithm>

#include "agent/platform/host_network.h"

namespace rsip::agent {
namespace {

constexpr Ipv4Prefix kLinkLocal{{0xA9FE0000}, 16};  // RFC 3927

const Ipv4Prefix* prefix_with(const std::vector<Ipv4Prefix>& prefixes, Ipv4Address address) {
  const auto found =
      std::ranges::find_if(prefixes, [&](const Ipv4Prefix& p) { return p.contains(address); });
  return found == prefixes.end() ? nullptr : &*found;
}

bool carries_flows(const Binding& binding) {
  return !binding.listening && !binding.retiring && (binding.all_ports || !binding.ports.empty());
}

/// How closely a binding names a remote, as the data path asks for it (RFC 3103 section 7.2); 0: it
/// does not serve it.
int closeness(const Binding& binding, RemoteDetail detail, const RouteQuestion& question) {
  const auto port = question.port != 0 ? std::optional(question.port) : std::nullopt;
  if (!binding.remote.allows(question.destination, port)) return 0;
  if (binding.remote.port && !port && detail != RemoteDetail::kAddressAndPort) return 0;
  if (binding.remote.port) return 3;
  if (binding.remote.address) return detail == RemoteDetail::kAddressAndPort ? 0 : 2;
  return detail == RemoteDetail::kNone ? 1 : 0;
}

/// The binding that a new flow would take a port of; null: none serves it yet.
const Binding* binding_for(const FlowTable& table, const RouteQuestion& question,
                           Ipv4Address source) {
  const Binding* best = nullptr;
  int closest = 0;
  for (const Binding& binding : table.bindings) {
    if (!carries_flows(binding) || (!source.is_unspecified() && binding.local != source)) continue;
    const int close = closeness(binding, table.detail, question);
    if (close > closest) best = &binding;
    closest = std::max(closest, close);
  }
  return best;
}

bool is_refused(const FlowTable& table, const RouteQuestion& question) {
  return std::ranges::any_of(table.refused, [&](const RemoteScope& scope) {
    return scope.allows(question.destination, question.port);
  });
}

std::string lease_remark(const RoutedGateway& gateway, const RouteQuestion& question) {
  if (gateway.table.suspended) return ", but its leases are being asked for again";
  if (is_refused(gateway.table, question)) return ", but it does not allow this remote";
  if (gateway.table.may_grow) return ", and a lease is asked for with the first packet";
  return ", but no lease serves this remote";
}

std::string tunnel_reason(const RoutedGateway& gateway, const Ipv4Prefix& prefix) {
  const auto& routes = gateway.config.routes;
  const std::string name = "gateway " + gateway.config.name;
  if (std::ranges::find(routes, prefix) != routes.end()) {
    return prefix.to_string() + " is among the routes of " + name;
  }
  return "the tunnel of " + name + " carries " + prefix.to_string();
}

void add_tunnel(const RoutedGateway& gateway, const RouteQuestion& question,
                const RouteAnswer& answer, ipc::RouteVerdict& verdict) {
  verdict.way = "tunnel";
  verdict.gateway = gateway.config.name;
  verdict.reason = tunnel_reason(gateway, answer.prefix);
  const Binding* const binding = binding_for(gateway.table, question, answer.source);
  if (binding == nullptr || is_refused(gateway.table, question)) {
    verdict.reason += lease_remark(gateway, question);
    return;
  }
  verdict.bind = binding->bind.value;
  for (const PortRange& range : binding->ports)
    verdict.ports.push_back({range.first, range.last()});
}

std::string local_reason(Ipv4Address destination, const std::vector<RoutedGateway>& gateways) {
  const std::string text = destination.to_string();
  if (destination.is_loopback()) return text + " is a loopback address: it means this host itself";
  for (const RoutedGateway& gateway : gateways) {
    const bool leased = std::ranges::find(gateway.table.bindings, destination, &Binding::local) !=
                        gateway.table.bindings.end();
    if (leased && !gateway.config.forward) {
      return text + " is leased through gateway " + gateway.config.name +
             ": packets to it stay on this host, also those to ports of others";
    }
  }
  return text + " is an address of this host";
}

/// Why a look-up of the tunnels' routes leads past them.
std::string exception_reason(Ipv4Address destination, const std::vector<RoutedGateway>& gateways) {
  const std::string text = destination.to_string();
  if (kLinkLocal.contains(destination)) {
    return text + " is a link-local address: these never go through a tunnel";
  }
  for (const RoutedGateway& gateway : gateways) {
    const std::string name = "gateway " + gateway.config.name;
    if (gateway.address == destination) return text + " is " + name + " itself";
    if (gateway.endpoint == destination) return text + " is the far end of the tunnel of " + name;
  }
  for (const RoutedGateway& gateway : gateways) {
    const std::string name = "gateway " + gateway.config.name;
    if (const auto* const prefix = prefix_with(gateway.config.exclude, destination)) {
      return prefix->to_string() + " is excluded in the configuration of " + name;
    }
    if (const auto* const prefix = prefix_with(gateway.local_networks, destination)) {
      return name + " calls " + prefix->to_string() + " local";
    }
  }
  return "no gateway has a route for " + text;
}

std::string no_tunnel_reason(const std::vector<RoutedGateway>& gateways) {
  if (gateways.empty()) return "there is no tunnel: no gateway is in use";
  std::string states;
  for (const RoutedGateway& gateway : gateways) {
    states += (states.empty() ? "" : "; ") + gateway.config.name + " is " + gateway.state;
  }
  return "there is no tunnel at present: gateway " + states;
}

std::string direct_reason(const RouteAnswer& answer, Ipv4Address destination,
                          const std::vector<RoutedGateway>& gateways) {
  const bool tunnels = std::ranges::any_of(
      gateways, [](const RoutedGateway& gateway) { return gateway.endpoint.has_value(); });
  if (!tunnels) return no_tunnel_reason(gateways);
  const bool before = answer.rule_priority < kRulePriorityTunnel && !answer.rule.empty();
  if (!before) return exception_reason(destination, gateways);
  if (answer.rule_priority != kRulePriorityConnected) {
    return "a rule of this host comes before those of the tunnels";
  }
  const std::string network = answer.prefix.to_string();
  if (answer.router.is_unspecified()) {
    return "this host is connected to " + network + " by " + answer.device +
           ": connected networks always go direct";
  }
  return "this host has a route to " + network + " of its own: these go before the tunnels";
}

std::string group_reason(const RouteAnswer& answer, Ipv4Address destination) {
  const char* const what =
      answer.kind == RouteKind::kBroadcast ? " is a broadcast" : " is a multicast";
  return destination.to_string() + what + " address: it never goes through a tunnel";
}

std::string sentence(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
  return text + ".";
}

void add_way(const RouteQuestion& question, const RouteAnswer& answer,
             const std::vector<RoutedGateway>& gateways, ipc::RouteVerdict& verdict) {
  const Ipv4Address to = question.destination;
  const RoutedGateway* const tunnel = tunnel_on(answer.device, gateways);
  switch (answer.kind) {
    case RouteKind::kNone:
      verdict.way = "none";
      verdict.reason = "there is no route to " + to.to_string() + ": " + answer.why_none;
      return;
    case RouteKind::kLocal:
      verdict.way = "local";
      verdict.reason = local_reason(to, gateways);
      return;
    case RouteKind::kUnicast:
      break;
    case RouteKind::kBroadcast:
    case RouteKind::kMulticast:
      if (tunnel != nullptr) break;
      verdict.way = "direct";
      verdict.reason = group_reason(answer, to);
      return;
  }
  if (tunnel != nullptr) return add_tunnel(*tunnel, question, answer, verdict);
  verdict.way = "direct";
  verdict.reason = direct_reason(answer, to, gateways);
}

}  // namespace

const RoutedGateway* tunnel_on(const std::string& device,
                               const std::vector<RoutedGateway>& gateways) {
  const auto found = std::ranges::find_if(gateways, [&](const RoutedGateway& gateway) {
    return gateway.endpoint && gateway.config.device == device;
  });
  return found == gateways.end() ? nullptr : &*found;
}

ipc::RouteVerdict report_route(const RouteQuestion& question, const RouteAnswer& answer,
                               const std::vector<RoutedGateway>& gateways) {
  ipc::RouteVerdict verdict;
  verdict.destination = question.destination.to_string();
  verdict.port = question.port;
  verdict.rule = answer.rule;
  verdict.table = answer.table;
  verdict.device = answer.device;
  if (!answer.router.is_unspecified()) verdict.router = answer.router.to_string();
  if (!answer.source.is_unspecified()) verdict.source = answer.source.to_string();
  add_way(question, answer, gateways, verdict);
  verdict.reason = sentence(verdict.reason);
  return verdict;
}

}  // namespace rsip::agent
