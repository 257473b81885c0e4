#pragma once

#include <QLineEdit>

#include "gui/models/flow_table_model.h"
#include "gui/window/page.h"

namespace rsip::gui {

/// What goes through the tunnels now.
class PageFlows : public PageBase {
  Q_OBJECT

 public:
  explicit PageFlows(AgentMirror& mirror, QWidget* parent = nullptr);
  [[nodiscard]] std::string json() const override;

  void setFilter(const QString& filter);

 protected:
  void refresh() override;
  void poll() override;

 private:
  void show(const ipc::Flows& flows);
  void updateCount();

  FlowTableModel model_;
  Table table_{};
  std::uint32_t hidden_ = 0;
  QLineEdit* filter_;
  QLabel* count_;
  QLabel* empty_;
  Card* card_;
};

}  // namespace rsip::gui
