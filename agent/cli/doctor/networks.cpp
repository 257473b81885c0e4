#include "agent/cli/doctor/networks.h"

#include <algorithm>
#include <array>
#include <utility>

namespace rsip::cli::doctor {

bool is_private(Ipv4Address address) {
  constexpr std::array<Ipv4Prefix, 6> kPrivate = {{{{0x0A000000}, 8},
                                                   {{0xAC100000}, 12},
                                                   {{0xC0A80000}, 16},
                                                   {{0xA9FE0000}, 16},
                                                   {{0x64400000}, 10},
                                                   {{0x7F000000}, 8}}};
  return std::ranges::any_of(kPrivate, [&](const Ipv4Prefix& p) { return p.contains(address); });
}

bool is_our_device(const Facts& facts, const std::string& device) {
  return facts.status && std::ranges::any_of(facts.status->gateways, [&](const auto& gateway) {
           return !device.empty() && gateway.device == device;
         });
}

std::vector<std::string> foreign_tunnels(const Facts& facts) {
  constexpr std::array kKinds = {"tun", "wireguard", "ppp", "xfrm", "vti", "ovpn", "l2tp"};
  std::vector<std::string> devices;
  for (const Link& link : facts.links.value_or(std::vector<Link>{})) {
    const bool tunnel =
        std::ranges::find(kKinds, link.kind) != kKinds.end() || link.name.starts_with("ppp");
    // Virtual machines have "tap" devices, which are of kind "tun" as well.
    const bool machine = link.name.starts_with("tap") || link.name.starts_with("vnet");
    if (tunnel && !machine && link.up && !is_our_device(facts, link.name)) {
      devices.push_back(link.name);
    }
  }
  return devices;
}

std::string owner_of_table(const std::string& table) {
  constexpr std::array<std::pair<const char*, const char*>, 6> kKnown = {{
      {"52", "Tailscale"},
      {"210", "NetworkManager's strongSwan"},
      {"220", "strongSwan"},
      {"51820", "WireGuard (wg-quick)"},
      {"1836018789", "Mullvad"},  // "mole" in ASCII
      {"7120", "NetBird"},
  }};
  for (const auto& [number, owner] : kKnown) {
    if (table == number) return std::string(owner) + " (table " + table + ")";
  }
  return "table " + table;
}

bool leads_anywhere(const Facts& facts, const std::string& table) {
  return facts.routes && std::ranges::any_of(*facts.routes, [&](const Route& route) {
           return route.table == table && route.to.length <= 1 && route.type == "unicast";
         });
}

}  // namespace rsip::cli::doctor
