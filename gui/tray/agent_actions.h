#pragma once

#include <QObject>
#include <QString>

#include "gui/agent/agent_mirror.h"

namespace rsip::gui {

/// What menu and notifications can do. Each may fail later, and says so then.
class AgentActions : public QObject {
  Q_OBJECT

 public:
  explicit AgentActions(AgentMirror& agent, QObject* parent = nullptr);

  void turnOn(const QString& gateway = {});
  void turnOff(const QString& gateway = {});
  void renewAll();
  void useProfile(const QString& name);
  void openSignIn();
  void copyAddress();

 signals:
  void failed(const QString& title, const QString& words);

 private:
  template <class Request>
  void ask(const Request& request, const QString& title);

  AgentMirror& agent_;
};

}  // namespace rsip::gui
