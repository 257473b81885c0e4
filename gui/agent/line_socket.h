#pragma once

#include <QByteArray>
#include <QLocalSocket>
#include <QObject>
#include <QString>
#include <QTimer>

#include "common/base/result.h"

namespace rsip::gui {

/// A connection to the agent that speaks whole lines, once the agent has said a hello that this
/// program understands. Tells once that it is over, and nothing after that.
class LineSocket : public QObject {
  Q_OBJECT

 public:
  explicit LineSocket(QString path, QObject* parent = nullptr);
  ~LineSocket() override;

  /// Connects; never emits before it has returned.
  ///
  /// patienceMs   how long the agent may take for its hello
  void open(int patienceMs);
  void writeLine(const std::string& line);
  /// Emits what has arrived already.
  void drain();

 signals:
  void ready();
  void lineArrived(const QByteArray& line);
  /// errors   kAgentNotRunning, kPermission, kTimeout, kProtocol
  void over(const rsip::Error& why);

 private:
  void read();
  void take(const QByteArray& line);
  void end(const Error& why);

  QString path_;
  QLocalSocket socket_;
  QTimer patience_;
  QByteArray received_;
  bool greeted_ = false;
  bool over_ = false;
};

}  // namespace rsip::gui
