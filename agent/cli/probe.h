#pragma once

#include <chrono>
#include <string>

#include "common/base/result.h"
#include "common/ipc/host_report.h"

namespace rsip::cli {

/// Connects to a TCP port some times and closes again.
///
/// errors   kUsage if the name has no address; kUnreachable saying why nothing answers
Result<ipc::ProbeReport> probe(const std::string& host, std::uint16_t port, int times,
                               std::chrono::milliseconds patience);

/// "10.1.0.1" or "10.1.0.1:4555"
/// errors   kUsage if the port is none
Result<std::pair<std::string, std::uint16_t>> parse_endpoint(const std::string& text,
                                                             std::uint16_t port);

/// Fills in outer_device, outer_mtu and path_mtu: what the kernel knows of the way to that address.
void look_at_path(const std::string& address, ipc::MtuReport& report);

}  // namespace rsip::cli
