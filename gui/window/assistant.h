#pragma once

#include <QCheckBox>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QWizard>

#include "gui/agent/agent_mirror.h"
#include "gui/settings/preferences.h"
#include "gui/window/kit.h"
#include "gui/window/notice.h"

namespace rsip::gui {

/// First steps: which gateways there are, what one offers, whether it works. The agent's
/// configuration is the administrator's: what has to stand in it is shown, never written.
class Assistant : public QWizard {
  Q_OBJECT

 public:
  Assistant(AgentMirror& mirror, Preferences& preferences, QWidget* parent = nullptr);

 private:
  QWizardPage* makeFind();
  QWizardPage* makeOffer();
  QWizardPage* makeTest();
  void search();
  void showFound(const Result<ipc::Discovered>& answer);
  void showOffer();
  void showTest();
  [[nodiscard]] const ipc::GatewayStatus* chosenConfigured() const;
  [[nodiscard]] const ipc::FoundStatus* chosenFound() const;

  AgentMirror& mirror_;
  Preferences& preferences_;
  std::vector<ipc::FoundStatus> others_;
  QListWidget* gateways_;
  QLabel* searchText_;
  ActionButton* again_;
  QLabel* offer_;
  QLabel* todo_;
  QPlainTextEdit* configuration_;
  QPushButton* copy_;
  Notice* result_;
};

/// What to put into the agent's configuration for a gateway that was found.
QString configurationFor(const ipc::FoundStatus& found);

}  // namespace rsip::gui
