#pragma once

#include <vector>

#include <QString>

#include "gui/agent/agent_mirror.h"
#include "gui/window/notice.h"

namespace rsip::gui {

struct HealthItem {
  Notice::Kind kind = Notice::Kind::kWarning;
  QString words;
  QString hint;
};

/// What is wrong now, with what to do; one item of good news if nothing is. Empty while the agent
/// is away: nobody knows then.
std::vector<HealthItem> healthOf(const AgentMirror& mirror);

}  // namespace rsip::gui
