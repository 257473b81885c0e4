#include "tests/gateway/app/event_log.h"

#include <spdlog/spdlog.h>

namespace rsip::gateway {
namespace {

void log(const HostRegistered& event) {
  spdlog::info("host.registered host={} client={} lease_s={}", event.host.to_string(),
               event.client.value, event.lease.count());
}

void log(const HostGone& event) {
  spdlog::info("host.gone host={} client={} reason={}", event.host.to_string(), event.client.value,
               event.reason);
}

std::string ports_of(const Bind& bind) {
  return bind.method == msg::Method::kRsaIp ? "all" : to_string(bind.ports);
}

/// Only of binds that are for IPsec.
std::string spis_of(const Bind& bind) {
  return bind.spis.empty() ? "" : " spis=\"" + to_string(bind.spis) + "\"";
}

void log(const LeaseGranted& event) {
  spdlog::info("lease.granted host={} client={} bind={} address={} ports=\"{}\"{} lease_s={}",
               event.host.to_string(), event.client.value, event.bind.id.value,
               event.bind.address.to_string(), ports_of(event.bind), spis_of(event.bind),
               event.lease.count());
}

void log(const LeaseExtended& event) {
  spdlog::debug("lease.extended host={} client={} bind={} lease_s={}", event.host.to_string(),
                event.client.value, event.bind.value, event.lease.count());
}

void log(const LeaseEnded& event) {
  spdlog::info("lease.ended host={} client={} bind={} address={} ports=\"{}\"{} reason={}",
               event.host.to_string(), event.client.value, event.bind.id.value,
               event.bind.address.to_string(), ports_of(event.bind), spis_of(event.bind),
               event.reason);
}

void log(const Refused& event) {
  spdlog::info("request.refused host={} error={} detail=\"{}\"", event.host.to_string(),
               msg::to_string(event.error), event.detail);
}

// Anybody can make packets of hosts that are not registered: not worth a line each.
void log(const Misused& event) {
  const bool registered = event.error != msg::ErrorCode::kRegisterFirst;
  spdlog::log(registered ? spdlog::level::warn : spdlog::level::debug,
              "host.misuse host={} error={}", event.host.to_string(), msg::to_string(event.error));
}

void log(const Reply& event) {
  spdlog::trace("message.reply type={}", msg::to_string(msg::type_of(event.message)));
}

void log(const Notify&) {}  // whoever sends it knows whether the host is there

}  // namespace

void log_events(const std::vector<Action>& actions) {
  for (const Action& action : actions) {
    std::visit([](const auto& event) { log(event); }, action);
  }
}

void RefusalLog::add(Ipv4Address host, const char* reason) {
  ++total_;
  const auto now = std::chrono::steady_clock::now();
  if (now < quiet_until_) return;
  quiet_until_ = now + std::chrono::seconds(1);
  spdlog::warn("message.refused host={} reason=\"{}\" so_far={}", host.to_string(), reason, total_);
}

}  // namespace rsip::gateway
