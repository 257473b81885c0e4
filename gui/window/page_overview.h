#pragma once

#include <QComboBox>

#include "gui/models/throughput_history.h"
#include "gui/plots/sparkline.h"
#include "gui/text/sentences.h"
#include "gui/window/lease_figures.h"
#include "gui/window/page.h"
#include "gui/window/usage_card.h"

namespace rsip::gui {

/// Where everything stands, in one glance.
class PageOverview : public PageBase {
  Q_OBJECT

 public:
  explicit PageOverview(AgentMirror& mirror, QWidget* parent = nullptr);
  [[nodiscard]] std::string json() const override;

 signals:
  void doctorWanted();

 protected:
  void refresh() override;
  void poll() override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void changeEvent(QEvent* event) override;
  [[nodiscard]] bool worksAlone() const override { return true; }

 private:
  QWidget* makeState();
  QWidget* makeTraffic();
  void showState(const ipc::Summary& summary);
  void showHealth();
  void act();
  void turn();
  void askUsage();

  ThroughputHistory history_;
  MainAction action_ = MainAction::kNone;
  QLabel* icon_;
  QLabel* sentence_;
  QLabel* way_;
  ActionButton* main_;
  ActionButton* turn_;
  LeaseFigures* figures_;
  Sparkline* sparkline_;
  QLabel* rates_;
  QComboBox* seconds_;
  Card* traffic_;
  Card* health_;
  QVBoxLayout* problems_;
  QString problemsShown_;
  UsageCard* usage_;
  bool usageAsked_ = false;  ///< Since the page was opened, or the agent came back.
};

}  // namespace rsip::gui
