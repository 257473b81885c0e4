#include <algorithm>
#include <array>

#include "agent/cli/doctor/check.h"

// End-to-end IPsec (RFC 3104): leased SPIs, the IKE daemon, the kernel's associations.
namespace rsip::cli::doctor {
namespace {

/// Why nothing can be said of IPsec; empty if something can.
std::string left_out(const Facts& facts) {
  if (!facts.ipsec) return kNoAgent;
  return facts.ipsec->mode == "off" ? "IPsec is off" : "";
}

Outcome spis(const Facts& facts) {
  if (const std::string why = left_out(facts); !why.empty()) return skip(why);
  const ipc::IpsecStatus& status = *facts.ipsec;
  if (status.mode == "whole_address") return ok("every SPI of the address is this host's");
  if (!status.spis.empty()) {
    return ok(std::to_string(status.spis.size()) + " from " + status.gateway);
  }
  return failed("none is leased from " + status.gateway,
                {"if nothing above says why, the gateway has none left: ask its operator; rsipd "
                 "asks for them again by itself"});
}

/// ipsec_port says whether there is an IKE daemon at all.
Outcome daemon_in_step(const Facts& facts) {
  if (const std::string why = left_out(facts); !why.empty()) return skip(why);
  const ipc::IkeDaemonStatus& daemon = facts.ipsec->daemon;
  if (facts.ipsec->mode != "leased_spis") return skip("no SPI needs to be told");
  if (daemon.state == "absent") return skip("strongSwan does not run");
  if (daemon.state == "in_step") return ok();
  if (daemon.state == "no_spi") {
    return failed("no leased SPI is free", {"raise spis and max_spis in [gateway.ipsec], or ask "
                                            "the gateway's operator for more"});
  }
  if (daemon.state == "refused") {
    return failed("rsipd may not use " + daemon.vici_socket,
                  {"run rsipd as root, or in the group that charon.group names"});
  }
  return failed(daemon.vici_socket + " answers, but not as strongSwan does",
                run({"systemctl", "restart", "strongswan"}));
}

/// What to do where nobody listens.
Fix fix_for_port(const ipc::IpsecStatus& status) {
  if (status.daemon.state == "absent" || status.mode == "whole_address") {
    return {"systemctl start strongswan (package charon-systemd), or start another IKE daemon"};
  }
  const std::string& fragment = status.daemon.fragment;
  return {
      "it reads its port when it starts: systemctl restart strongswan; if that does not help, "
      "strongswan.conf " +
      (fragment.empty() || status.ike_ports.front() == 500 ? "names another port"
                                                           : "does not include " + fragment)};
}

Outcome ike_port(const Facts& facts) {
  if (const std::string why = left_out(facts); !why.empty()) return skip(why);
  if (facts.ipsec->ike_ports.empty()) return skip("no port is leased for it yet");
  const std::uint16_t port = facts.ipsec->ike_ports.front();
  if (std::ranges::find(facts.udp_ports, port) != facts.udp_ports.end()) {
    return ok("port " + std::to_string(port));
  }
  return failed("no process has UDP port " + std::to_string(port) + " open",
                fix_for_port(*facts.ipsec));
}

Outcome associations(const Facts& facts) {
  if (const std::string why = left_out(facts); !why.empty()) return skip(why);
  std::string faults;
  Fix fix;
  for (const ipc::SaStatus& sa : facts.ipsec->associations) {
    if (sa.fault.empty()) continue;
    faults += (faults.empty() ? "" : "; ") + sa.protocol + " " + sa.spi + " from " + sa.source +
              ": " + sa.fault;
    if (fix.words.empty()) fix.words = sa.remedy;
  }
  if (!faults.empty()) return failed(faults, fix);
  return ok(std::to_string(facts.ipsec->associations.size()) + " associations");
}

Outcome trouble(const Facts& facts) {
  if (const std::string why = left_out(facts); !why.empty()) return skip(why);
  if (!facts.ipsec->problem) return ok();
  return failed(facts.ipsec->problem->message, {facts.ipsec->problem->hint});
}

constexpr std::array kChecks = {
    Check{"ipsec_spis", "ipsec", "SPIs are leased", spis},
    Check{"ipsec_daemon", "ipsec", "strongSwan is told which SPIs to take", daemon_in_step},
    Check{"ipsec_port", "ipsec", "An IKE daemon listens where peers look for it", ike_port},
    Check{"ipsec_associations", "ipsec", "The SPI of each association is leased", associations},
    Check{"ipsec_fault", "ipsec", "Nothing stands in IPsec's way", trouble},
};

}  // namespace

std::span<const Check> ipsec_checks() {
  return kChecks;
}

}  // namespace rsip::cli::doctor
