#pragma once

#include "gui/models/doctor_model.h"
#include "gui/window/page.h"
#include "gui/window/rsipctl.h"

namespace rsip::gui {

/// What `rsipctl doctor` finds, and a report of a bug.
class PageDoctor : public PageBase {
  Q_OBJECT

 public:
  PageDoctor(AgentMirror& mirror, const QString& rsipctl, QWidget* parent = nullptr);
  [[nodiscard]] std::string json() const override;

 protected:
  void refresh() override {}
  void poll() override;
  [[nodiscard]] bool worksAlone() const override { return true; }

 private:
  QWidget* makeDetail();
  void take(const Rsipctl::Outcome& outcome);
  void show(const ipc::DoctorReport& report);
  void showDetail();
  void report();
  void complain(const Rsipctl::Outcome& outcome);
  [[nodiscard]] const DoctorRow* selected() const;

  Rsipctl doctor_;
  Rsipctl reporter_;
  ipc::DoctorReport report_;
  DoctorModel model_;
  Table table_{};
  ActionButton* again_;
  ActionButton* reportButton_;
  QLabel* summary_;
  QLabel* what_;
  QLabel* fix_;
  QPushButton* copy_;
  Card* list_;
  Card* detail_;
  QLabel* empty_;
};

}  // namespace rsip::gui
