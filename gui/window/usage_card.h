#pragma once

#include <vector>

#include <QComboBox>

#include "gui/agent/agent_mirror.h"
#include "gui/plots/usage_chart.h"
#include "gui/window/kit.h"

namespace rsip::gui {

/// The account of the last 30 days, by day or by gateway.
class UsageCard : public Card {
  Q_OBJECT

 public:
  explicit UsageCard(AgentMirror& mirror, QWidget* parent = nullptr);

  /// Asks the agent for the account.
  void ask();

 private:
  void show();

  AgentMirror& mirror_;
  std::vector<ipc::UsageRow> rows_;
  QComboBox* by_;
  UsageChart* chart_;
  QLabel* words_;
  QLabel* warning_;
};

}  // namespace rsip::gui
