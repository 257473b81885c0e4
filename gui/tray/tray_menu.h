#pragma once

#include <QMenu>
#include <QTimer>

#include "gui/text/sentences.h"
#include "gui/tray/agent_actions.h"

namespace rsip::gui {

/// The menu of the icon. Made once; only texts change, since hosts mix up menus that are made anew.
class TrayMenu : public QMenu {
  Q_OBJECT

 public:
  TrayMenu(AgentMirror& agent, AgentActions& actions, QWidget* parent = nullptr);

  void update();

 signals:
  void windowWanted();
  void gatewaysWanted();
  void quitWanted();

 private:
  void makeEntries();
  void updateTexts(const Situation& now);
  void updateGateways();
  void updateProfiles();
  void tickWhileOpen();

  AgentMirror& agent_;
  AgentActions& actions_;
  QAction* sentence_ = nullptr;
  QAction* lease_ = nullptr;
  QAction* power_ = nullptr;
  QAction* renew_ = nullptr;
  QAction* copy_ = nullptr;
  QMenu* gateways_ = nullptr;
  QAction* search_ = nullptr;
  QMenu* profiles_ = nullptr;
  QAction* sign_in_ = nullptr;
  QTimer tick_;  ///< Runs while the menu is open.
};

/// All that sentences are made of, now.
Situation situationOf(const AgentMirror& agent);

}  // namespace rsip::gui
