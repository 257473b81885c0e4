#pragma once

#include <optional>

#include <QDBusVariant>
#include <QObject>
#include <QPalette>

#include "gui/settings/preferences.h"

namespace rsip::gui {

/// Whether the desktop is dark: what the user said here, else what the desktop portal says, else
/// what Qt's palette looks like. Follows changes of each.
class Appearance : public QObject {
  Q_OBJECT

 public:
  explicit Appearance(Preferences& preferences, QObject* parent = nullptr);

  /// The ground that icons of the tray are seen on.
  [[nodiscard]] bool isTrayDark() const;
  /// As the whole desktop is.
  [[nodiscard]] bool isDesktopDark() const;

 signals:
  void changed();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private slots:
  void onSettingChanged(const QString& group, const QString& key, const QDBusVariant& value);

 private:
  void askPortal();
  void take(const QVariant& scheme);
  void applyPalette();

  Preferences& preferences_;
  QPalette own_;                     ///< Qt's, before this program chose one.
  std::optional<bool> portal_dark_;  ///< Nothing: the portal has no preference, or there is none.
};

/// For desktops that are dark and whose Qt does not know.
QPalette darkPalette();

}  // namespace rsip::gui
