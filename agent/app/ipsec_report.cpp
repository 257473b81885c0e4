#include "agent/app/ipsec_report.h"

namespace rsip::agent {
namespace {

constexpr std::uint8_t kAuthenticationHeader = 51;

const char* to_string(SpiReport::Use use) {
  switch (use) {
    case SpiReport::Use::kFree:
      return "free";
    case SpiReport::Use::kOffered:
      return "offered";
    case SpiReport::Use::kInUse:
      return "in_use";
    case SpiReport::Use::kResting:
      return "resting";
  }
  return "?";
}

const char* mode_of(const KernelSa& sa) {
  if (sa.larval) return "larval";
  return sa.tunnel_mode ? "tunnel" : "transport";
}

ipc::SaStatus sa_status(const SaReport& report) {
  const KernelSa& sa = report.sa;
  ipc::SaStatus status;
  status.protocol = sa.protocol == kAuthenticationHeader ? "ah" : "esp";
  status.spi = spi_to_string(sa.spi);
  status.source = sa.source.to_string();
  status.destination = sa.destination.to_string();
  status.mode = mode_of(sa);
  status.inbound = report.inbound;
  if (report.bind) status.bind = report.bind->value;
  status.connection = report.connection;
  status.fault = report.fault.value_or("");
  status.remedy = report.remedy.value_or("");
  return status;
}

}  // namespace

ipc::IpsecStatus report_ipsec(const IpsecReport& report) {
  ipc::IpsecStatus status;
  status.daemon.state = to_string(report.charon);
  status.daemon.version = report.charon_version;
  for (const SpiReport& spi : report.spis) {
    status.spis.push_back({spi_to_string(spi.spi), spi.bind.value, to_string(spi.use)});
  }
  for (const SaReport& sa : report.sas) status.associations.push_back(sa_status(sa));
  if (report.problem) status.problem = ipc::problem_of(*report.problem);
  return status;
}

}  // namespace rsip::agent
