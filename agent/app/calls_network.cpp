#include <algorithm>
#include <memory>

#include <boost/asio/post.hpp>

#include "agent/app/agent.h"
#include "agent/app/flow_report.h"
#include "agent/app/route_report.h"

// What people ask of the network: flows, ports, ways.
namespace rsip::agent {
namespace {

RoutedGateway routed(const GatewayClient& client) {
  const ipc::GatewayStatus status = client.status();
  const auto end = client.tunnel().end();
  RoutedGateway gateway{client.config(), status.state, {}, {}, {}, client.tunnel().table()};
  if (status.problem) gateway.state += ", " + status.problem->message;
  if (const auto address = Ipv4Address::parse(status.address)) gateway.address = *address;
  if (end) gateway.endpoint = end->endpoint;
  for (const std::string& text : status.local_networks) {
    if (const auto network = Ipv4Prefix::parse(text)) gateway.local_networks.push_back(*network);
  }
  return gateway;
}

}  // namespace

/// Collects the flows of several tunnels, whose pumps answer in any order.
struct Agent::FlowQuestion {
  ipc::Caller caller;
  Answered answered;
  std::size_t open = 0;  ///< Tunnels that have not answered.
  std::vector<GatewayFlow> flows;
  std::size_t left_out = 0;

  void add(const std::string& gateway, const FlowList& list) {
    for (const ListedFlow& flow : list.flows) flows.push_back({gateway, flow});
    left_out += list.left_out;
  }
};

// A pump calls back from its thread, and there must not be anything of a connection then: neither
// called nor destroyed.
void Agent::list_flows(const TunnelKeeper& tunnel, std::function<void(FlowList)> listed) {
  const std::uint64_t number = next_listing_++;
  listings_.emplace(number, std::move(listed));
  tunnel.list_flows([this, number](FlowList list) {
    boost::asio::post(io_, [this, number, list = std::move(list)] {
      const auto listing = listings_.extract(number);
      listing.mapped()(list);
    });
  });
}

void Agent::handle(const ipc::FlowsRequest& request, const ipc::Caller& caller,
                   const Answered& answered) {
  const auto clients = clients_named(request.gateway);
  if (!clients) return answered(tl::unexpected(clients.error()));
  const auto question = std::make_shared<FlowQuestion>();
  question->caller = caller;
  question->answered = answered;
  question->open = clients->size();
  for (GatewayClient* const client : *clients) {
    list_flows(client->tunnel(), [this, question, client](const FlowList& list) {
      question->add(client->config().name, list);
      if (--question->open == 0) answer(*question);
    });
  }
}

void Agent::answer(const FlowQuestion& question) {
  std::vector<HostSocket> sockets;
  for (const GatewayFlow& flow : question.flows) sockets.push_back(socket_of(flow.flow));
  const auto& [who, user] = question.caller;
  const bool sees_all = ipc::is_allowed(who, ipc::Access::kChange);
  const auto owners =
      platform_.sockets.find(sockets, sees_all ? std::nullopt : std::optional(user));
  question.answered(report_flows(question.flows, owners, question.left_out, question.caller));
}

void Agent::handle(const ipc::PortsRequest& request, const Answered& answered) {
  const auto named = client_named(request.gateway);
  if (!named) return answered(tl::unexpected(named.error()));
  GatewayClient* const client = *named;  // it lives as long as the agent
  list_flows(client->tunnel(), [client, answered](const FlowList& list) {
    const TunnelKeeper& tunnel = client->tunnel();
    answered(report_ports(client->status(), tunnel.table(), list, tunnel.ports_high_water()));
  });
}

void Agent::handle(const ipc::RouteExplainRequest& request, const ipc::Caller& caller,
                   const Answered& answered) {
  const auto destination = Ipv4Address::parse(request.destination);
  if (!destination) {
    return answered(fail(ErrorKind::kUsage, destination.error().message,
                         "name the IPv4 address of the destination"));
  }
  const RouteQuestion question{*destination, request.port, caller.user};
  const auto answer = platform_.routes.explain(question);
  if (!answer) return answered(tl::unexpected(answer.error()));
  std::vector<RoutedGateway> gateways;
  for (const auto& client : clients_) gateways.push_back(routed(*client));
  ipc::RouteVerdict verdict = report_route(question, *answer, gateways);
  const RoutedGateway* const tunnel = tunnel_on(answer->device, gateways);
  if (tunnel != nullptr && verdict.way == "tunnel") {
    if (const auto outer = network_.path_to(*tunnel->endpoint)) {
      verdict.outer_device = outer->link_name;
      verdict.outer_source = outer->source.to_string();
    }
  }
  answered(std::move(verdict));
}

}  // namespace rsip::agent
