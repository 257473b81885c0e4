#include "gui/tray/tray_host.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>
#include <QDBusVariant>

#include "gui/tray/xembed.h"

namespace rsip::gui {
namespace {

const QString kWatcher = QStringLiteral("org.kde.StatusNotifierWatcher");
const QString kPath = QStringLiteral("/StatusNotifierWatcher");
constexpr int kPollMs = 2'000;
/// Qt docks the icon again by itself, and D-Bus tells of a better tray: this only notices that the
/// tray of X11 has gone for good.
constexpr int kDockedPollMs = 20'000;

}  // namespace

TrayHost::TrayHost(QObject* parent)
    : QObject(parent),
      watcher_(new QDBusServiceWatcher(kWatcher, QDBusConnection::sessionBus(),
                                       QDBusServiceWatcher::WatchForOwnerChange, this)) {
  connect(watcher_, &QDBusServiceWatcher::serviceOwnerChanged, this, &TrayHost::look);
  for (const char* const signal :
       {"StatusNotifierHostRegistered", "StatusNotifierHostUnregistered"}) {
    QDBusConnection::sessionBus().connect(kWatcher, kPath, kWatcher, QLatin1String(signal), this,
                                          SLOT(look()));
  }
  poll_.setTimerType(Qt::VeryCoarseTimer);
  connect(&poll_, &QTimer::timeout, this, &TrayHost::look);
}

void TrayHost::start() {
  look();
}

void TrayHost::look() {
  const QDBusConnection bus = QDBusConnection::sessionBus();
  if (!bus.isConnected()) return settle(false);
  // The name may be there before anybody shows icons.
  QDBusMessage ask = QDBusMessage::createMethodCall(
      kWatcher, kPath, QStringLiteral("org.freedesktop.DBus.Properties"), QStringLiteral("Get"));
  ask.setAutoStartService(false);
  ask << kWatcher << QStringLiteral("IsStatusNotifierHostRegistered");
  auto* const reply = new QDBusPendingCallWatcher(bus.asyncCall(ask, 2'000), this);
  connect(reply, &QDBusPendingCallWatcher::finished, this, [this, reply] {
    const QDBusPendingReply<QDBusVariant> value = *reply;
    settle(value.isValid() && value.value().variant().toBool());
    reply->deleteLater();
  });
}

void TrayHost::settle(bool hasNotifierHost) {
  Kind found = Kind::kNone;
  if (hasNotifierHost) {
    found = Kind::kStatusNotifier;
  } else if (hasXEmbedTray()) {
    found = Kind::kXEmbed;
  }
  if (found == Kind::kStatusNotifier) {
    poll_.stop();
  } else {
    poll_.start(found == Kind::kXEmbed ? kDockedPollMs : kPollMs);
  }
  if (found == kind_) return;
  kind_ = found;
  emit changed();
}

}  // namespace rsip::gui
