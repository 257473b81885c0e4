#pragma once

#include "agent/linux/netlink.h"
#include "agent/platform/route_oracle.h"

namespace rsip::agent {

/// Asks by rtnetlink, in the network namespace of the caller.
///
/// thread   one at a time
class LinuxRouteOracle : public RouteOracle {
 public:
  Result<RouteAnswer> explain(const RouteQuestion& question) override;
};

}  // namespace rsip::agent
