#pragma once

#include <ctime>
#include <string>
#include <vector>

#include "common/ipc/requests.h"

namespace rsip::cli {

/// What `rsipctl lease list` prints.
std::string leases_table(const std::vector<ipc::GatewayStatus>& gateways, std::time_t now);
/// What `rsipctl lease show` prints.
std::string lease_details(const std::string& gateway, const ipc::LeaseStatus& lease,
                          std::time_t now);
/// "ports 5000-5031, 6000", "port 8080"; empty: none.
std::string ports_text(const std::vector<ipc::PortRangeStatus>& ranges);
/// "ports 5000-5031", "SPI 0x00001000-0x00001007", "all ports".
std::string lease_contents(const ipc::LeaseStatus& lease);
/// "tcp 198.51.100.7:22 (ssh)": what breaks with its lease.
std::string flow_words(const ipc::FlowStatus& flow);

/// "14:32:10", local.
std::string clock_time(std::time_t when);

}  // namespace rsip::cli
