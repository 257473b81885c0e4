#include "gui/tray/tray_app.h"

#include <QAction>
#include <QCloseEvent>
#include <QCoreApplication>
#include <QMessageBox>

namespace rsip::gui {
namespace {

/// Desktops start their panel and what is started at login in no order.
constexpr int kPatienceForHostMs = 15'000;
constexpr int kBeforeRestartMs = 300;

}  // namespace

TrayApp::TrayApp(AgentMirror& agent, Preferences& preferences, Appearance& appearance,
                 Window window)
    : agent_(agent),
      preferences_(preferences),
      appearance_(appearance),
      window_maker_(std::move(window)),
      actions_(agent),
      menu_(agent, actions_) {
  connect(&menu_, &TrayMenu::windowWanted, this, [this] { showWindow(); });
  connect(&menu_, &TrayMenu::gatewaysWanted, this, [this] { showWindow(Place::kGateways); });
  connect(&menu_, &TrayMenu::quitWanted, qApp, &QCoreApplication::quit);
  connect(&host_, &TrayHost::changed, this, &TrayApp::onHost);
  connect(&notifier_, &Notifier::chosen, this, &TrayApp::act);
  connect(&actions_, &AgentActions::failed, this,
          [this](const QString& title, const QString& words) {
            notifier_.show({Topic::kRefused, title, words, MainAction::kNone, true});
          });
  connect(&agent_, &AgentMirror::changed, this, &TrayApp::onChanged);
  connect(&agent_, &AgentMirror::happened, this, [this](const ipc::Happening& what) {
    carryOut(policy_.on(what, situationOf(agent_), agent_.now()));
  });
  no_host_.setSingleShot(true);
  connect(&no_host_, &QTimer::timeout, this, [this] { showWindow(); });
}

void TrayApp::start(const Options& options) {
  if (options.window)
    showWindow();
  else if (!options.minimized)
    no_host_.start(kPatienceForHostMs);
  host_.start();
}

void TrayApp::onHost() {
  if (host_.kind() == TrayHost::Kind::kNone) return;
  no_host_.stop();
  if (!icon_) return makeIcon();
  if (icon_kind_ == TrayHost::Kind::kXEmbed && host_.kind() == TrayHost::Kind::kStatusNotifier) {
    QTimer::singleShot(kBeforeRestartMs, this, [this] { emit restartWanted(isWindowVisible()); });
  }
}

void TrayApp::makeIcon() {
  icon_kind_ = host_.kind();
  icon_ = std::make_unique<TrayIcon>(agent_, appearance_, &menu_);
  connect(icon_.get(), &TrayIcon::clicked, this, &TrayApp::toggleWindow);
  connect(icon_.get(), &TrayIcon::middleClicked, this, [this] {
    if (preferences_.middleClickRenews()) actions_.renewAll();
  });
}

void TrayApp::showWindow(Place place) {
  if (!window_) makeWindow();
  window_maker_.show(*window_, place);
  window_->setWindowState(window_->windowState() & ~Qt::WindowMinimized);
  window_->show();
  window_->raise();
  window_->activateWindow();
}

void TrayApp::makeWindow() {
  window_ = window_maker_.make();
  window_->installEventFilter(this);
  auto* const quit = new QAction(tr("Quit"), window_);
  quit->setShortcut(QKeySequence::Quit);
  connect(quit, &QAction::triggered, qApp, &QCoreApplication::quit);
  window_->addAction(quit);
}

void TrayApp::toggleWindow() {
  if (isWindowVisible())
    window_->hide();
  else
    showWindow();
}

bool TrayApp::isWindowVisible() const {
  return window_ && window_->isVisible() && !window_->isMinimized();
}

bool TrayApp::eventFilter(QObject* watched, QEvent* event) {
  if (watched == window_ && event->type() == QEvent::Close && keepReachable()) {
    event->ignore();
    return true;
  }
  return QObject::eventFilter(watched, event);
}

/// Without a tray a closed window could not be had back: it is made small instead, and said why.
bool TrayApp::keepReachable() {
  if (icon_ && host_.kind() != TrayHost::Kind::kNone) return false;
  window_->showMinimized();
  if (preferences_.knowsAboutClosing()) return true;
  preferences_.setKnowsAboutClosing();
  auto* const told = new QMessageBox(
      QMessageBox::Information, tr("RSIP keeps running"),
      tr("This desktop shows no tray icons, so closing the window makes it small. Press %1 in the "
         "window to quit; the agent keeps running then.\n\nGNOME shows tray icons with the package "
         "gnome-shell-extension-appindicator.")
          .arg(QKeySequence(QKeySequence::Quit).toString(QKeySequence::NativeText)),
      QMessageBox::Ok);
  told->setAttribute(Qt::WA_DeleteOnClose);
  told->show();
  return true;
}

void TrayApp::onChanged() {
  menu_.update();
  carryOut(policy_.on(situationOf(agent_), agent_.saidGoodbye()));
}

void TrayApp::carryOut(const NoticePolicy::Verdict& verdict) {
  for (const Topic topic : verdict.close) notifier_.close(topic);
  if (!verdict.show || isWindowVisible() || !preferences_.notifies(verdict.show->topic)) return;
  notifier_.show(*verdict.show);
}

void TrayApp::act(MainAction action) {
  switch (action) {
    case MainAction::kRenew:
      return actions_.renewAll();
    case MainAction::kSignIn:
      return actions_.openSignIn();
    default:
      return showWindow(Place::kOverview);
  }
}

}  // namespace rsip::gui
