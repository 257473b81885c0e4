#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "common/ipc/ipsec_status.h"
#include "common/ipc/status.h"

namespace rsip::cli {

/// One thing that was looked at.
struct Finding {
  bool well = true;
  std::string what;    ///< "an address is leased from hotel"
  std::string why;     ///< What is wrong; empty if it is well.
  std::string remedy;  ///< What mends it.
};

/// Looks at the agent, its leases and the IKE daemon.
std::vector<Finding> diagnose(const std::string& socket_path, std::chrono::milliseconds patience);

// What diagnose() asks, from answers.
std::vector<Finding> examine_gateways(const ipc::Status& status);
/// listening   UDP ports that somebody on this host has open
std::vector<Finding> examine_ipsec(const ipc::IpsecStatus& status,
                                   const std::vector<std::uint16_t>& listening);

/// colour   mark in red what is wrong
std::string diagnosis_text(const std::vector<Finding>& findings, bool colour);
bool is_well(const std::vector<Finding>& findings);

/// Ports in the text of /proc/net/udp.
std::vector<std::uint16_t> ports_in_proc(const std::string& text);

}  // namespace rsip::cli
