#pragma once

#include <QString>

#include "gui/agent/agent_mirror.h"

namespace rsip::gui {

/// "RSAP-IP over IP-IP through hotel-gw (10.20.0.1:4555), packets of 1480 bytes"; empty: no
/// gateway.
QString wayText(const ipc::Status& status, const std::string& gateway);

}  // namespace rsip::gui
