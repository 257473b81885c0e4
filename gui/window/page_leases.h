#pragma once

#include <QListWidget>

#include "gui/models/lease_table_model.h"
#include "gui/models/lease_timeline.h"
#include "gui/plots/lease_timeline_plot.h"
#include "gui/window/page.h"

namespace rsip::gui {

class ReleaseQuestion;

/// What is leased, until when, and what was done about it.
class PageLeases : public PageBase {
  Q_OBJECT

 public:
  explicit PageLeases(AgentMirror& mirror, QWidget* parent = nullptr);
  [[nodiscard]] std::string json() const override;

 protected:
  void refresh() override;
  void poll() override;

 private:
  void build();
  QWidget* makeButtons();
  QWidget* makeDetail();
  void showDetail();
  void updateButtons();
  void updateTimeline();
  void observeClocks();
  void renew();
  void release();
  void hold();
  /// The selected one; nothing if none is.
  [[nodiscard]] const LeaseRow* selected() const;

  LeaseTableModel model_;
  LeaseTimeline timeline_;
  QTimer clocks_;
  Table table_{};
  LeaseTimelinePlot* plot_;
  QLabel* empty_;
  QWidget* filled_;
  QLabel* detail_;
  QListWidget* history_;
  ActionButton* renew_;
  ActionButton* release_;
  ActionButton* hold_;
  QPushButton* copy_;
  ReleaseQuestion* question_;
};

}  // namespace rsip::gui
