#include "agent/app/publisher.h"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "common/ipc/describe.h"

namespace rsip::agent {
namespace {

/// Countdowns are whole seconds, and front ends go on counting by themselves.
constexpr std::int64_t kCountdownTolerance = 2;

/// All members alike but for those.
template <class Struct>
bool same_but(const Struct& a, const Struct& b, std::initializer_list<std::string_view> those) {
  bool same = true;
  ipc::for_each_member<Struct>([&](std::string_view name, std::string_view, auto member) {
    if (std::ranges::find(those, name) == those.end()) same = same && a.*member == b.*member;
  });
  return same;
}

/// Whether a countdown is where it has got to by itself.
bool went_on(std::uint32_t before, std::uint32_t now, Duration passed) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(passed).count();
  const auto expected = std::max<std::int64_t>(std::int64_t{before} - seconds, 0);
  return std::abs(std::int64_t{now} - expected) <= kCountdownTolerance;
}

bool is_same(const ipc::LeaseStatus& before, const ipc::LeaseStatus& now, Duration passed) {
  return same_but(before, now, {"ports_in_use", "expires_in_seconds", "renews_in_seconds"}) &&
         went_on(before.expires_in_seconds, now.expires_in_seconds, passed) &&
         went_on(before.renews_in_seconds, now.renews_in_seconds, passed);
}

/// But for what changes with every packet and every second.
bool is_same(const ipc::GatewayStatus& before, const ipc::GatewayStatus& now, Duration passed) {
  return same_but(before, now, {"leases", "ports", "traffic"}) &&
         same_but(before.ports, now.ports, {"used", "free"}) &&
         std::ranges::equal(before.leases, now.leases, [passed](const auto& b, const auto& n) {
           return is_same(b, n, passed);
         });
}

}  // namespace

void Publisher::want(const EventWishes& wishes) {
  wishes_ = wishes;
  if (!listened()) {
    look_at_ = TimePoint::max();
    happenings_.clear();
  }
  if (!listened() || wishes.traffic_every <= Duration::zero()) {
    traffic_at_ = TimePoint::max();
    return;
  }
  traffic_at_ = std::min(traffic_at_, source_.now() + wishes.traffic_every);
}

ipc::Snapshot Publisher::snapshot() {
  ipc::Snapshot snapshot;
  snapshot.status = source_.status();
  const TimePoint now = source_.now();
  if (listened()) tell_changes(snapshot.status, now);
  remember(snapshot.status, now);
  snapshot.seq = seq_;
  return snapshot;
}

void Publisher::changed() {
  if (!listened() || look_at_ != TimePoint::max()) return;
  const TimePoint now = source_.now();
  look_at_ = last_look_ > TimePoint::min() ? std::max(now, last_look_ + kSpacing) : now;
}

void Publisher::happened(ipc::Happening happening) {
  if (!listened()) return;
  happenings_.push_back(std::move(happening));
  changed();
}

void Publisher::logged(const ipc::LogLine& line) {
  if (listened() && wishes_.log) emit(line);
}

void Publisher::stop() {
  if (listened()) {
    tell_changes(source_.status(), source_.now());
    emit(ipc::AgentStopping{});
  }
  stopped_ = true;
  look_at_ = traffic_at_ = TimePoint::max();
}

TimePoint Publisher::next_look() const {
  return std::min(look_at_, traffic_at_);
}

void Publisher::look() {
  if (!listened()) return;
  const TimePoint now = source_.now();
  const ipc::Status status = source_.status();
  tell_changes(status, now);
  if (now < traffic_at_) return;
  traffic_at_ = now + wishes_.traffic_every;
  tell_traffic(status, now);
}

void Publisher::tell_changes(const ipc::Status& status, TimePoint now) {
  last_look_ = now;
  look_at_ = TimePoint::max();
  for (const ipc::GatewayStatus& gateway : status.gateways) {
    const auto told = gateways_.find(gateway.name);
    if (told != gateways_.end() && is_same(told->second.status, gateway, now - told->second.at)) {
      continue;
    }
    gateways_[gateway.name] = {gateway, now};
    counters_[gateway.name] = {gateway.traffic, gateway.ports};
    state_ = status.state;
    emit(ipc::GatewayChanged{status.state, gateway});
  }
  const bool other = state_ != status.state || network_ != status.network;
  if (other || profile_ != status.profile) {
    emit(ipc::AgentChanged{status.state, status.network, status.profile});
  }
  state_ = status.state;
  network_ = status.network;
  profile_ = status.profile;
  for (ipc::Happening& happening : std::exchange(happenings_, {})) emit(std::move(happening));
}

// A subscriber at a slower pace may have missed the last change: it is told until it cannot have.
void Publisher::tell_traffic(const ipc::Status& status, TimePoint now) {
  const bool paces_differ = wishes_.slowest_traffic > wishes_.traffic_every;
  for (const ipc::GatewayStatus& gateway : status.gateways) {
    ToldCounters& told = counters_[gateway.name];
    const bool news = told.traffic != gateway.traffic || told.ports != gateway.ports;
    if (news) told = {gateway.traffic, gateway.ports, now};
    const bool again = paces_differ && told.changed_at > TimePoint::min() &&
                       now - told.changed_at <= wishes_.slowest_traffic + wishes_.traffic_every;
    if (news || again) emit(ipc::TrafficChanged{gateway.name, gateway.traffic, gateway.ports});
  }
}

void Publisher::remember(const ipc::Status& status, TimePoint now) {
  for (const ipc::GatewayStatus& gateway : status.gateways)
    gateways_[gateway.name] = {gateway, now};
  state_ = status.state;
  network_ = status.network;
  profile_ = status.profile;
}

void Publisher::emit(ipc::EventBody body) {
  tell_({++seq_, to_iso(source_.wall()), std::move(body)});
}

}  // namespace rsip::agent
