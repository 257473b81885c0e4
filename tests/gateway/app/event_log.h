#pragma once

#include <vector>

#include "tests/gateway/engine/actions.h"

namespace rsip::gateway {

/// Writes what has happened to the log, one line per event.
void log_events(const std::vector<Action>& actions);

}  // namespace rsip::gateway
