#include "gui/window/rsipctl.h"

#include <utility>

#include <QCoreApplication>
#include <QStandardPaths>
#include <QTimer>

namespace rsip::gui {

QString findRsipctl() {
  const QString name = QStringLiteral("rsipctl");
  const QString beside =
      QStandardPaths::findExecutable(name, {QCoreApplication::applicationDirPath()});
  return beside.isEmpty() ? QStandardPaths::findExecutable(name) : beside;
}

Rsipctl::Rsipctl(QString program, QObject* parent) : QObject(parent), program_(std::move(program)) {
  connect(&process_, &QProcess::finished, this, [this] { end(true); });
  connect(&process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart) end(false);
  });
}

void Rsipctl::run(const QStringList& arguments, Ended ended) {
  if (isRunning()) return;
  ended_ = std::move(ended);
  if (program_.isEmpty()) {
    QTimer::singleShot(0, this, [this] { end(false); });
    return;
  }
  process_.start(program_, arguments, QIODevice::ReadOnly);
}

bool Rsipctl::isRunning() const {
  return ended_ != nullptr;
}

void Rsipctl::end(bool started) {
  if (!ended_) return;
  Outcome outcome{started, started ? process_.exitCode() : -1, {}, {}};
  if (started) {
    outcome.output = process_.readAllStandardOutput();
    outcome.errors = process_.readAllStandardError();
  }
  std::exchange(ended_, nullptr)(outcome);
}

}  // namespace rsip::gui
