#include <algorithm>
#include <array>

#include "agent/cli/doctor/check.h"
#include "agent/cli/doctor/networks.h"

// The device, the rules that lead into it, and what comes out of it.
namespace rsip::cli::doctor {
namespace {

using ipc::GatewayStatus;

const Link* link_of(const Facts& facts, const std::string& name) {
  if (!facts.links || name.empty()) return nullptr;
  const auto found = std::ranges::find(*facts.links, name, &Link::name);
  return found == facts.links->end() ? nullptr : &*found;
}

Outcome tunnel_up(const Facts& facts, const GatewayStatus& gateway) {
  if (gateway.device.empty()) return skip(kNoTunnel);
  if (!facts.links) return skip("`ip` (package iproute2) shows nothing");
  const Link* const link = link_of(facts, gateway.device);
  if (link == nullptr) {
    return failed("there is no device " + gateway.device,
                  {"the agent makes it again; if not: systemctl restart rsipd"});
  }
  if (!link->up) {
    return failed(gateway.device + " is down", run({"ip", "link", "set", gateway.device, "up"}));
  }
  return ok(gateway.device + ", " + gateway.tunnel);
}

/// Bytes that the tunnel puts in front of a packet; 0: unknown.
std::uint32_t overhead_of(const std::string& tunnel) {
  if (tunnel == "ip-ip") return 20;
  if (tunnel == "gre") return 24;
  if (tunnel == "l2tp") return 38;
  return 0;
}

std::uint32_t underlay_mtu(const Facts& facts, const GatewayStatus& gateway) {
  const auto found = facts.gateways.find(gateway.name);
  if (found == facts.gateways.end() || !found->second.way) return 0;
  const Link* const link = link_of(facts, found->second.way->device);
  return link == nullptr ? 0 : link->mtu;
}

Outcome tunnel_mtu(const Facts& facts, const GatewayStatus& gateway) {
  if (gateway.mtu == 0) return skip(kNoTunnel);
  const std::string mtu = std::to_string(gateway.mtu);
  const std::uint32_t outer = underlay_mtu(facts, gateway);
  const std::uint32_t overhead = overhead_of(gateway.tunnel);
  std::string sum = mtu;
  if (outer > 0) {
    sum = std::to_string(outer) + " - " + std::to_string(overhead) + " for " + gateway.tunnel +
          " = " + std::to_string(outer - overhead);
  }
  if (gateway.mtu < 1280) {
    return warn("it is " + mtu + " (" + sum + "): below 1280 some sites and IPv6 inside stall",
                {"raise the MTU of the device under it, if its network can carry that"});
  }
  if (outer > 0 && gateway.mtu + overhead > outer) {
    return warn("it is " + mtu + ", but only " + sum + " fits",
                {"systemctl restart rsipd computes it anew"});
  }
  return ok(outer > 0 && gateway.mtu + overhead < outer ? mtu + ", of a narrower path" : sum);
}

bool has_tunnel(const Facts& facts) {
  return facts.status && std::ranges::any_of(facts.status->gateways, [](const GatewayStatus& g) {
           return g.state == "assigned" && !g.device.empty();
         });
}

bool is_ours(const Rule& rule) {
  return rule.priority == kConnectedPriority || rule.priority == kTunnelPriority ||
         rule.table == kForwardTable;
}

bool has_rule(const Facts& facts, std::uint32_t priority, const char* table) {
  return std::ranges::any_of(*facts.rules, [&](const Rule& rule) {
    return rule.priority == priority && rule.table == table;
  });
}

bool has_route_into_tunnel(const Facts& facts) {
  return std::ranges::any_of(*facts.routes, [&](const Route& route) {
    return (route.table == kOurTable || route.table == kForwardTable) && route.type == "unicast" &&
           is_our_device(facts, route.device);
  });
}

/// What of the world goes into the tunnels: "198.51.100.0/24, 203.0.113.0/24".
std::string routes_into_tunnel(const Facts& facts) {
  std::string text;
  for (const Route& route : *facts.routes) {
    if (route.table != kOurTable || route.type != "unicast") continue;
    text += (text.empty() ? "" : ", ") + route.to.to_string();
  }
  return text;
}

// H-046: what goes past the tunnel is translated or dropped on the way.
Outcome public_way(const Facts& facts) {
  if (!facts.status) return skip(kNoAgent);
  if (!facts.rules || !facts.routes) return skip("`ip` (package iproute2) shows nothing");
  if (!has_tunnel(facts)) {
    return warn(
        "there is no tunnel: what goes to public addresses leaves from this host's own, to "
        "be translated or dropped on the way",
        {"what is wrong with the gateway is said above"});
  }
  if (leads_anywhere(facts, kOurTable)) return ok("all of it");
  const std::string routes = routes_into_tunnel(facts);
  if (routes.empty() && has_route_into_tunnel(facts)) {
    return ok("only what comes from the hosts it is leased for");
  }
  if (routes.empty()) return warn("nothing does", {"rules_in_place says why"});
  return ok("only to " + routes + ", as configured");
}

/// Rules of an agent that was killed: harmless, and the next one takes them.
Outcome without_tunnel(const Facts& facts) {
  if (facts.status || !has_rule(facts, kTunnelPriority, kOurTable)) return skip(kNoTunnel);
  return ok("two of an agent that was killed are left and lead nowhere");
}

Outcome rules_in_place(const Facts& facts) {
  if (!facts.rules || !facts.routes) return skip("`ip` (package iproute2) shows nothing");
  if (!has_tunnel(facts)) return without_tunnel(facts);
  const Fix fix{"the agent puts them back within seconds; if not: systemctl restart rsipd"};
  if (!has_route_into_tunnel(facts)) {
    return failed("no route leads into the tunnel", fix);
  }
  const bool forwarding = std::ranges::any_of(
      *facts.rules, [](const Rule& rule) { return rule.table == kForwardTable; });
  if (!has_rule(facts, kTunnelPriority, kOurTable) && !forwarding) {
    return failed("rule 4554 is gone: nothing goes into the tunnel", fix);
  }
  if (!has_rule(facts, kConnectedPriority, "main") && !forwarding) {
    return failed("rule 4553 is gone: connected networks go into the tunnel", fix);
  }
  return ok();
}

// A rule that looks at a mark, user or device concerns some packets only, and whoever made it
// meant these.
Outcome rules_order(const Facts& facts) {
  if (!facts.rules || !facts.routes) return skip("`ip` (package iproute2) shows nothing");
  if (!has_tunnel(facts)) return skip(kNoTunnel);
  for (const Rule& rule : *facts.rules) {
    if (is_ours(rule) || rule.priority > kTunnelPriority || rule.table == "local") continue;
    const bool everything =
        rule.from == "all" && !rule.narrow && (rule.mark.empty() || rule.inverted);
    if (!everything || rule.suppressed == 0 || !leads_anywhere(facts, rule.table)) continue;
    return warn("rule " + std::to_string(rule.priority) + " of " + owner_of_table(rule.table) +
                    " takes every packet before the tunnel can",
                {"end what made it, or give it a priority above 4554: ip rule"});
  }
  return ok();
}

Outcome data_passes(const Facts&, const GatewayStatus& gateway) {
  const ipc::TrafficStatus& traffic = gateway.traffic;
  constexpr std::uint64_t kEnough = 10;  // single questions may well stay without an answer
  if (gateway.device.empty()) return skip(kNoTunnel);
  const std::string sent = std::to_string(traffic.sent_packets) + " packets sent";
  if (traffic.received_packets > 0) {
    return ok(sent + ", " + std::to_string(traffic.received_packets) + " received");
  }
  if (traffic.sent_packets < kEnough) return ok(sent + ", nothing to judge by yet");
  const bool nat_proof = gateway.tunnel == "l2tp";
  return failed(sent + " and none received: the gateway answers, the tunnel does not",
                {nat_proof ? "look for a firewall that drops UDP port 1701"
                           : "look for a firewall that drops protocol " +
                                 std::string(gateway.tunnel == "gre" ? "47" : "4") +
                                 "; behind NAT set tunnel = \"l2tp\" in [[gateway]]"});
}

/// What a reason for dropping packets says of this host.
struct DropMeaning {
  const char* reason;
  const char* words;
  const char* fix;
};
constexpr std::array kTroubles = {
    DropMeaning{"no_free_port", "found no leased port that was free", "raise max_ports"},
    DropMeaning{"hold_queue_full", "waited for ports in vain", "raise ports or max_ports"},
    DropMeaning{"remote_refused", "were for hosts that the gateway does not allow",
                "ask its operator"},
    DropMeaning{"source_not_leased", "came from an address that is not leased",
                "a program has bound an address that is not on the tunnel's device: see ss -tunp"},
    DropMeaning{"protocol_not_leased", "were neither TCP, UDP nor ICMP",
                "method = \"rsa-ip\" leases whole addresses"},
    DropMeaning{"ike_not_released", "were IKE messages whose SPI could not be leased",
                "rsipctl ipsec status"},
    DropMeaning{"spi_not_leased", "were ESP or AH with an SPI that is not leased",
                "rsipctl ipsec status"},
    DropMeaning{"too_many_flows", "found no memory for another flow", "close some programs"},
    DropMeaning{"malformed", "had lengths that do not fit", "rsipctl trace shows them"},
    DropMeaning{"not_from_gateway", "came from somebody else than the gateway",
                "somebody sends tunnel packets to this host: rsipctl trace shows who"},
    DropMeaning{"send_failed", "were refused by the device under the tunnel",
                "see that device: ip -s link"},
    DropMeaning{"write_failed", "were refused by the tunnel's device", "systemctl restart rsipd"},
};

Outcome drops(const Facts&, const GatewayStatus& gateway) {
  constexpr std::uint64_t kWorthMentioning = 10;
  if (gateway.device.empty()) return skip(kNoTunnel);
  const ipc::DropStatus* most = nullptr;
  const DropMeaning* meaning = nullptr;
  std::uint64_t usual = 0;
  for (const ipc::DropStatus& drop : gateway.traffic.drops) {
    const auto known = std::ranges::find(kTroubles, drop.reason, &DropMeaning::reason);
    if (known == kTroubles.end() || drop.packets < kWorthMentioning) {
      usual += drop.packets;
    } else if (most == nullptr || drop.packets > most->packets) {
      most = &drop;
      meaning = &*known;
    }
  }
  if (most == nullptr) return ok(usual == 0 ? "" : std::to_string(usual) + ", as is usual");
  return warn(std::to_string(most->packets) + " packets " + meaning->words, {meaning->fix});
}

template <Outcome (*examine)(const Facts&, const GatewayStatus&)>
Outcome each(const Facts& facts) {
  return over_gateways(facts, examine);
}

constexpr std::array kChecks = {
    Check{"tunnel_up", "tunnel", "The tunnel's device is up", each<tunnel_up>},
    Check{"tunnel_mtu", "tunnel", "The tunnel is wide enough", each<tunnel_mtu>},
    Check{"rules_in_place", "tunnel", "The agent's rules and routes are there", rules_in_place},
    Check{"public_way", "tunnel", "What goes to public addresses takes the tunnel", public_way},
    Check{"rules_order", "tunnel", "Nobody's rules go before them", rules_order},
    Check{"data_passes", "tunnel", "Packets come back", each<data_passes>},
    Check{"drops", "tunnel", "Nothing is dropped that should not be", each<drops>},
};

}  // namespace

std::span<const Check> tunnel_checks() {
  return kChecks;
}

}  // namespace rsip::cli::doctor
