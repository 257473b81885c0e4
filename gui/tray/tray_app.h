#pragma once

#include <functional>
#include <memory>

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <QWidget>

#include "gui/agent/agent_mirror.h"
#include "gui/style/appearance.h"
#include "gui/tray/notifier.h"
#include "gui/tray/tray_host.h"
#include "gui/tray/tray_icon.h"
#include "gui/tray/tray_menu.h"

namespace rsip::gui {

/// The program: puts icon, menu, notifications and window together. The window is made when it is
/// wanted first.
class TrayApp : public QObject {
  Q_OBJECT

 public:
  /// Where in the window to look.
  enum class Place { kAsLeft, kOverview, kLeases, kGateways, kDoctor };
  struct Window {
    std::function<QWidget*()> make;
    std::function<void(QWidget&, Place)> show;
  };
  struct Options {
    bool minimized = false;  ///< No window unless it is asked for.
    bool window = false;     ///< A window at once.
  };

  TrayApp(AgentMirror& agent, Preferences& preferences, Appearance& appearance, Window window);

  void start(const Options& options);
  void showWindow(Place place = Place::kAsLeft);

 signals:
  /// A better tray has come that this process can no longer use: run the program again.
  void restartWanted(bool withWindow);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void onHost();
  void makeIcon();
  void toggleWindow();
  void makeWindow();
  void onChanged();
  void act(MainAction action);
  void carryOut(const NoticePolicy::Verdict& verdict);
  [[nodiscard]] bool isWindowVisible() const;
  bool keepReachable();

  AgentMirror& agent_;
  Preferences& preferences_;
  Appearance& appearance_;
  Window window_maker_;
  AgentActions actions_;
  TrayMenu menu_;
  TrayHost host_;
  Notifier notifier_;
  NoticePolicy policy_;
  std::unique_ptr<TrayIcon> icon_;
  TrayHost::Kind icon_kind_ = TrayHost::Kind::kNone;
  QPointer<QWidget> window_;
  QTimer no_host_;
};

}  // namespace rsip::gui
