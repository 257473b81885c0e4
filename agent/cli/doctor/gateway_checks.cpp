#include <algorithm>
#include <array>

#include "agent/cli/doctor/check.h"
#include "agent/cli/doctor/networks.h"

// One gateway after the other, from the way to it to what is leased from it.
namespace rsip::cli::doctor {
namespace {

using ipc::GatewayStatus;

bool is_registered(const GatewayStatus& gateway) {
  return gateway.client_id.has_value();
}

/// The gateway's own account of its trouble, if it has one.
Outcome trouble_of(const GatewayStatus& gateway, const std::string& otherwise) {
  if (gateway.problem) return failed(gateway.problem->message, {gateway.problem->hint});
  return failed(otherwise, {"rsipctl status; the agent's log says more"});
}

std::string control_address(const GatewayStatus& gateway) {
  return gateway.address + ":" + std::to_string(gateway.port);
}

const GatewayFacts* facts_of(const Facts& facts, const GatewayStatus& gateway) {
  const auto found = facts.gateways.find(gateway.name);
  return found == facts.gateways.end() ? nullptr : &found->second;
}

Outcome reachable(const Facts& facts, const GatewayStatus& gateway) {
  if (gateway.address.empty()) {
    return failed("no gateway has been found on this network",
                  {"write its address into [[gateway]]; \"auto\" needs DHCP, SLP or a router "
                   "that is one"});
  }
  const GatewayFacts* const known = facts_of(facts, gateway);
  if (known == nullptr) return skip("`ip` (package iproute2) shows nothing");
  if (!known->way) {
    return failed("there is no route to " + gateway.address,
                  {"connect this host to the gateway's network: ip route get " + gateway.address});
  }
  return ok(gateway.address + " by " + known->way->device);
}

Outcome answers(const Facts& facts, const GatewayStatus& gateway) {
  if (is_registered(gateway)) return ok(control_address(gateway) + " over " + gateway.transport);
  if (gateway.address.empty()) return skip("no gateway has been found");
  const GatewayFacts* const known = facts_of(facts, gateway);
  switch (known == nullptr ? ControlPort::kNotTried : known->control) {
    case ControlPort::kRefuses:
      return failed(control_address(gateway) + " refuses connections",
                    {"check address and port of [[gateway]], and that a gateway runs there"});
    case ControlPort::kSilent:
      return failed(
          control_address(gateway) + " does not answer",
          {"check the address, and that no firewall drops port " + std::to_string(gateway.port)});
    case ControlPort::kAnswers:
      return ok(control_address(gateway) + " over " + gateway.transport);
    case ControlPort::kNotTried:
      break;
  }
  return trouble_of(gateway, "it is " + gateway.state);
}

bool is_wireless(const Facts& facts, const std::string& device) {
  return facts.links && std::ranges::any_of(*facts.links, [&](const Link& link) {
           return link.name == device && link.wireless;
         });
}

// H-179: a gateway knows hosts, and hosts know it, by nothing but addresses.
Outcome authenticated(const Facts& facts, const GatewayStatus& gateway) {
  if (gateway.authenticated) return ok("both sides prove that they have the key");
  if (!is_registered(gateway)) return skip("not registered with it");
  if (gateway.transport == "tls") return ok("by TLS");
  const GatewayFacts* const known = facts_of(facts, gateway);
  if (known != nullptr && known->way && is_wireless(facts, known->way->device)) {
    return warn("it is not asked to prove that, and on " + known->way->device +
                    ", which is wireless, others may answer in its place",
                {"secret_file in [[gateway]], with the same key at the gateway, or transport = "
                 "\"tls\""});
  }
  return ok("it is not asked to prove that; see secret_file");
}

// H-030. A host never learns which address the gateway sees, so this is what can be said honestly:
// nothing translates on one link, and something must where a private address reaches a public one.
Outcome nat_between(const Facts& facts, const GatewayStatus& gateway) {
  const GatewayFacts* const known = facts_of(facts, gateway);
  if (known == nullptr || !known->way) return skip("no way to it is known");
  if (known->way->router.empty()) return ok("it is on the same network");
  const auto own = Ipv4Address::parse(known->way->source);
  const auto theirs = Ipv4Address::parse(gateway.address);
  if (!own || !theirs) return skip("the address that packets leave from is not known");
  const bool translated = is_private(*own) && !is_private(*theirs);
  if (!translated)
    return skip("it is behind the router " + known->way->router +
                "; whether that translates cannot be seen from here");
  if (gateway.tunnel == "l2tp") return ok("there is one, and l2tp passes it");
  return warn("RSIP through NAT: packets leave from the private " + known->way->source +
                  " for the public " + gateway.address + ". No " +
                  (gateway.tunnel.empty() ? "ip-ip" : gateway.tunnel) +
                  " tunnel passes that, nor does end-to-end IPsec",
              {"tunnel = \"l2tp\" in [[gateway]], which passes; IPsec only with NAT traversal"});
}

Outcome lease_held(const Facts&, const GatewayStatus& gateway) {
  if (gateway.state != "assigned") return trouble_of(gateway, "it is " + gateway.state);
  if (gateway.problem) return warn(gateway.problem->message, {gateway.problem->hint});
  return ok(gateway.leases.empty() ? "" : gateway.leases.front().address);
}

const ipc::LeaseStatus* soonest(const GatewayStatus& gateway) {
  const auto found = std::ranges::min_element(gateway.leases, {}, [](const ipc::LeaseStatus& l) {
    return l.retiring ? UINT32_MAX : l.expires_in_seconds;
  });
  return found == gateway.leases.end() ? nullptr : &*found;
}

/// "21 min"
std::string about(std::uint32_t seconds) {
  if (seconds < 120) return std::to_string(seconds) + " s";
  if (seconds < 7200) return std::to_string(seconds / 60) + " min";
  return std::to_string(seconds / 3600) + " h";
}

Outcome lease_renewal(const Facts&, const GatewayStatus& gateway) {
  const ipc::LeaseStatus* const lease = soonest(gateway);
  if (lease == nullptr) return skip("nothing is leased");
  if (!lease->history.empty() && lease->history.back().what == "failed") {
    const std::string why = lease->history.back().detail;
    return warn("the last renewal of " + lease->address + " failed" +
                    (why.empty() ? "" : ": " + why) + "; it ends in " +
                    about(lease->expires_in_seconds),
                run({"rsipctl", "renew", std::to_string(lease->bind)}));
  }
  // Renewal begins at half of a lease's life: an eighth left means that several attempts failed.
  if (lease->granted_seconds > 0 && lease->expires_in_seconds < lease->granted_seconds / 8) {
    return failed(lease->address + " ends in " + about(lease->expires_in_seconds) +
                      " and was not renewed in time",
                  run({"rsipctl", "renew", std::to_string(lease->bind)}));
  }
  return ok("the first ends in " + about(lease->expires_in_seconds) + ", renewed in " +
            about(lease->renews_in_seconds));
}

Outcome pool_room(const Facts&, const GatewayStatus& gateway) {
  const ipc::PortUsage& ports = gateway.ports;
  if (gateway.leases.empty()) return skip("nothing is leased");
  if (ports.leased == 0) return ok("every port of the address is this host's");
  const std::string of_all = ports.limit > 0 ? " of " + std::to_string(ports.limit) : "";
  const std::string use = std::to_string(ports.used) + of_all + " ports";
  const Fix fix{"raise max_ports in [[gateway]] (rsipctl flow list shows who uses them)"};
  if (ports.limit > 0 && ports.used >= ports.limit) return failed(use + " are in use", fix);
  if (ports.limit > 0 && ports.used >= ports.limit * 9 / 10) {
    return warn(use + " are in use", fix);
  }
  return ok(use + " in use");
}

template <Outcome (*examine)(const Facts&, const GatewayStatus&)>
Outcome each(const Facts& facts) {
  return over_gateways(facts, examine);
}

constexpr std::array kChecks = {
    Check{"gateway_reachable", "gateway", "There is a way to the gateway", each<reachable>},
    Check{"gateway_answers", "gateway", "The gateway answers", each<answers>},
    Check{"gateway_authenticated", "gateway", "The gateway is the one that is meant",
          each<authenticated>},
    Check{"nat_between", "gateway", "No address translator is on the way", each<nat_between>},
    Check{"lease_held", "gateway", "A public address is leased", each<lease_held>},
    Check{"lease_renewal", "gateway", "Leases are renewed in time", each<lease_renewal>},
    Check{"pool_room", "gateway", "There are ports left", each<pool_room>},
};

}  // namespace

std::span<const Check> gateway_checks() {
  return kChecks;
}

}  // namespace rsip::cli::doctor
