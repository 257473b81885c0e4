#pragma once

#include <QObject>

#include "gui/agent/agent_mirror.h"
#include "gui/models/lease_table_model.h"
#include "gui/window/kit.h"
#include "gui/window/notice.h"

namespace rsip::gui {

/// Gives a lease back; asks before, on the page itself, only if that breaks connections, and says
/// which.
class ReleaseQuestion : public QObject {
  Q_OBJECT

 public:
  ReleaseQuestion(AgentMirror& mirror, Notice& notice, QObject* parent);

  /// button   waits meanwhile
  void ask(const LeaseRow& row, ActionButton* button);

 private:
  void decide(const Result<ipc::Flows>& flows);
  void put(const QString& what);
  void release();

  AgentMirror& mirror_;
  Notice& notice_;
  LeaseRow row_;
  ActionButton* button_ = nullptr;
};

}  // namespace rsip::gui
