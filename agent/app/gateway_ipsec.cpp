#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "agent/app/gateway_client.h"
#include "agent/app/ipsec_report.h"
#include "agent/app/network_planner.h"

// IKE daemons and leased SPIs (RFC 3104).
namespace rsip::agent {
namespace {

std::vector<SpiLease> spi_leases(const Session& session) {
  std::vector<SpiLease> leases;
  for (const Lease& lease : session.leases()) {
    if (!lease.spis.empty()) {
      leases.push_back({lease.bind, lease.local, lease.spis, lease.ports});
    }
  }
  return leases;
}

}  // namespace

IpsecWish GatewayClient::ipsec_wish() const {
  const GatewayIpsec& ipsec = config_.ipsec;
  IpsecWish wish;
  if (!config_.leases_spis()) return wish;
  wish.spis = ipsec.spis;
  wish.max_spis = ipsec.max_spis;
  wish.ports = ipsec.ports;
  wish.peers = ipsec.peers;
  if (ipsec.ike_on_500 || !platform_.last_ike_port) return wish;
  const auto port = platform_.last_ike_port();
  if (port && *port % ipsec.ports == 0) wish.first_port = port;
  return wish;
}

bool GatewayClient::is_for_ipsec(BindId bind) const {
  const Lease* const lease = lease_of(bind);
  return lease != nullptr && !lease->spis.empty();
}

void GatewayClient::start_ipsec() {
  if (!config_.leases_spis() || ipsec_ != nullptr || !platform_.make_coordinator) return;
  ipsec_ = platform_.make_coordinator(config_.ipsec, coordinator_events());
  ipsec_ending_ = false;
  ipsec_->start();
}

// Leases that are being asked for again will come back as they were: associations live on.
void GatewayClient::match_ipsec() {
  if (ipsec_ == nullptr || ipsec_ending_ || session_->suspended()) return;
  ipsec_->use(spi_leases(*session_));
}

void GatewayClient::look_into(const IkeHold& hold) {
  if (ipsec_ == nullptr || ipsec_ending_) return tunnel_.release(hold.id, true);
  ipsec_->ike_held(hold.id, hold.local, hold.remote);
}

/// Peers learn that their associations end while the leases still carry the messages.
void GatewayClient::end_ipsec() {
  if (ipsec_ == nullptr) return feed(Stop{});
  if (std::exchange(ipsec_ending_, true)) return;
  ipsec_->stop([this] { platform_.post([this] { feed(Stop{}); }); });
}

CoordinatorEvents GatewayClient::coordinator_events() {
  CoordinatorEvents events;
  events.spis_wanted = [this](std::uint16_t count, std::optional<std::uint32_t> exactly,
                              std::optional<Ipv4Address> peer) {
    platform_.post(
        [this, wanted = SpisWanted{count, exactly, std::nullopt, peer}] { feed(wanted); });
  };
  events.spis_unwanted = [this](std::vector<BindId> binds) {
    platform_.post([this, unwanted = SpisUnwanted{std::move(binds)}] { feed(unwanted); });
  };
  events.release = [this](std::uint64_t hold, bool send) { tunnel_.release(hold, send); };
  events.changed = [this] { log_ipsec(); };
  return events;
}

/// What has changed since the last time, if it is news for the log.
void GatewayClient::log_ipsec() {
  if (ipsec_ == nullptr) return;
  const IpsecReport report = ipsec_->report();
  if (std::exchange(charon_, report.charon) != report.charon) {
    spdlog::info("ike.{} version={}", to_string(report.charon), report.charon_version);
  }
  if (std::exchange(ipsec_problem_, report.problem) != report.problem && report.problem) {
    spdlog::warn("problem: {}", to_line(*report.problem));
  }
}

ipc::IpsecStatus GatewayClient::ipsec_status() const {
  ipc::IpsecStatus status;
  if (ipsec_ != nullptr) status = report_ipsec(ipsec_->report());
  status.gateway = config_.name;
  status.mode = !config_.ipsec.enabled                  ? "off"
                : config_.method == msg::Method::kRsaIp ? "whole_address"
                                                        : "leased_spis";
  if (!session_) return status;
  const bool whole = config_.method == msg::Method::kRsaIp;
  for (const Lease& lease : session_->leases()) {
    if (lease.spis.empty() && !whole) continue;
    status.address = lease.local.to_string();
    if (status.ike_ports.empty() && !whole) status.ike_ports = ike_ports(lease);
  }
  if (config_.ipsec.ike_on_500) status.ike_ports = {500, 4500};
  if (status.spis.empty() && !status.problem && problem_)
    status.problem = ipc::problem_of(*problem_);
  return status;
}

}  // namespace rsip::agent
