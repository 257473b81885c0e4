#pragma once

#include <QComboBox>
#include <QPlainTextEdit>

#include "gui/settings/preferences.h"
#include "gui/window/page.h"

namespace rsip::gui {

/// What the user wants of this program, and what the administrator wants of the agent.
class PageSettings : public PageBase {
  Q_OBJECT

 public:
  PageSettings(AgentMirror& mirror, Preferences& preferences, QWidget* parent = nullptr);
  [[nodiscard]] std::string json() const override;

 protected:
  void refresh() override;
  void poll() override;
  [[nodiscard]] bool worksAlone() const override { return true; }

 private:
  QWidget* makeProfiles();
  QWidget* makeProgram();
  QWidget* makeNotifications();
  QWidget* makeConfiguration();

  Preferences& preferences_;
  ipc::ConfigText config_;
  Card* profiles_;
  QComboBox* profile_;
  QLabel* profileText_;
  ActionButton* use_;
  Card* configuration_;
  QLabel* file_;
  QPlainTextEdit* text_;
};

}  // namespace rsip::gui
