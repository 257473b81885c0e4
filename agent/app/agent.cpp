#include "agent/app/agent.h"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "agent/app/network_planner.h"
#include "agent/app/status_report.h"

namespace rsip::agent {
namespace {

std::int64_t seconds_between(TimePoint from, TimePoint to) {
  return std::chrono::duration_cast<std::chrono::seconds>(to - from).count();
}

SessionSettings session_settings(const GatewayConfig& gateway) {
  return {gateway.address, gateway.method, gateway.ports, gateway.max_ports,
          msg::LeaseTime(static_cast<std::uint32_t>(gateway.lease.count()))};
}

std::string ports_of(const Lease& lease) {
  return lease.ports.empty() ? "all" : to_string(lease.ports);
}

}  // namespace

Agent::Agent(boost::asio::io_context& io, Config config, AgentPlatform platform, bool fail_fast,
             std::uint64_t seed)
    : io_(io),
      config_(std::move(config)),
      platform_(std::move(platform)),
      fail_fast_(fail_fast),
      session_(session_settings(config_.gateway), seed),
      link_(platform_.make_link(link_events())) {}

Agent::~Agent() {
  close_tunnel();
}

void Agent::start() {
  carry_out(session_.start(platform_.now()));
}

void Agent::stop() {
  spdlog::info("agent.stopping");
  feed(Stop{});
}

LinkEvents Agent::link_events() {
  return {[this] { feed(LinkUp{}); }, [this](const Error& reason) { feed(LinkDown{reason}); },
          [this](const msg::Message& message) { feed(Received{message}); },
          [](const msg::DecodeError& error) {
            spdlog::warn("message.discarded error={} offset={} detail=\"{}\"",
                         msg::to_string(error.code), error.offset, error.detail);
          }};
}

void Agent::feed(const SessionEvent& event) {
  carry_out(session_.on(event, platform_.now()));
}

void Agent::carry_out(std::vector<SessionAction> actions) {
  for (const SessionAction& action : actions) {
    std::visit([this](const auto& a) { carry_out(a); }, action);
  }
  const TimePoint next = session_.next_deadline();
  if (next != TimePoint::max()) platform_.wake_at(next, [this] { feed(Tick{}); });
}

void Agent::carry_out(const OpenLink&) {
  spdlog::debug("link.opening gateway={} port={}", config_.gateway.address.to_string(),
                config_.gateway.port);
  link_->open();
}

void Agent::carry_out(const CloseLink&) {
  link_->close();
}

void Agent::carry_out(const Send& action) {
  spdlog::debug("message.sent type={}", msg::to_string(msg::type_of(action.message)));
  link_->send(action.message);
}

void Agent::carry_out(const Registered& action) {
  spdlog::info("gateway.registered gateway={} client={} policy={}/{} lease_s={}",
               config_.gateway.name, action.response.client.value,
               msg::to_string(action.response.policy.local),
               msg::to_string(action.response.policy.remote), action.response.lease.count());
}

void Agent::carry_out(const LeaseGranted& action) {
  problem_.reset();
  spdlog::info("lease.granted bind={} address={} ports=\"{}\" expires_in_s={}",
               action.lease.bind.value, action.lease.local.to_string(), ports_of(action.lease),
               seconds_between(platform_.now(), action.lease.expires_at));
}

void Agent::carry_out(const LeaseExtended& action) {
  problem_.reset();
  spdlog::debug("lease.extended bind={} expires_in_s={}", action.lease.bind.value,
                seconds_between(platform_.now(), action.lease.expires_at));
}

void Agent::carry_out(const LeaseLost& action) {
  spdlog::info("lease.ended bind={} address={} ports=\"{}\" reason={}", action.lease.bind.value,
               action.lease.local.to_string(), ports_of(action.lease), action.reason);
}

void Agent::carry_out(const Problem& action) {
  if (problem_ != action.error) spdlog::warn("problem: {}", to_line(action.error));
  problem_ = action.error;
  if (fail_fast_ && action.fatal_for_start && session_.leases().empty()) {
    fail_for_good(action.error);
  }
}

void Agent::carry_out(const LeasesChanged&) {
  if (auto matched = match_host_to_leases(); !matched) fail_for_good(matched.error());
}

void Agent::carry_out(const Finished&) {
  close_tunnel();
  spdlog::info("agent.stopped");
  if (finished_) finished_();
}

// A host that cannot be set up stays unusable however often one tries: give everything back and
// end, with the reason as exit code.
void Agent::fail_for_good(Error error) {
  if (failure_) return;
  failure_ = std::move(error);
  boost::asio::post(io_, [this] { feed(Stop{}); });
}

Result<void> Agent::match_host_to_leases() {
  if (session_.leases().empty()) {
    close_tunnel();
    return {};
  }
  if (tunnel_ == nullptr) {
    if (auto opened = open_tunnel(); !opened) return opened;
  }
  const auto underlay = platform_.network.path_mtu(config_.gateway.address);
  if (!underlay) return tl::unexpected(underlay.error());
  const NetworkPlan plan = plan_network(config_, session_.leases(), *underlay);
  if (auto applied = platform_.network.apply(plan); !applied) return applied;
  tunnel_mtu_ = plan.mtu;
  tunnel_->publish(std::make_shared<const FlowTable>(
      plan_flows(config_, session_.leases(), session_.may_grow(), ++generation_)));
  return {};
}

Result<void> Agent::open_tunnel() {
  DatapathEvents events;
  events.ports_wanted = [this] { boost::asio::post(io_, [this] { feed(PortsWanted{}); }); };
  auto opened = platform_.tunnels.open(config_.device, config_.gateway.address, std::move(events));
  if (!opened) return tl::unexpected(opened.error());
  tunnel_ = std::move(*opened);
  spdlog::info("tunnel.up device={} endpoint={} type=ip-ip", config_.device,
               config_.gateway.address.to_string());
  return {};
}

void Agent::close_tunnel() {
  if (tunnel_ == nullptr) return;
  if (auto cleaned = platform_.network.apply({}); !cleaned) {
    spdlog::error("network.not_clean {}", to_line(cleaned.error()));
  }
  tunnel_.reset();
  tunnel_mtu_ = 0;
  spdlog::info("tunnel.down device={}", config_.device);
}

ipc::Status Agent::status() const {
  const std::optional<DatapathStats> stats =
      tunnel_ ? std::optional(tunnel_->stats()) : std::nullopt;
  return report_status(config_, session_, tunnel_mtu_, stats, problem_, platform_.now());
}

}  // namespace rsip::agent
