#include "tests/gateway/engine/granted.h"

namespace rsip::gateway {

msg::Ports granted_ports(const Bind& bind) {
  if (bind.ports.empty()) return msg::Ports::dont_need();
  if (bind.ports.size() == 1) return msg::Ports::contiguous(bind.ports.front());
  std::vector<std::uint16_t> ports;
  for (const PortRange& range : bind.ports) {
    for (std::uint32_t port = range.first; port <= range.last(); ++port) {
      ports.push_back(static_cast<std::uint16_t>(port));
    }
  }
  return msg::Ports::listed(std::move(ports));
}

msg::Spis granted_spis(const Bind& bind) {
  if (bind.spis.size() == 1) {
    const SpiRange& only = bind.spis.front();
    return msg::Spis::contiguous(only.first, static_cast<std::uint16_t>(only.count));
  }
  std::vector<std::uint32_t> spis;
  for (const SpiRange& range : bind.spis) {
    for (std::uint32_t i = 0; i < range.count; ++i) spis.push_back(range.first + i);
  }
  return msg::Spis::listed(std::move(spis));
}

std::vector<Ipv4Address> addresses_of(const Registration& host) {
  std::vector<Ipv4Address> addresses;
  for (const auto& [address, binds] : host.shared_addresses) addresses.push_back(address);
  return addresses;
}

}  // namespace rsip::gateway
