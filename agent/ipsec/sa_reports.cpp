#include "agent/ipsec/sa_reports.h"

#include <algorithm>

namespace rsip::agent {
namespace {

struct Match {
  const CharonSa* sa = nullptr;
  const CharonChild* child = nullptr;
};

Match find_charon(const std::vector<CharonSa>& sas, std::uint32_t spi, bool inbound) {
  for (const CharonSa& sa : sas) {
    for (const CharonChild& child : sa.children) {
      if ((inbound ? child.spi_in : child.spi_out) == spi) return {&sa, &child};
    }
  }
  return {};
}

std::string remedy(const KernelSa& sa, bool of_charon, const SaFacts& facts) {
  if (facts.lost.contains(sa.spi)) {
    return of_charon ? "nothing: it is being terminated"
                     : "let the IKE daemon set it up again: the gateway took the SPI back";
  }
  if (of_charon && !facts.older.contains(sa.spi) && !facts.fragment.empty()) {
    return how_to_include(facts.fragment);
  }
  if (facts.refused.contains(sa.spi)) return "let the IKE daemon set it up again, by another SPI";
  if (facts.older.contains(sa.spi)) {
    return "let the IKE daemon set it up again: it is older than the lease";
  }
  return "let the IKE daemon set it up again";
}

SaReport report_one(const KernelSa& sa, const SaFacts& facts) {
  SaReport report{sa, facts.addresses.contains(sa.destination), {}, {}, {}, {}};
  const Match match = find_charon(facts.charon, sa.spi, report.inbound);
  if (match.sa != nullptr) report.connection = match.sa->connection;
  const auto leased = facts.pool.spis().find(sa.spi);
  if (report.inbound && leased != facts.pool.spis().end()) report.bind = leased->second.bind;
  if (!lacks_lease(sa, facts) || (sa.larval && !facts.refused.contains(sa.spi))) return report;
  report.fault = "its SPI is not leased: nothing can come in";
  report.remedy = remedy(sa, match.sa != nullptr, facts);
  return report;
}

}  // namespace

bool lacks_lease(const KernelSa& sa, const SaFacts& facts) {
  return facts.addresses.contains(sa.destination) && sa.encap_port == 0 &&
         !facts.pool.contains(sa.spi);
}

std::vector<SaReport> report_sas(const SaFacts& facts) {
  std::vector<SaReport> reports;
  for (const KernelSa& sa : facts.kernel) {
    if (!facts.addresses.contains(sa.source) && !facts.addresses.contains(sa.destination)) continue;
    reports.push_back(report_one(sa, facts));
  }
  return reports;
}

bool charon_ignores_range(const SaFacts& facts, const std::set<std::uint32_t>& exact) {
  return std::ranges::any_of(facts.kernel, [&](const KernelSa& sa) {
    const bool own_choice = lacks_lease(sa, facts) || exact.contains(sa.spi);
    return own_choice && facts.addresses.contains(sa.destination) &&
           !facts.older.contains(sa.spi) && !facts.lost.contains(sa.spi) &&
           find_charon(facts.charon, sa.spi, true).sa != nullptr;
  });
}

std::string how_to_include(const std::string& fragment) {
  return "let charon take only SPIs that are leased: add 'include " + fragment +
         "' to strongswan.conf, and set neither spi_min nor spi_max there";
}

}  // namespace rsip::agent
