#pragma once

#include "agent/ipsec/coordinator.h"
#include "common/ipc/ipsec_status.h"

namespace rsip::agent {

/// What the coordinator knows, for the front ends.
ipc::IpsecStatus report_ipsec(const IpsecReport& report);

}  // namespace rsip::agent
