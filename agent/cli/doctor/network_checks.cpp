#include <algorithm>
#include <array>
#include <set>

#include "agent/cli/doctor/check.h"
#include "agent/cli/doctor/networks.h"

// What the network around is like, and what else uses it.
namespace rsip::cli::doctor {
namespace {

constexpr const char* kNoIp = "`ip` (package iproute2) shows nothing";

Outcome captive_portal(const Facts& facts) {
  if (!facts.status) return skip(kNoAgent);
  const ipc::NetworkStatus& network = facts.status->network;
  if (network.state == "sign_in") {
    return failed(
        "the network wants you to sign in first",
        {"open " + (network.portal.empty() ? "any http:// page in a browser" : network.portal)});
  }
  if (network.state == "none") {
    return failed("this host is connected to no network that leads to a gateway",
                  {"connect it: Wi-Fi or cable"});
  }
  return ok();
}

Outcome dns(const Facts& facts) {
  const auto& servers = facts.resolver.servers;
  if (servers.empty()) {
    return warn("/etc/resolv.conf names no name server, and rsipd leaves DNS alone",
                {"set one where the network is configured"});
  }
  if (facts.resolver.answers == false) {
    return warn(servers.front() + " does not answer; rsipd leaves DNS alone",
                {"rsipctl route explain " + servers.front() + " says which way questions go"});
  }
  return ok(servers.front() + "; rsipd leaves DNS alone");
}

Outcome ipv6(const Facts& facts) {
  if (facts.ipv6_device.empty()) return ok("there is no way out with IPv6");
  return ok("by " + facts.ipv6_device + ", past the tunnel and from this host's own address");
}

/// Devices that tunnels leave from.
std::set<std::string> underlay_devices(const Facts& facts) {
  std::set<std::string> devices;
  for (const auto& [name, gateway] : facts.gateways) {
    if (gateway.way) devices.insert(gateway.way->device);
  }
  return devices;
}

// 1 is strict (RFC 3704 section 2.2), 2 loose.
Outcome rp_filter(const Facts& facts) {
  if (!facts.links) return skip(kNoIp);
  const auto devices = underlay_devices(facts);
  if (devices.empty()) return skip("no way to a gateway is known");
  for (const Link& link : *facts.links) {
    if (!devices.contains(link.name) || link.rp_filter != 1) continue;
    return warn("it is strict on " + link.name +
                    ": what comes in there from an address that is "
                    "routed into the tunnel is dropped",
                run({"sysctl", "-w", "net.ipv4.conf." + link.name + ".rp_filter=2"}));
  }
  return ok();
}

Outcome networkd_foreign_rules(const Facts& facts) {
  if (!facts.networkd) return ok("systemd-networkd is not running");
  if (!facts.networkd->removes_foreign_rules) return ok();
  const std::string step =
      "mkdir -p /etc/systemd/networkd.conf.d && "
      "printf '[Network]\\nManageForeignRoutingPolicyRules=no\\n' "
      "> /etc/systemd/networkd.conf.d/rsip.conf";
  return warn(
      "systemd-networkd removes routing rules of others when it starts or a link changes; rsipd "
      "puts its own back, with a gap",
      {step, {"sh", "-c", step}});
}

/// Both halves of a default route: OpenVPN's "redirect-gateway def1", which the rule for connected
/// networks takes for networks that go before the tunnel.
const Route* half_default(const Facts& facts) {
  const auto found = std::ranges::find_if(*facts.routes, [](const Route& route) {
    return route.table == "main" && route.to.length == 1;
  });
  return found == facts.routes->end() ? nullptr : &*found;
}

std::string list(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

Outcome other_vpns(const Facts& facts) {
  if (!facts.links || !facts.routes || !facts.rules) return skip(kNoIp);
  const auto devices = foreign_tunnels(facts);
  if (const Route* const half = half_default(facts)) {
    return warn("0.0.0.0/1 or 128.0.0.0/1 in the main table sends everything to " + half->device +
                    ", past the tunnel",
                {"end that VPN, or take \"redirect-gateway\" out of its configuration"});
  }
  for (const Route& route : *facts.routes) {
    if (route.table != "main" || route.to.length != 0) continue;
    if (std::ranges::find(devices, route.device) == devices.end()) continue;
    return warn("the tunnel's own packets leave through another VPN, " + route.device,
                {"end one of the two if nothing passes"});
  }
  return devices.empty() ? ok("there is none") : ok(list(devices) + " beside it");
}

/// Leased addresses that lie in a network which is connected to another link.
Outcome leased_in_lan(const Facts& facts, const Link& link, const Ipv4Prefix& network) {
  for (const ipc::GatewayStatus& gateway : facts.status->gateways) {
    for (const ipc::LeaseStatus& lease : gateway.leases) {
      const auto address = Ipv4Address::parse(lease.address);
      if (!address || !network.contains(*address)) continue;
      return warn(lease.address + ", leased from " + gateway.name + ", lies in " +
                      network.to_string() + " of " + link.name +
                      ": hosts there take it for a neighbour",
                  {"ask the gateway's operator for another address, or use another network"});
    }
  }
  return ok();
}

/// A network of the tunnel that a connected one hides.
Outcome routes_in_lan(const Facts& facts, const Link& link, const Ipv4Prefix& network) {
  for (const Route& route : *facts.routes) {
    if (route.table != kOurTable || route.type != "unicast" || route.to.length == 0) continue;
    const bool hidden = network.length >= route.to.length ? route.to.contains(network.address)
                                                          : network.contains(route.to.address);
    // A wide route is meant to go round the LAN: only a network like the LAN's own is missed.
    if (!hidden || route.to.length + 8 < network.length) continue;
    return warn("the tunnel's " + route.to.to_string() + " and " + network.to_string() + " of " +
                    link.name + " overlap: the connected one wins",
                {"renumber the LAN, or take the route out of [[gateway]] routes"});
  }
  return ok();
}

Outcome lan_overlap(const Facts& facts) {
  if (!facts.status) return skip(kNoAgent);
  if (!facts.links || !facts.routes) return skip(kNoIp);
  for (const Link& link : *facts.links) {
    if (is_our_device(facts, link.name)) continue;
    for (const Ipv4Prefix& network : link.networks) {
      if (network.length == 32 || network.address.is_loopback()) continue;
      for (const auto examine : {leased_in_lan, routes_in_lan}) {
        if (Outcome outcome = examine(facts, link, network); outcome.verdict != "ok") {
          return outcome;
        }
      }
      if (!is_private(network.address) && network.length < 24) {
        return warn(link.name + " claims the public network " + network.to_string() +
                        " for itself: what goes there goes past the tunnel",
                    {"do not trust this network if it is not yours"});
      }
    }
  }
  return ok();
}

constexpr std::array kChecks = {
    Check{"captive_portal", "network", "The network lets this host out", captive_portal},
    Check{"dns", "network", "Names can be looked up", dns},
    Check{"ipv6", "network", "IPv6 goes the way it went before", ipv6},
    Check{"rp_filter", "network", "Reverse path filtering lets the tunnel be", rp_filter},
    Check{"networkd_foreign_rules", "network", "Nobody removes the agent's routing rules",
          networkd_foreign_rules},
    Check{"other_vpns", "network", "No other VPN is in the way", other_vpns},
    Check{"lan_overlap", "network", "Leased and connected networks are apart", lan_overlap},
};

}  // namespace

std::span<const Check> network_checks() {
  return kChecks;
}

}  // namespace rsip::cli::doctor
