#include "agent/app/tunnel_keeper.h"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "agent/app/network_planner.h"

namespace rsip::agent {
namespace {

packet::Encapsulation encapsulation_of(msg::TunnelType type) {
  switch (type) {
    case msg::TunnelType::kGre:
      return packet::Encapsulation::kGre;
    case msg::TunnelType::kL2tp:
      return packet::Encapsulation::kL2tp;
    case msg::TunnelType::kIpIp:
      break;
  }
  return packet::Encapsulation::kIpIp;
}

/// A tunnel keeps its session id while the lease it was named after is there.
TunnelEnd end_for(const Session& session, OuterDscp dscp) {
  const Lease& first = session.leases().front();
  TunnelEnd end;
  end.encapsulation = encapsulation_of(first.tunnel);
  end.endpoint = first.endpoint;
  end.dscp = dscp;
  if (end.encapsulation != packet::Encapsulation::kL2tp) return end;
  end.tunnel_id = static_cast<std::uint16_t>(session.client().value_or(ClientId{}).value);
  end.session_id = static_cast<std::uint16_t>(first.bind.value);
  return end;
}

/// Everything but the number of the publication.
bool same_content(FlowTable a, const FlowTable& b) {
  a.generation = b.generation;
  return a == b;
}

/// A binding that retires is still there.
bool same_tuples(Binding a, const Binding& b) {
  a.retiring = b.retiring;
  return a == b;
}

}  // namespace

TunnelKeeper::TunnelKeeper(const GatewayConfig& config, std::size_t position,
                           NetworkKeeper& network, TunnelFactory& tunnels,
                           std::function<DatapathEvents()> events)
    : config_(config),
      position_(position),
      network_(network),
      tunnels_(tunnels),
      events_(std::move(events)) {}

TunnelKeeper::~TunnelKeeper() {
  close_tunnel();
}

Result<void> TunnelKeeper::match(const Session& session, Ipv4Address gateway,
                                 const std::vector<Ipv4Prefix>& local) {
  if (session.leases().empty()) {
    if (!session.suspended()) {
      close_tunnel();
    } else if (tunnel_ != nullptr) {
      publish_if_new(plan_flows(config_, session));
    }
    return {};
  }
  const auto device_gone = [this](const Result<void>& matched) {
    return !matched && matched.error().kind == ErrorKind::kNotFound && tunnel_ != nullptr;
  };
  auto matched = try_to_match(session, gateway, local);
  if (!device_gone(matched)) return matched;
  this->device_gone();
  matched = try_to_match(session, gateway, local);
  // Gone again already: whoever does that may stop.
  if (device_gone(matched)) matched.error().kind = ErrorKind::kState;
  return matched;
}

Result<void> TunnelKeeper::try_to_match(const Session& session, Ipv4Address gateway,
                                        const std::vector<Ipv4Prefix>& local) {
  const TunnelEnd end = end_for(session, config_.dscp);
  if (tunnel_ != nullptr && end != end_) close_tunnel();
  if (tunnel_ == nullptr) {
    if (auto opened = open_tunnel(end); !opened) return opened;
  }
  FlowTable wanted = plan_flows(config_, session);
  drop_lost_bindings(wanted);
  const auto mtu = mtu_now();
  if (mtu) mtu_ = *mtu;
  if (mtu_ == 0) return tl::unexpected(mtu.error());
  auto plan = plan_gateway(config_, gateway, session.leases(), local, mtu_);
  if (auto matched = network_.match(position_, std::move(plan)); !matched) return matched;
  publish_if_new(std::move(wanted));
  if (!mtu) return tl::unexpected(mtu.error());
  return {};
}

Result<std::uint32_t> TunnelKeeper::mtu_now() const {
  const auto path = network_.path_to(end_.endpoint);
  if (!path) return tl::unexpected(path.error());
  return tunnel_mtu(path->mtu,
                    static_cast<std::uint32_t>(packet::overhead_bytes(end_.encapsulation)));
}

void TunnelKeeper::device_gone() {
  spdlog::warn("tunnel.device_gone device={}", config_.device);
  close_tunnel();
}

Result<void> TunnelKeeper::clear() {
  close_tunnel();
  return network_.clear(position_);
}

Result<void> TunnelKeeper::open_tunnel(const TunnelEnd& end) {
  auto opened = tunnels_.open(config_.device, end, events_());
  if (!opened) return tl::unexpected(opened.error());
  tunnel_ = std::move(*opened);
  end_ = end;
  spdlog::info("tunnel.up device={} endpoint={} type={}", config_.device, end.endpoint.to_string(),
               packet::to_string(end.encapsulation));
  return {};
}

void TunnelKeeper::close_tunnel() {
  if (tunnel_ == nullptr) return;
  drop_lost_bindings({});
  if (auto cleaned = network_.clear(position_); !cleaned) {
    spdlog::error("network.not_clean {}", to_line(cleaned.error()));
  }
  high_water_ = ports_high_water();
  tunnel_.reset();
  published_ = {};
  spdlog::info("tunnel.down device={}", config_.device);
}

// Before the host's network is touched, which may fail: what is freed must not be used any more
// (RFC 3103 sections 9.5 and 9.13).
void TunnelKeeper::drop_lost_bindings(const FlowTable& wanted) {
  FlowTable kept = published_;
  kept.suspended = wanted.suspended;
  const auto lost = std::erase_if(kept.bindings, [&](const Binding& binding) {
    return std::ranges::none_of(wanted.bindings,
                                [&](const Binding& b) { return same_tuples(b, binding); });
  });
  if (lost > 0) publish(std::move(kept));
}

void TunnelKeeper::publish_if_new(FlowTable wanted) {
  if (same_content(wanted, published_) && mtu_ == published_mtu_) return;
  published_mtu_ = mtu_;
  publish(std::move(wanted));
}

void TunnelKeeper::publish(FlowTable table) {
  table.generation = published_.generation + 1;
  published_ = table;
  tunnel_->publish(std::make_shared<const FlowTable>(std::move(table)));
}

std::optional<DatapathStats> TunnelKeeper::stats() const {
  if (tunnel_ == nullptr) return std::nullopt;
  return tunnel_->stats();
}

std::vector<BindingUse> TunnelKeeper::use() const {
  return tunnel_ == nullptr ? std::vector<BindingUse>{} : tunnel_->use();
}

void TunnelKeeper::list_flows(std::function<void(FlowList)> listed) const {
  if (tunnel_ == nullptr) return listed({});
  tunnel_->list_flows(std::move(listed));
}

std::uint32_t TunnelKeeper::ports_high_water() const {
  return tunnel_ == nullptr ? high_water_
                            : std::max(high_water_, tunnel_->stats().ports_high_water);
}

std::optional<TunnelEnd> TunnelKeeper::end() const {
  if (tunnel_ == nullptr) return std::nullopt;
  return end_;
}

}  // namespace rsip::agent
