#pragma once

#include <QObject>
#include <QTimer>

class QDBusServiceWatcher;

namespace rsip::gui {

/// Who shows tray icons on this desktop, as it comes and goes.
class TrayHost : public QObject {
  Q_OBJECT

 public:
  enum class Kind {
    kNone,
    kStatusNotifier,  ///< A StatusNotifierWatcher that has a host.
    kXEmbed,          ///< A tray of X11.
  };
  explicit TrayHost(QObject* parent = nullptr);

  void start();
  [[nodiscard]] Kind kind() const { return kind_; }

 signals:
  void changed();

 private slots:
  void look();

 private:
  void settle(bool hasNotifierHost);

  QDBusServiceWatcher* watcher_;
  QTimer poll_;  ///< X11 tells of its tray only those who have a window for that.
  Kind kind_ = Kind::kNone;
};

}  // namespace rsip::gui
