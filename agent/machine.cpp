#include "agent/machine.h"

#include "agent/transport/make_link.h"

namespace rsip::agent {

Result<void> Machine::prepare(const Config& config) {
  if (auto possible = try_tunnel(config); !possible) return possible;
  if (auto locked = take_lock(); !locked) return locked;
  if (auto cleaned = network_.remove_leftovers(); !cleaned) return cleaned;
  return timer_.open();
}

AgentPlatform Machine::platform(const Config& config) {
  LinkSettings link;
  link.address = config.gateway.address;
  link.port = config.gateway.port;
  link.mark = kTunnelMark;
  return {
      [this] { return clock_.now(); },
      [this](TimePoint when, std::function<void()> due) { timer_.wake_at(when, std::move(due)); },
      [this, link](LinkEvents events) { return make_link(io_, link, std::move(events)); },
      network_,
      monitor_,
      tunnels_};
}

Result<void> Machine::try_tunnel(const Config& config) {
  const auto tunnel = tunnels_.open(config.device, config.gateway.address, {});
  if (!tunnel) return tl::unexpected(tunnel.error());
  return {};
}

Result<void> Machine::take_lock() {
  auto locked = NamespaceLock::acquire();
  if (!locked) return tl::unexpected(locked.error());
  lock_.emplace(std::move(*locked));
  return {};
}

}  // namespace rsip::agent
