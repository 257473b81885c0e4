#pragma once

#include <QComboBox>
#include <QLineEdit>

#include "gui/models/log_model.h"
#include "gui/window/page.h"

namespace rsip::gui {

/// The agent's log: what it remembers, and each new line while the page is open.
class PageLog : public PageBase {
  Q_OBJECT

 public:
  explicit PageLog(AgentMirror& mirror, QWidget* parent = nullptr);
  [[nodiscard]] std::string json() const override;

 protected:
  void refresh() override;
  void poll() override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  QWidget* makeTools();
  void show(const ipc::Log& log);
  void add(const ipc::LogLine& line);
  void filter();
  void updateEmpty();

  LogModel model_;
  Table table_{};
  std::string level_ = "info";
  QLineEdit* filter_;
  QComboBox* from_;
  QComboBox* wanted_;
  ActionButton* set_;
  QLabel* empty_;
  Card* card_;
};

}  // namespace rsip::gui
