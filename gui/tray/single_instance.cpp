#include "gui/tray/single_instance.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QLocalSocket>
#include <QStandardPaths>

namespace rsip::gui {
namespace {

const QString kName = QStringLiteral("org.rsip.Tray");
const QString kPath = QStringLiteral("/org/rsip/Tray");
const QString kInterface = QStringLiteral("org.rsip.Tray1");
constexpr int kPatienceMs = 1'000;

}  // namespace

bool SingleInstance::claim(bool raise) {
  return QDBusConnection::sessionBus().isConnected() ? claimName(raise) : claimSocket(raise);
}

bool SingleInstance::claimName(bool raise) {
  QDBusConnection bus = QDBusConnection::sessionBus();
  // The object first: who finds the name may call at once.
  bus.registerObject(kPath, this, QDBusConnection::ExportScriptableSlots);
  if (bus.registerService(kName)) return true;
  if (raise)
    bus.call(QDBusMessage::createMethodCall(kName, kPath, kInterface, QStringLiteral("Show")),
             QDBus::Block, kPatienceMs);
  return false;
}

bool SingleInstance::claimSocket(bool raise) {
  const QString path = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation) +
                       QStringLiteral("/org.rsip.Tray");
  QLocalSocket other;
  other.connectToServer(path);
  if (other.waitForConnected(kPatienceMs)) {
    if (raise) {
      other.write("show\n");
      other.waitForBytesWritten(kPatienceMs);
    }
    return false;
  }
  QLocalServer::removeServer(path);  // left by one that was killed
  server_ = std::make_unique<QLocalServer>();
  connect(server_.get(), &QLocalServer::newConnection, this, [this] {
    while (QLocalSocket* const caller = server_->nextPendingConnection()) {
      connect(caller, &QLocalSocket::readyRead, this, &SingleInstance::raised);
      connect(caller, &QLocalSocket::disconnected, caller, &QObject::deleteLater);
    }
  });
  server_->listen(path);
  return true;
}

}  // namespace rsip::gui
