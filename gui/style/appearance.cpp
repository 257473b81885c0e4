#include "gui/style/appearance.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QEvent>
#include <QGuiApplication>

namespace rsip::gui {
namespace {

const QString kPortal = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kInterface = QStringLiteral("org.freedesktop.portal.Settings");
const QString kGroup = QStringLiteral("org.freedesktop.appearance");
const QString kKey = QStringLiteral("color-scheme");

bool looksDark(const QPalette& palette) {
  return palette.color(QPalette::Window).lightness() <
         palette.color(QPalette::WindowText).lightness();
}

}  // namespace

Appearance::Appearance(Preferences& preferences, QObject* parent)
    : QObject(parent), preferences_(preferences), own_(QGuiApplication::palette()) {
  connect(&preferences_, &Preferences::changed, this, &Appearance::changed);
  qGuiApp->installEventFilter(this);
  QDBusConnection::sessionBus().connect(kPortal, kPath, kInterface,
                                        QStringLiteral("SettingChanged"), this,
                                        SLOT(onSettingChanged(QString, QString, QDBusVariant)));
  askPortal();
}

bool Appearance::isDesktopDark() const {
  return portal_dark_.value_or(looksDark(own_));
}

bool Appearance::isTrayDark() const {
  switch (preferences_.iconMode()) {
    case IconMode::kAuto:
      return isDesktopDark();
    case IconMode::kLight:
      return false;
    case IconMode::kDark:
      return true;
  }
  return false;
}

bool Appearance::eventFilter(QObject* watched, QEvent* event) {
  if (watched == qGuiApp && event->type() == QEvent::ApplicationPaletteChange) emit changed();
  return QObject::eventFilter(watched, event);
}

void Appearance::askPortal() {
  const QDBusConnection bus = QDBusConnection::sessionBus();
  if (!bus.isConnected()) return;
  QDBusMessage ask =
      QDBusMessage::createMethodCall(kPortal, kPath, kInterface, QStringLiteral("Read"));
  ask << kGroup << kKey;
  auto* const reply = new QDBusPendingCallWatcher(bus.asyncCall(ask, 2'000), this);
  connect(reply, &QDBusPendingCallWatcher::finished, this, [this, reply] {
    const QDBusPendingReply<QDBusVariant> value = *reply;
    if (value.isValid()) take(value.value().variant());
    reply->deleteLater();
  });
}

void Appearance::onSettingChanged(const QString& group, const QString& key,
                                  const QDBusVariant& value) {
  if (group == kGroup && key == kKey) take(value.variant());
}

void Appearance::take(const QVariant& scheme) {
  // Read wraps its answer twice (a bug of the portal that it keeps).
  const QVariant inner =
      scheme.canConvert<QDBusVariant>() ? qvariant_cast<QDBusVariant>(scheme).variant() : scheme;
  switch (inner.toUInt()) {
    case 1:
      portal_dark_ = true;
      break;
    case 2:
      portal_dark_ = false;
      break;
    default:
      portal_dark_.reset();
  }
  applyPalette();
  emit changed();
}

void Appearance::applyPalette() {
  const bool foreign = portal_dark_ && *portal_dark_ && !looksDark(own_);
  QGuiApplication::setPalette(foreign ? darkPalette() : own_);
}

QPalette darkPalette() {
  const QColor ground(0x2a, 0x2a, 0x2e);
  const QColor field(0x1e, 0x1e, 0x21);
  const QColor text(0xf0, 0xf0, 0xf0);
  QPalette palette(text, ground);
  palette.setColor(QPalette::Base, field);
  palette.setColor(QPalette::AlternateBase, QColor(0x25, 0x25, 0x29));
  palette.setColor(QPalette::Button, QColor(0x3a, 0x3a, 0x3f));
  palette.setColor(QPalette::ToolTipBase, field);
  palette.setColor(QPalette::ToolTipText, text);
  palette.setColor(QPalette::PlaceholderText, QColor(0xa0, 0xa0, 0xa4));
  palette.setColor(QPalette::Link, QColor(0x78, 0xae, 0xed));
  palette.setColor(QPalette::Highlight, QColor(0x1c, 0x71, 0xd8));
  palette.setColor(QPalette::HighlightedText, Qt::white);
  for (const auto role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText}) {
    palette.setColor(QPalette::Disabled, role, QColor(0x8a, 0x8a, 0x8e));
  }
  return palette;
}

}  // namespace rsip::gui
