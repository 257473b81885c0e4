#pragma once

#include <functional>

#include <QByteArray>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include "common/ipc/requests.h"
#include "gui/agent/line_socket.h"

namespace rsip::gui {

/// One request on a connection of its own. Deletes itself when it has been answered.
class AgentCall : public QObject {
  Q_OBJECT

 public:
  using Answered = std::function<void(const Result<QByteArray>&)>;

  /// context    nobody is told once it is gone
  /// answered   called once, after this constructor has returned
  AgentCall(const QString& socketPath, const ipc::Call& call, QObject* context, Answered answered,
            QObject* parent);

 private:
  void finish(const Result<QByteArray>& result);

  LineSocket socket_;
  QTimer limit_;
  QPointer<QObject> context_;
  Answered answered_;
};

}  // namespace rsip::gui
