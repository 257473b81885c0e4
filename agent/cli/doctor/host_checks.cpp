#include <algorithm>
#include <array>

#include "agent/cli/doctor/check.h"
#include "agent/cli/host/files.h"
#include "common/base/utc_time.h"

// What this machine has to have, whatever network it is on.
namespace rsip::cli::doctor {
namespace {

/// 2026-01-01: no clock that is right is behind this program.
constexpr std::time_t kEarliest = 1767225600;

Outcome clock_right(const Facts& facts) {
  const Fix fix = run({"timedatectl", "set-ntp", "true"});
  if (facts.now < kEarliest) return failed("it says " + utc_time(facts.now), fix);
  const bool tls =
      facts.status && std::ranges::any_of(facts.status->gateways, [](const ipc::GatewayStatus& g) {
        return g.transport == "tls";
      });
  if (tls && facts.clock_synchronized == false) {
    return warn("nothing keeps it right, and certificates count on it", fix);
  }
  return ok();
}

Outcome tun_device(const Facts& facts) {
  switch (facts.tun_device) {
    case TunDevice::kMissing:
      return failed("there is no /dev/net/tun", run({"modprobe", "tun"}));
    case TunDevice::kForbidden:
      return facts.root ? failed("/dev/net/tun cannot be opened",
                                 {"allow the device where this container or service is set up"})
                        : skip("only root may look");
    case TunDevice::kUsable:
      break;
  }
  return ok();
}

Outcome kernel_features(const Facts& facts) {
  if (!facts.kernel_config) return skip("the kernel does not show its configuration");
  std::string missing;
  for (const std::string option :
       {"CONFIG_TUN", "CONFIG_IP_MULTIPLE_TABLES", "CONFIG_NF_TABLES", "CONFIG_NF_TABLES_ARP"}) {
    const bool there = facts.kernel_config->find('\n' + option + '=') != std::string::npos;
    if (!there) missing += (missing.empty() ? "" : ", ") + option;
  }
  if (missing.empty()) return ok();
  return failed("it is built without " + missing, {"use a kernel of the distribution"});
}

bool forwards_for_others(const Facts& facts) {
  return facts.rules && std::ranges::any_of(*facts.rules, [](const Rule& rule) {
           return rule.table == "4556";  // where packets of forwarded leases go
         });
}

Outcome ip_forward(const Facts& facts) {
  if (!facts.rules) return skip("`ip` does not show the rules");
  if (!forwards_for_others(facts)) return ok("not needed: nothing is leased for other hosts");
  if (facts.forwards) return ok("for the hosts behind this one");
  return failed("addresses are leased for other hosts, but this one forwards nothing",
                run({"sysctl", "-w", "net.ipv4.ip_forward=1"}));
}

constexpr std::array kChecks = {
    Check{"clock", "network", "The clock is right", clock_right},
    Check{"tun_device", "network", "Tunnel devices can be made", tun_device},
    Check{"kernel_features", "network", "The kernel has what tunnels need", kernel_features},
    Check{"ip_forward", "network", "Packets are forwarded where that is needed", ip_forward},
};

}  // namespace

std::span<const Check> host_checks() {
  return kChecks;
}

}  // namespace rsip::cli::doctor
