#include "gui/settings/preferences.h"

#include <QDir>
#include <QFile>
#include <QSettings>
#include <QStandardPaths>

namespace rsip::gui {
namespace {

QString keyOf(Topic topic) {
  switch (topic) {
    case Topic::kSignIn:
      return QStringLiteral("notifications/sign_in");
    case Topic::kLeaseLost:
      return QStringLiteral("notifications/lease_lost");
    case Topic::kRenewalFailed:
      return QStringLiteral("notifications/renewal_failed");
    case Topic::kAddressChanged:
      return QStringLiteral("notifications/address_changed");
    case Topic::kRefused:
      return QStringLiteral("notifications/refused");
    case Topic::kConnected:
      return QStringLiteral("notifications/connected");
    case Topic::kAgentStopped:
      return QStringLiteral("notifications/agent_stopped");
  }
  return {};
}

const QString kMiddleClick = QStringLiteral("tray/middle_click_renews");
const QString kIcons = QStringLiteral("tray/icons");
const QString kClosing = QStringLiteral("window/knows_about_closing");

QString ownAutostart() {
  return QStandardPaths::writableLocation(QStandardPaths::ConfigLocation) +
         QStringLiteral("/autostart/org.rsip.Tray.desktop");
}

}  // namespace

bool Preferences::notifies(Topic topic) const {
  return QSettings().value(keyOf(topic), topic != Topic::kConnected).toBool();
}

void Preferences::setNotifies(Topic topic, bool wanted) {
  QSettings().setValue(keyOf(topic), wanted);
  emit changed();
}

bool Preferences::middleClickRenews() const {
  return QSettings().value(kMiddleClick, false).toBool();
}

void Preferences::setMiddleClickRenews(bool wanted) {
  QSettings().setValue(kMiddleClick, wanted);
  emit changed();
}

IconMode Preferences::iconMode() const {
  const QString mode = QSettings().value(kIcons).toString();
  if (mode == QLatin1String("light")) return IconMode::kLight;
  if (mode == QLatin1String("dark")) return IconMode::kDark;
  return IconMode::kAuto;
}

void Preferences::setIconMode(IconMode mode) {
  const char* const names[] = {"auto", "light", "dark"};
  QSettings().setValue(kIcons, QLatin1String(names[static_cast<int>(mode)]));
  emit changed();
}

bool Preferences::startsAtLogin() const {
  return !QSettings(ownAutostart(), QSettings::IniFormat)
              .value(QStringLiteral("Desktop Entry/Hidden"), false)
              .toBool();
}

void Preferences::setStartsAtLogin(bool wanted) {
  if (wanted) {
    QFile::remove(ownAutostart());
  } else {
    QDir().mkpath(QFileInfo(ownAutostart()).path());
    QFile entry(ownAutostart());
    if (entry.open(QIODevice::WriteOnly)) {
      entry.write("[Desktop Entry]\nType=Application\nName=RSIP\nHidden=true\n");
    }
  }
  emit changed();
}

bool Preferences::knowsAboutClosing() const {
  return QSettings().value(kClosing, false).toBool();
}

void Preferences::setKnowsAboutClosing() {
  QSettings().setValue(kClosing, true);
}

}  // namespace rsip::gui
