#pragma once

#include <QListWidget>

#include "gui/models/gateway_table_model.h"
#include "gui/window/page.h"

namespace rsip::gui {

/// Configured gateways, what they can, and which others there are.
class PageGateways : public PageBase {
  Q_OBJECT

 public:
  explicit PageGateways(AgentMirror& mirror, QWidget* parent = nullptr);
  [[nodiscard]] std::string json() const override;

 signals:
  void assistantWanted();

 protected:
  void refresh() override;

 private:
  QWidget* makeButtons();
  QWidget* makeSearch();
  void showDetail();
  void search();
  void turn();
  [[nodiscard]] const ipc::GatewayStatus* selected() const;

  GatewayTableModel model_;
  Table table_{};
  Card* list_;
  QLabel* empty_;
  QLabel* detail_;
  Notice* problem_;
  ActionButton* turn_;
  ActionButton* search_;
  QLabel* foundText_;
  QListWidget* found_;
};

/// "TLS at 10.1.0.1:4555, by SLP: ..."
QString foundText(const ipc::FoundStatus& found);

}  // namespace rsip::gui
