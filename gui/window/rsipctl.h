#pragma once

#include <functional>

#include <QObject>
#include <QProcess>
#include <QString>
#include <QStringList>

namespace rsip::gui {

/// The program beside this one, else that of PATH; empty: there is none.
QString findRsipctl();

/// One run of rsipctl. Nothing here waits for it.
class Rsipctl : public QObject {
  Q_OBJECT

 public:
  struct Outcome {
    bool started = false;
    int exitCode = 0;
    QByteArray output;
    QByteArray errors;
  };
  using Ended = std::function<void(const Outcome&)>;

  explicit Rsipctl(QString program, QObject* parent = nullptr);

  /// Told once, later; not if this object is gone by then. One run at a time.
  void run(const QStringList& arguments, Ended ended);
  [[nodiscard]] bool isRunning() const;

 private:
  void end(bool started);

  QString program_;
  QProcess process_;
  Ended ended_;
};

}  // namespace rsip::gui
