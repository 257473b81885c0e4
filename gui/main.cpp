#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <memory>
#include <unistd.h>

#include <QApplication>
#include <QCommandLineParser>
#include <QLocale>
#include <QTranslator>

#include "gui/agent/agent_mirror.h"
#include "gui/style/appearance.h"
#include "gui/style/state_icon.h"
#include "gui/tray/single_instance.h"
#include "gui/tray/tray_app.h"
#include "gui/window/main_window.h"
#include "gui/window/rsipctl.h"

namespace {

using rsip::gui::AgentMirror;
using rsip::gui::MainWindow;
using rsip::gui::TrayApp;

constexpr const char* kRestarted = "RSIP_TRAY_RESTARTED";

struct Flags {
  QString socket;
  TrayApp::Options options;
};

/// Ends the program for --help, --version and what it does not understand.
Flags readFlags(const QStringList& arguments) {
  QCommandLineParser parser;
  parser.setApplicationDescription("Tray icon and window of the RSIP agent.");
  parser.addHelpOption();
  parser.addVersionOption();
  const QString usual = qEnvironmentVariable("RSIP_SOCKET", "/run/rsip/agent.sock");
  parser.addOptions(
      {{"socket", "Socket of the agent (default: $RSIP_SOCKET or " + usual + ").", "path", usual},
       {"minimized", "Show no window unless asked, not even without a tray."},
       {"window", "Show the window at once."}});
  parser.process(arguments);
  return {parser.value("socket"), {parser.isSet("minimized"), parser.isSet("window")}};
}

bool hasDisplay() {
  return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY") ||
         qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
}

/// Goes on while the machine sleeps, as leases do.
std::int64_t boottimeMs() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

void translate(QApplication& application) {
  const QString wanted = qEnvironmentVariable("RSIP_LOCALE");
  const QLocale locale = wanted.isEmpty() || wanted == "xx" ? QLocale() : QLocale(wanted);
  if (!wanted.isEmpty() && wanted != "xx") QLocale::setDefault(locale);
  auto* const ours = new QTranslator(&application);
  const bool found = wanted == "xx" ? ours->load(":/i18n/rsip-tray_xx.qm")
                                    : ours->load(locale, "rsip-tray", "_", ":/i18n");
  // English too has a file: of its plurals.
  if (found || ours->load(":/i18n/rsip-tray_en.qm")) QApplication::installTranslator(ours);
}

TrayApp::Window windowOf(AgentMirror& agent, rsip::gui::Preferences& preferences) {
  return {[&] { return new MainWindow(agent, preferences, rsip::gui::findRsipctl()); },
          [](QWidget& widget, TrayApp::Place place) {
            auto& window = static_cast<MainWindow&>(widget);
            switch (place) {
              case TrayApp::Place::kAsLeft:
                return;
              case TrayApp::Place::kOverview:
                return window.showPage(MainWindow::Page::kOverview);
              case TrayApp::Place::kLeases:
                return window.showPage(MainWindow::Page::kLeases);
              case TrayApp::Place::kGateways:
                return window.showPage(MainWindow::Page::kGateways);
              case TrayApp::Place::kDoctor:
                return window.showPage(MainWindow::Page::kDoctor);
            }
          }};
}

/// Qt has settled for the tray of X11 for the life of the process; once is enough.
void restart(const Flags& flags, bool withWindow) {
  if (qEnvironmentVariableIsSet(kRestarted)) return;
  qputenv(kRestarted, "1");
  const QByteArray socket = flags.socket.toLocal8Bit();
  const char* const window = withWindow ? "--window" : "--minimized";
  execl("/proc/self/exe", "rsip-tray", "--socket", socket.constData(), window, nullptr);
}

int run(QApplication& application, const Flags& flags) {
  rsip::gui::SingleInstance instance;
  if (!instance.claim(!flags.options.minimized)) {
    std::puts("rsip-tray runs already");
    return 0;
  }
  translate(application);
  rsip::gui::Preferences preferences;
  rsip::gui::Appearance appearance(preferences);
  AgentMirror agent(flags.socket, boottimeMs);
  std::unique_ptr<QWidget> window;
  TrayApp::Window maker = windowOf(agent, preferences);
  maker.make = [&window, make = maker.make] {
    window.reset(make());
    return window.get();
  };
  TrayApp app(agent, preferences, appearance, maker);
  QObject::connect(&instance, &rsip::gui::SingleInstance::raised, &app, [&] { app.showWindow(); });
  QObject::connect(&app, &TrayApp::restartWanted, &app,
                   [&](bool withWindow) { restart(flags, withWindow); });
  // Whether there is an agent is known first (in 5 s at most): otherwise icon and window would say
  // for a moment that there is none.
  QObject::connect(
      &agent, &AgentMirror::changed, &app, [&] { app.start(flags.options); },
      Qt::SingleShotConnection);
  agent.start();
  return QApplication::exec();
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // QLocalSocket writes to an agent that may be gone
  QCoreApplication::setApplicationName("rsip-tray");
  QCoreApplication::setApplicationVersion(RSIP_VERSION);
  QCoreApplication::setOrganizationName("rsip");
  Flags flags;
  {
    const QCoreApplication reader(argc, argv);  // --help needs no display
    flags = readFlags(QCoreApplication::arguments());
  }
  if (!hasDisplay()) {
    std::fputs("rsip-tray: there is no display: start it in a desktop session\n", stderr);
    return 1;
  }
  QApplication application(argc, argv);
  QApplication::setDesktopFileName("org.rsip.Tray");
  // Hosts of tray icons call it by this name; the other one only tells flags apart.
  QApplication::setApplicationName("RSIP");
  QApplication::setQuitOnLastWindowClosed(false);
  QApplication::setWindowIcon(
      QIcon::fromTheme("org.rsip.Tray", rsip::gui::stateIcon(rsip::ipc::Mood::kAssigned, false)));
  return run(application, flags);
}
