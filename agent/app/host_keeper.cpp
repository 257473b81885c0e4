#include "agent/app/host_keeper.h"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "agent/app/network_planner.h"

namespace rsip::agent {

HostKeeper::HostKeeper(const Config& config, HostNetwork& network, TunnelFactory& tunnels,
                       std::function<DatapathEvents()> events)
    : config_(config), network_(network), tunnels_(tunnels), events_(std::move(events)) {}

HostKeeper::~HostKeeper() {
  close_tunnel();
}

Result<void> HostKeeper::match(const std::vector<Lease>& leases, bool may_grow) {
  if (leases.empty()) {
    close_tunnel();
    return {};
  }
  const auto device_gone = [this](const Result<void>& matched) {
    return !matched && matched.error().kind == ErrorKind::kNotFound && tunnel_ != nullptr;
  };
  auto matched = try_to_match(leases, may_grow);
  if (!device_gone(matched)) return matched;
  this->device_gone();
  matched = try_to_match(leases, may_grow);
  // Gone again already: whoever does that may stop.
  if (device_gone(matched)) matched.error().kind = ErrorKind::kState;
  return matched;
}

Result<void> HostKeeper::try_to_match(const std::vector<Lease>& leases, bool may_grow) {
  if (tunnel_ == nullptr) {
    if (auto opened = open_tunnel(); !opened) return opened;
  }
  FlowTable wanted = plan_flows(config_, leases, may_grow, 0);
  drop_lost_bindings(wanted);
  const auto mtu = mtu_now();
  if (mtu) mtu_ = *mtu;
  if (mtu_ == 0) return tl::unexpected(mtu.error());
  if (auto matched = make_network_match(leases); !matched) return matched;
  publish_if_new(std::move(wanted));
  if (!mtu) return tl::unexpected(mtu.error());
  return {};
}

Result<void> HostKeeper::make_network_match(const std::vector<Lease>& leases) {
  auto applied = network_.apply(plan_network(config_, leases, mtu_));
  if (!applied) return applied;
  const auto repaired = network_.repair();
  if (!repaired) return tl::unexpected(repaired.error());
  if (*repaired > 0) spdlog::warn("network.repaired objects={}", *repaired);
  return {};
}

Result<std::uint32_t> HostKeeper::mtu_now() const {
  const auto path = network_.path_to(config_.gateway.address);
  if (!path) return tl::unexpected(path.error());
  return tunnel_mtu(path->mtu);
}

void HostKeeper::device_gone() {
  spdlog::warn("tunnel.device_gone device={}", config_.device);
  close_tunnel();
}

Result<void> HostKeeper::clear() {
  close_tunnel();
  return network_.apply({});
}

Result<void> HostKeeper::open_tunnel() {
  auto opened = tunnels_.open(config_.device,
                              {packet::Encapsulation::kIpIp, config_.gateway.address}, events_());
  if (!opened) return tl::unexpected(opened.error());
  tunnel_ = std::move(*opened);
  spdlog::info("tunnel.up device={} endpoint={} type=ip-ip", config_.device,
               config_.gateway.address.to_string());
  return {};
}

void HostKeeper::close_tunnel() {
  if (tunnel_ == nullptr) return;
  drop_lost_bindings({});
  if (auto cleaned = network_.apply({}); !cleaned) {
    spdlog::error("network.not_clean {}", to_line(cleaned.error()));
  }
  tunnel_.reset();
  spdlog::info("tunnel.down device={}", config_.device);
}

// Before the host's network is touched, which may fail: what is freed must not be used any more
// (RFC 3103 sections 9.5 and 9.13).
void HostKeeper::drop_lost_bindings(const FlowTable& wanted) {
  FlowTable kept = published_;
  const auto lost = std::erase_if(kept.bindings, [&](const Binding& binding) {
    return std::ranges::find(wanted.bindings, binding) == wanted.bindings.end();
  });
  if (lost > 0) publish(std::move(kept));
}

void HostKeeper::publish_if_new(FlowTable wanted) {
  const bool same =
      wanted.bindings == published_.bindings && wanted.may_grow == published_.may_grow;
  if (same && mtu_ == published_mtu_) return;
  published_mtu_ = mtu_;
  publish(std::move(wanted));
}

void HostKeeper::publish(FlowTable table) {
  table.generation = published_.generation + 1;
  published_ = table;
  tunnel_->publish(std::make_shared<const FlowTable>(std::move(table)));
}

std::optional<DatapathStats> HostKeeper::stats() const {
  if (tunnel_ == nullptr) return std::nullopt;
  return tunnel_->stats();
}

}  // namespace rsip::agent
