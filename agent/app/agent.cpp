#include "agent/app/agent.h"

#include <algorithm>

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "agent/app/status_report.h"

namespace rsip::agent {

Agent::Agent(boost::asio::io_context& io, Config config, AgentPlatform platform, bool fail_fast,
             std::uint64_t seed)
    : io_(io),
      config_(std::move(config)),
      platform_(std::move(platform)),
      network_(platform_.network) {
  for (const GatewayConfig& gateway : config_.gateways) {
    const std::size_t position = clients_.size();
    clients_.push_back(std::make_unique<GatewayClient>(
        gateway, position, client_platform(), client_events(), fail_fast, seed + 1000 * position));
  }
}

ClientPlatform Agent::client_platform() {
  return {platform_.now,
          [this](std::function<void()> work) { boost::asio::post(io_, std::move(work)); },
          platform_.make_link,
          platform_.find,
          platform_.make_coordinator,
          platform_.last_ike_port,
          network_,
          platform_.tunnels};
}

ClientEvents Agent::client_events() {
  return {[this] { wake_in_time(); },
          [this](const Error& error) {
            if (!failure_) failure_ = error;
          },
          [this] { one_stopped(); }};
}

void Agent::start() {
  if (auto watching = platform_.monitor.start([this] { network_changed(); }); !watching) {
    spdlog::warn("network.not_watched {}", to_line(watching.error()));
  }
  open_usage();
  running_ = clients_.size();
  for (const auto& client : clients_) client->start();
  wake_in_time();
}

void Agent::stop() {
  spdlog::info("agent.stopping");
  if (running_ > 0) failure_.reset();  // of a gateway beside others that worked
  for (const auto& client : clients_) client->stop();
}

// A gateway that cannot be used is no reason to give up the others.
void Agent::one_stopped() {
  if (running_ == 0 || --running_ > 0) return;
  platform_.monitor.stop();
  finish_usage();
  spdlog::info("agent.stopped");
  if (finished_) finished_();
}

void Agent::wake_in_time() {
  if (waking_) return;
  TimePoint next = watch_usage();
  for (const auto& client : clients_) next = std::min(next, client->next_deadline());
  if (next != TimePoint::max()) platform_.wake_at(next, [this] { wake(); });
}

void Agent::wake() {
  waking_ = true;
  for (const auto& client : clients_) {
    if (platform_.now() >= client->next_deadline()) client->wake();
  }
  waking_ = false;
  wake_in_time();
}

void Agent::network_changed() {
  spdlog::debug("network.changed");
  for (const auto& client : clients_) client->network_changed();
  wake_in_time();
}

ipc::Status Agent::status() const {
  ipc::Status status;
  status.agent = RSIP_VERSION;
  for (const auto& client : clients_) status.gateways.push_back(client->status());
  status.state = furthest_state(status.gateways);
  return status;
}

}  // namespace rsip::agent
