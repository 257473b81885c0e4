#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/app/config.h"
#include "agent/datapath/flow_table.h"
#include "agent/platform/route_oracle.h"
#include "common/ipc/route_verdict.h"

/// Which way a packet takes, as the front ends see it.
namespace rsip::agent {

/// A gateway as far as routes are concerned.
struct RoutedGateway {
  const GatewayConfig& config;
  std::string state;                       ///< Of its session, and what is wrong.
  std::optional<Ipv4Address> address;      ///< Of the gateway; nothing: not known.
  std::optional<Ipv4Address> endpoint;     ///< Of its tunnel; nothing: there is none.
  std::vector<Ipv4Prefix> local_networks;  ///< As the gateway calls them.
  const FlowTable& table;                  ///< What its tunnel goes by.
};

/// The verdict, without the outer packet's way.
ipc::RouteVerdict report_route(const RouteQuestion& question, const RouteAnswer& answer,
                               const std::vector<RoutedGateway>& gateways);

/// The gateway whose tunnel a device is; null: nobody's.
const RoutedGateway* tunnel_on(const std::string& device,
                               const std::vector<RoutedGateway>& gateways);

}  // namespace rsip::agent
