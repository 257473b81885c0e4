#pragma once

#include "gui/models/sa_table_model.h"
#include "gui/window/page.h"

namespace rsip::gui {

/// Leased SPIs held against the associations that use them.
class PageIpsec : public PageBase {
  Q_OBJECT

 public:
  explicit PageIpsec(AgentMirror& mirror, QWidget* parent = nullptr);
  [[nodiscard]] std::string json() const override;

 protected:
  void refresh() override;
  void poll() override;

 private:
  void show(const ipc::IpsecStatus& status);
  void showFaults();

  ipc::IpsecStatus status_;
  SaTableModel model_;
  Table table_{};
  Notice* verdict_;
  QLabel* daemon_;
  QLabel* empty_;
  Card* card_;
};

}  // namespace rsip::gui
