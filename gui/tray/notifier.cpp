#include "gui/tray/notifier.h"

#include <algorithm>

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QVariantMap>

namespace rsip::gui {
namespace {

const QString kService = QStringLiteral("org.freedesktop.Notifications");
const QString kPath = QStringLiteral("/org/freedesktop/Notifications");
constexpr int kPatienceMs = 2'000;

QDBusMessage call(const char* method) {
  return QDBusMessage::createMethodCall(kService, kPath, kService, QLatin1String(method));
}

QString keyOf(MainAction action) {
  return QString::number(static_cast<int>(action));
}

QStringList actionsOf(const Notification& notice) {
  QStringList actions;
  if (notice.action != MainAction::kNone)
    actions << keyOf(notice.action) << actionName(notice.action);
  const QString details = actionName(MainAction::kDetails);
  return actions << QStringLiteral("default") << details << keyOf(MainAction::kDetails) << details;
}

}  // namespace

Notifier::Notifier(QObject* parent) : QObject(parent) {
  QDBusConnection bus = QDBusConnection::sessionBus();
  if (!bus.isConnected()) return;
  bus.connect(kService, kPath, kService, QStringLiteral("ActionInvoked"), this,
              SLOT(onActionInvoked(uint, QString)));
  bus.connect(kService, kPath, kService, QStringLiteral("NotificationClosed"), this,
              SLOT(onClosed(uint, uint)));
}

void Notifier::show(const Notification& notice) {
  const QDBusConnection bus = QDBusConnection::sessionBus();
  if (!bus.isConnected()) return;
  // Asked each time: another service may have taken over. The answer comes before the notice goes.
  auto* const reply =
      new QDBusPendingCallWatcher(bus.asyncCall(call("GetCapabilities"), kPatienceMs), this);
  Shown& shown = shown_[notice.topic];
  shown.asked = true;
  shown.unwanted = false;
  connect(reply, &QDBusPendingCallWatcher::finished, this, [this, reply, notice] {
    const QDBusPendingReply<QStringList> capabilities = *reply;
    reply->deleteLater();
    if (!capabilities.isValid()) {
      shown_.erase(notice.topic);
      return;
    }
    has_actions_ = capabilities.value().contains(QStringLiteral("actions"));
    send(notice);
  });
}

void Notifier::send(const Notification& notice) {
  QVariantMap hints{{QStringLiteral("desktop-entry"), QStringLiteral("org.rsip.Tray")}};
  hints[QStringLiteral("urgency")] = QVariant::fromValue<uchar>(notice.urgent ? 2 : 1);
  QDBusMessage message = call("Notify");
  message << QStringLiteral("RSIP") << shown_[notice.topic].id << QStringLiteral("org.rsip.Tray")
          << notice.title << notice.words.toHtmlEscaped()
          << (has_actions_ ? actionsOf(notice) : QStringList()) << hints << -1;
  auto* const reply = new QDBusPendingCallWatcher(
      QDBusConnection::sessionBus().asyncCall(message, kPatienceMs), this);
  connect(reply, &QDBusPendingCallWatcher::finished, this, [this, reply, topic = notice.topic] {
    const QDBusPendingReply<uint> id = *reply;
    reply->deleteLater();
    Shown& shown = shown_[topic];
    shown.asked = false;
    if (id.isValid()) shown.id = id.value();
    if (shown.unwanted) close(topic);
  });
}

void Notifier::close(Topic topic) {
  const auto found = shown_.find(topic);
  if (found == shown_.end()) return;
  if (found->second.asked) {
    found->second.unwanted = true;
    return;
  }
  closeById(found->second.id);
  shown_.erase(found);
}

void Notifier::closeById(uint id) {
  if (id == 0) return;
  QDBusMessage message = call("CloseNotification");
  message << id;
  QDBusConnection::sessionBus().asyncCall(message, kPatienceMs);
}

void Notifier::onActionInvoked(uint id, const QString& key) {
  const bool ours =
      std::ranges::any_of(shown_, [&](const auto& one) { return one.second.id == id; });
  if (!ours) return;
  bool isNumber = false;
  const int action = key.toInt(&isNumber);
  emit chosen(isNumber ? static_cast<MainAction>(action) : MainAction::kDetails);
}

void Notifier::onClosed(uint id, uint /*why*/) {
  std::erase_if(shown_, [&](const auto& one) { return one.second.id == id && !one.second.asked; });
}

}  // namespace rsip::gui
