#pragma once

#include <QObject>
#include <QString>

/// What this user wants of this program. Kept by QSettings; read each time, so that whoever changes
/// a preference needs to tell nobody but by Preferences::changed().
namespace rsip::gui {

/// What a notification may be about. Each is switched on its own.
enum class Topic {
  kSignIn,  ///< The network wants the user to sign in.
  kLeaseLost,
  kRenewalFailed,
  kAddressChanged,  ///< After roaming, or because the gateway gave another one.
  kRefused,         ///< The gateway refused, or its pool is full.
  kConnected,       ///< On and off.
  kAgentStopped,    ///< Without having been told to.
};
inline constexpr Topic kTopics[] = {
    Topic::kSignIn,  Topic::kLeaseLost, Topic::kRenewalFailed, Topic::kAddressChanged,
    Topic::kRefused, Topic::kConnected, Topic::kAgentStopped};

enum class IconMode { kAuto, kLight, kDark };

class Preferences : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

  [[nodiscard]] bool notifies(Topic topic) const;
  void setNotifies(Topic topic, bool wanted);

  [[nodiscard]] bool middleClickRenews() const;
  void setMiddleClickRenews(bool wanted);

  /// For a panel that is light or dark; kAuto: as the desktop.
  [[nodiscard]] IconMode iconMode() const;
  void setIconMode(IconMode mode);

  /// Started at login: the user's own entry overrides the one that is installed for everybody.
  [[nodiscard]] bool startsAtLogin() const;
  void setStartsAtLogin(bool wanted);

  /// The user has been told once that closing the window does not end the program.
  [[nodiscard]] bool knowsAboutClosing() const;
  void setKnowsAboutClosing();

 signals:
  void changed();
};

}  // namespace rsip::gui
