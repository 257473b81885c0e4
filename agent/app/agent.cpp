#include "agent/app/agent.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "agent/app/status_report.h"

namespace rsip::agent {

Agent::Agent(boost::asio::io_context& io, Config config, AgentPlatform platform, bool fail_fast,
             std::uint64_t seed)
    : io_(io),
      config_(std::move(config)),
      platform_(std::move(platform)),
      network_(platform_.network),
      publisher_({[this] { return status(); }, platform_.now, platform_.wall}) {
  if (platform_.log != nullptr) {
    platform_.log->on_line([this](const ipc::LogLine& line) { publisher_.logged(line); });
  }
  for (const GatewayConfig& gateway : config_.gateways) {
    const std::size_t position = clients_.size();
    clients_.push_back(std::make_unique<GatewayClient>(
        gateway, position, client_platform(), client_events(), fail_fast, seed + 1000 * position));
  }
}

Agent::~Agent() {
  if (platform_.log != nullptr) platform_.log->on_line({});
}

ClientPlatform Agent::client_platform() {
  return {platform_.now,
          [this](std::function<void()> work) { boost::asio::post(io_, std::move(work)); },
          platform_.make_link,
          platform_.find,
          platform_.make_coordinator,
          platform_.last_ike_port,
          network_,
          platform_.tunnels,
          platform_.wall};
}

ClientEvents Agent::client_events() {
  return {[this] { changed(); },
          [this](const Error& error) {
            if (!failure_) failure_ = error;
          },
          [this] { one_stopped(); },
          [this](ipc::Happening happening) { publisher_.happened(std::move(happening)); }};
}

void Agent::start() {
  if (auto watching = platform_.monitor.start([this] { network_changed(); }); !watching) {
    spdlog::warn("network.not_watched {}", to_line(watching.error()));
  }
  started_at_ = to_iso(platform_.wall());
  running_ = clients_.size();
  for (const auto& client : clients_) client->start();
  changed();
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
  spdlog::info("agent.stopped");
  publisher_.stop();
  if (finished_) finished_();
}

void Agent::wake_in_time() {
  if (waking_) return;
  TimePoint next = std::min(publisher_.next_look(), level_until_);
  for (const auto& client : clients_) next = std::min(next, client->next_deadline());
  if (next != TimePoint::max()) platform_.wake_at(next, [this] { wake(); });
}

void Agent::wake() {
  waking_ = true;
  for (const auto& client : clients_) {
    if (platform_.now() >= client->next_deadline()) client->wake();
  }
  if (platform_.now() >= level_until_) end_log_level();
  if (platform_.now() >= publisher_.next_look()) publisher_.look();
  waking_ = false;
  wake_in_time();
}

void Agent::network_changed() {
  spdlog::debug("network.changed");
  for (const auto& client : clients_) client->network_changed();
  changed();
}

/// Something that is told about may have changed, or when to wake.
void Agent::changed() {
  look_at_network();
  publisher_.changed();
  wake_in_time();
}

void Agent::look_at_network() {
  const bool none = std::ranges::none_of(clients_, &GatewayClient::has_way);
  if (std::exchange(no_network_, none) == none) return;
  spdlog::info(none ? "network.lost" : "network.back");
  publisher_.happened(none ? network_lost() : network_back());
}

void Agent::want_events(const EventWishes& wishes) {
  publisher_.want(wishes);
  wake_in_time();
}

ipc::Status Agent::status() const {
  ipc::Status status;
  status.agent = RSIP_VERSION;
  for (const auto& client : clients_) status.gateways.push_back(client->status());
  status.state = furthest_state(status.gateways);
  status.network.state = no_network_ ? "none" : "online";
  status.profile = profile_;
  for (const ProfileConfig& profile : config_.profiles) {
    status.profiles.push_back({profile.name, profile.gateways});
  }
  status.started_at = started_at_;
  return status;
}

}  // namespace rsip::agent
