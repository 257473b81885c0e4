#pragma once

#include <optional>

#include "agent/app/config.h"
#include "agent/control/session.h"
#include "agent/datapath/datapath.h"
#include "common/ipc/status.h"

namespace rsip::agent {

/// The snapshot for the front ends.
///
/// tunnel_mtu   0 while there is no tunnel
/// stats        nothing while there is no tunnel
ipc::Status report_status(const Config& config, const Session& session, std::uint32_t tunnel_mtu,
                          const std::optional<DatapathStats>& stats,
                          const std::optional<Error>& problem, TimePoint now);

}  // namespace rsip::agent
