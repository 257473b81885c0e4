#pragma once

#include <memory>

#include <QLocalServer>
#include <QObject>

namespace rsip::gui {

/// One rsip-tray for each session: the name org.rsip.Tray on the session bus, or a socket where
/// there is no bus.
class SingleInstance : public QObject {
  Q_OBJECT
  Q_CLASSINFO("D-Bus Interface", "org.rsip.Tray1")

 public:
  using QObject::QObject;

  /// returns   false: another one runs, and has been asked to show its window if `raise`
  bool claim(bool raise);

 public slots:
  /// Called over the bus by whoever is started second.
  Q_SCRIPTABLE void Show() { emit raised(); }

 signals:
  void raised();

 private:
  bool claimName(bool raise);
  bool claimSocket(bool raise);

  std::unique_ptr<QLocalServer> server_;
};

}  // namespace rsip::gui
