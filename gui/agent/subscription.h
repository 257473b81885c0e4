#pragma once

#include <QByteArray>
#include <QObject>

#include "common/ipc/events.h"
#include "common/ipc/requests.h"
#include "gui/agent/line_socket.h"

namespace rsip::gui {

/// A connection on which the agent tells its snapshot, then what changes.
class Subscription : public QObject {
  Q_OBJECT

 public:
  Subscription(const QString& socketPath, const ipc::SubscribeRequest& what, QObject* parent);

  [[nodiscard]] const ipc::SubscribeRequest& what() const { return what_; }
  /// Emits what has arrived already.
  void drain() { socket_.drain(); }

 signals:
  void begun(const rsip::ipc::Snapshot& snapshot);
  void eventArrived(const rsip::ipc::Event& event);
  /// Told once; nothing comes after it.
  void over(const rsip::Error& why);

 private:
  void take(const QByteArray& line);
  void end(const Error& why);

  ipc::SubscribeRequest what_;
  LineSocket socket_;
  bool begun_ = false;
  bool over_ = false;
};

}  // namespace rsip::gui
