#pragma once

#include <QSystemTrayIcon>
#include <QTimer>

#include "gui/agent/agent_mirror.h"
#include "gui/style/appearance.h"

class QMenu;

namespace rsip::gui {

/// The icon and what is said when the pointer rests on it. Must not be made before there is a host:
/// Qt asks once in a process which kind of host there is.
class TrayIcon : public QObject {
  Q_OBJECT

 public:
  TrayIcon(AgentMirror& agent, Appearance& appearance, QMenu* menu, QObject* parent = nullptr);

  void update();

 signals:
  void clicked();
  void middleClicked();

 private:
  void updateIcon(ipc::Mood mood);
  void waitForNextChange(const ipc::Summary& summary);

  AgentMirror& agent_;
  Appearance& appearance_;
  QSystemTrayIcon icon_;
  QTimer next_;  ///< When time alone makes it say something else.
  QString shown_;
};

}  // namespace rsip::gui
