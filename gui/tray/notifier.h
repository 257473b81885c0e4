#pragma once

#include <map>

#include <QObject>
#include <QStringList>

#include "gui/tray/notice_policy.h"

namespace rsip::gui {

/// Shows notices by org.freedesktop.Notifications: each topic replaces its own last one. Does
/// nothing where there is no such service.
class Notifier : public QObject {
  Q_OBJECT

 public:
  explicit Notifier(QObject* parent = nullptr);

  void show(const Notification& notice);
  void close(Topic topic);

 signals:
  /// A button of it, or it itself (kDetails).
  void chosen(rsip::gui::MainAction action);

 private slots:
  void onActionInvoked(uint id, const QString& key);
  void onClosed(uint id, uint why);

 private:
  struct Shown {
    uint id = 0;
    bool asked = false;     ///< The service has not told its id yet.
    bool unwanted = false;  ///< Close it once its id is known.
  };
  void send(const Notification& notice);
  void closeById(uint id);

  std::map<Topic, Shown> shown_;
  bool has_actions_ = false;
};

}  // namespace rsip::gui
