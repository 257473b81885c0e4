#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/ipc/status.h"

/// What a capture looks at.
namespace rsip::cli::trace {

struct Target {
  std::string device;
  std::string filter;  ///< As libpcap understands it; empty: everything.
  std::string shows;   ///< "control and tunnel of hotel"
  bool operator==(const Target&) const = default;
};

/// The devices that gateways are reached by, with what is exchanged with them, then the tunnels'
/// devices with everything inside.
///
/// way_out   device towards each gateway, by the gateway's address
/// errors    kState if there is nothing to look at
Result<std::vector<Target>> targets_of(const ipc::Status& status,
                                       const std::map<std::string, std::string>& way_out);

/// The comment of the file: which gateways, over what.
std::string comment_of(const ipc::Status& status);

}  // namespace rsip::cli::trace
