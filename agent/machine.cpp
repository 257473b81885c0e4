#include "agent/machine.h"

#include "agent/transport/tcp_link.h"

namespace rsip::agent {

Result<void> Machine::prepare(const Config& config) {
  if (auto possible = try_tunnel(config); !possible) return possible;
  if (auto locked = take_lock(); !locked) return locked;
  if (auto cleaned = network_.remove_leftovers(); !cleaned) return cleaned;
  return timer_.open();
}

AgentPlatform Machine::platform(const Config& config) {
  const TcpLinkSettings link{config.gateway.address, config.gateway.port, kTunnelMark};
  return {
      [this] { return clock_.now(); },
      [this](TimePoint when, std::function<void()> due) { timer_.wake_at(when, std::move(due)); },
      [this, link](LinkEvents events) -> std::unique_ptr<GatewayLink> {
        return std::make_unique<TcpLink>(io_, link, std::move(events));
      },
      network_,
      monitor_,
      tunnels_};
}

Result<void> Machine::try_tunnel(const Config& config) {
  const auto tunnel =
      tunnels_.open(config.device, {packet::Encapsulation::kIpIp, config.gateway.address}, {});
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
