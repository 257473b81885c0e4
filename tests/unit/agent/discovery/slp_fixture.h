#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>

#include "agent/discovery/slp_user_agent.h"
#include "tests/fakes/slp_peers.h"
#include "tests/gateway/slp/slp_agent.h"

namespace rsip::agent {

/// Gateways and directory agents at 10.1.0.1 to 10.1.0.8, and a host at 10.1.0.9 that looks for
/// them.
class SlpFixture : public fakes::SlpNetworkFixture {
 protected:
  using Milliseconds = std::chrono::milliseconds;

  static SlpSettings settings() {
    SlpSettings all;
    all.network.local = fakes::slp_address("10.1.0.9");
    all.pace.waits = {Milliseconds(40), Milliseconds(60), Milliseconds(80), Milliseconds(100)};
    all.pace.directory_limit = Milliseconds(150);
    all.pace.total_limit = Milliseconds(1600);
    return all;
  }

  static gateway::SlpAgentSettings gateway_settings(const char* address) {
    gateway::SlpAgentSettings all;
    all.address = fakes::slp_address(address);
    all.service_address = all.address;
    return all;
  }

  gateway::SlpAgent& start_gateway(const gateway::SlpAgentSettings& settings,
                                   std::optional<int> load = std::nullopt) {
    gateways_.push_back(std::make_unique<gateway::SlpAgent>(io_, settings));
    const auto started = gateways_.back()->start();
    EXPECT_TRUE(started) << to_line(started.error());
    if (load) gateways_.back()->set_load(*load);
    return *gateways_.back();
  }

  gateway::SlpAgent& start_gateway(const char* address, std::optional<int> load = std::nullopt) {
    return start_gateway(gateway_settings(address), load);
  }

  std::vector<FoundGateway> find(const SlpSettings& settings) {
    std::optional<Result<std::vector<FoundGateway>>> found;
    boost::asio::co_spawn(io_, find_by_slp(settings),
                          [&found](const std::exception_ptr& fault, auto result) {
                            EXPECT_FALSE(fault);
                            found = std::move(result);
                          });
    run_until([&found] { return found.has_value(); });
    if (!found || !*found) return {};
    return **found;
  }

  static std::vector<std::string> addresses(const std::vector<FoundGateway>& gateways) {
    std::vector<std::string> texts;
    for (const FoundGateway& gateway : gateways) texts.push_back(gateway.address.to_string());
    return texts;
  }

  std::vector<std::unique_ptr<gateway::SlpAgent>> gateways_;
};

}  // namespace rsip::agent
