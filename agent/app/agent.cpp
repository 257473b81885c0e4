#include "agent/app/agent.h"

#include <algorithm>

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "agent/app/status_report.h"

namespace rsip::agent {
namespace {

std::int64_t seconds_between(TimePoint from, TimePoint to) {
  return std::chrono::duration_cast<std::chrono::seconds>(to - from).count();
}

SessionSettings session_settings(const GatewayConfig& gateway) {
  SessionSettings settings;
  settings.gateway = gateway.address;
  settings.method = gateway.method;
  settings.block_ports = gateway.ports;
  settings.max_ports = gateway.max_ports;
  settings.lease = msg::LeaseTime(static_cast<std::uint32_t>(gateway.lease.count()));
  return settings;
}

constexpr Duration kMatchAgainAfter = std::chrono::seconds(5);

/// A host that cannot carry a tunnel stays unusable however often one tries.
bool is_final(ErrorKind kind) {
  return kind == ErrorKind::kPermission || kind == ErrorKind::kInUse ||
         kind == ErrorKind::kNotFound || kind == ErrorKind::kConfigInvalid;
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
      host_(config_, platform_.network, platform_.tunnels, [this] { return datapath_events(); }),
      link_(platform_.make_link(link_events())) {}

void Agent::start() {
  if (auto watching = platform_.monitor.start([this] { network_changed(); }); !watching) {
    spdlog::warn("network.not_watched {}", to_line(watching.error()));
  }
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

// Called from the pump's thread.
DatapathEvents Agent::datapath_events() {
  DatapathEvents events;
  events.ports_wanted = [this](std::vector<RemoteScope> remotes) {
    boost::asio::post(io_, [this, remotes = std::move(remotes)]() mutable {
      feed(PortsWanted{std::move(remotes)});
    });
  };
  events.device_gone = [this, tunnel = ++tunnels_] {
    boost::asio::post(io_, [this, tunnel] {
      if (tunnel != tunnels_) return;  // that tunnel was closed meanwhile
      host_.device_gone();
      match_host();
    });
  };
  return events;
}

void Agent::feed(const SessionEvent& event) {
  carry_out(session_.on(event, platform_.now()));
}

void Agent::carry_out(const std::vector<SessionAction>& actions) {
  for (const SessionAction& action : actions) {
    std::visit([this](const auto& a) { carry_out(a); }, action);
  }
  wake_in_time();
}

void Agent::wake_in_time() {
  const TimePoint next = std::min(session_.next_deadline(), match_again_at_);
  if (next != TimePoint::max()) platform_.wake_at(next, [this] { wake(); });
}

void Agent::wake() {
  if (platform_.now() >= match_again_at_) match_host();
  feed(Tick{});
}

void Agent::carry_out(const OpenLink&) {
  spdlog::debug("link.opening gateway={} port={}", config_.gateway.address.to_string(),
                config_.gateway.port);
  link_source_ = source_to_gateway();
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
  match_host();
}

void Agent::carry_out(const Finished&) {
  platform_.monitor.stop();
  match_again_at_ = TimePoint::max();
  if (auto cleaned = host_.clear(); !cleaned && !failure_) {
    failure_ = Error{ErrorKind::kOther, cleaned.error().message,
                     "the next start of rsipd removes what is left"};
  }
  spdlog::info("agent.stopped");
  if (finished_) finished_();
}

void Agent::fail_for_good(Error error) {
  if (failure_) return;
  failure_ = std::move(error);
  boost::asio::post(io_, [this] { feed(Stop{}); });
}

void Agent::network_changed() {
  spdlog::debug("network.changed");
  match_host();
  const auto source = source_to_gateway();
  follow(source);
  const bool back = source && source != last_source_;
  last_source_ = source;
  if (back) feed(NetworkBack{});
}

// To the gateway a host is its address: from another one it registers anew.
void Agent::follow(const std::optional<Ipv4Address>& source) {
  if (!source || !link_source_ || *source == *link_source_) return;
  if (session_.state() == SessionState::kStopping) return;
  spdlog::info("network.source_changed from={} to={}", link_source_->to_string(),
               source->to_string());
  link_source_.reset();
  link_->close();
  feed(LinkDown{{ErrorKind::kUnreachable,
                 "the network changed: the way to gateway " + config_.gateway.address.to_string() +
                     " now begins at " + source->to_string(),
                 "the agent connects again by itself"}});
}

std::optional<Ipv4Address> Agent::source_to_gateway() const {
  const auto path = platform_.network.path_to(config_.gateway.address);
  return path ? std::optional(path->source) : std::nullopt;
}

void Agent::match_host() {
  match_again_at_ = TimePoint::max();
  if (const auto matched = host_.match(session_.leases(), session_.may_grow()); matched) {
    host_problem_.reset();
  } else if (is_final(matched.error().kind)) {
    fail_for_good(matched.error());
  } else {
    host_trouble(matched.error());
  }
}

// What was leased stays leased: networks come back.
void Agent::host_trouble(const Error& error) {
  if (host_problem_ != error) spdlog::warn("problem: {}", to_line(error));
  host_problem_ = error;
  match_again_at_ = platform_.now() + kMatchAgainAfter;
  wake_in_time();
}

ipc::Status Agent::status() const {
  return report_status(config_, session_, host_.mtu(), host_.stats(),
                       host_problem_ ? host_problem_ : problem_, platform_.now());
}

}  // namespace rsip::agent
