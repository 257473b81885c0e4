#include <cstdio>
#include <functional>

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QLocale>
#include <QSettings>
#include <QStyleFactory>
#include <QTemporaryDir>
#include <QTranslator>

#include "common/ipc/documents.h"
#include "gui/style/appearance.h"
#include "gui/window/assistant.h"
#include "gui/window/main_window.h"
#include "gui/window/page.h"
#include "tests/gui/rich_agent.h"

using namespace rsip;
using namespace rsip::gui;

namespace {

const QString kPageNames[] = {"overview", "leases", "ports", "connections", "gateways",
                              "ipsec",    "doctor", "log",   "settings"};

/// Everything that a picture needs: an agent, its mirror, a window.
struct Stage {
  fakes::FakeAgent agent;
  std::int64_t clock = 1'000'000;
  Preferences preferences;
  AgentMirror mirror{agent.path(), [this] { return clock; }};

  Stage() { fakes::make_rich(agent); }

  static void pass(int milliseconds) {
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < milliseconds) {
      QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    }
  }
  void start() {
    mirror.start();
    pass(400);
  }
  /// A minute of traffic, as the page Overview sees it.
  void traffic(PageBase& overview) {
    ipc::GatewayStatus& gateway = agent.status().gateways[0];
    for (int second = 0; second < 60; ++second) {
      const bool quiet = second > 20 && second < 28;
      gateway.traffic.sent_bytes += quiet ? 2000 : 90'000 + std::uint64_t(second * 7919 % 130'000);
      gateway.traffic.received_bytes +=
          quiet ? 9000 : 400'000 + std::uint64_t(second * 104'729 % 900'000);
      agent.publish(ipc::TrafficChanged{gateway.name, gateway.traffic, gateway.ports});
      pass(5);
      clock += 1000;
      overview.reload();
    }
    agent.publish_gateway(gateway.name);
    agent.publish_gateway("office");
    pass(400);
  }
};

QString fakeRsipctl(const QTemporaryDir& folder) {
  QFile document(folder.filePath("doctor.json"));
  if (document.open(QIODevice::WriteOnly)) {
    document.write(QByteArray::fromStdString(
        ipc::document(fakes::rich_doctor(), "0.1.0", "2026-11-24T13:00:00Z")));
  }
  QFile program(folder.filePath("rsipctl"));
  if (program.open(QIODevice::WriteOnly)) {
    program.write("#!/bin/sh\nexec cat \"" + folder.filePath("doctor.json").toUtf8() + "\"\n");
  }
  program.setPermissions(QFile::ReadOwner | QFile::ExeOwner | QFile::WriteOwner);
  return program.fileName();
}

struct Photographer {
  QDir folder;
  QString suffix;
  QString rsipctl;

  void take(QWidget& widget, const QString& name) const {
    const QString file = folder.filePath(name + suffix + ".png");
    if (!widget.grab().save(file)) std::fprintf(stderr, "cannot write %s\n", qPrintable(file));
  }

  void everyPage() const {
    Stage stage;
    MainWindow window(stage.mirror, stage.preferences, rsipctl);
    window.resize(1000, 700);
    window.show();
    stage.start();
    stage.traffic(window.page(Page::kOverview));
    for (const Page page : kPages) {
      window.showPage(page);
      Stage::pass(500);
      take(window, kPageNames[int(page)]);
    }
    Assistant assistant(stage.mirror, stage.preferences);
    assistant.show();
    Stage::pass(300);
    for (const char* const step : {"assistant-find", "assistant-offer", "assistant-test"}) {
      take(assistant, step);
      assistant.next();
      Stage::pass(300);
    }
  }

  /// One page in one state.
  void state(const QString& name, Page page, const std::function<void(Stage&)>& prepare,
             bool running = true) const {
    Stage stage;
    prepare(stage);
    MainWindow window(stage.mirror, stage.preferences, rsipctl);
    window.resize(1000, 700);
    window.show();
    window.showPage(page);
    if (!running) stage.agent.die();
    stage.start();
    Stage::pass(300);
    take(window, name);
  }

  void everyState() const {
    const auto nothing = [](Stage&) {};
    state("agent-down", Page::kOverview, nothing, false);
    state("agent-down-leases", Page::kLeases, nothing, false);
    state("read-only", Page::kLeases, [](Stage& stage) {
      stage.agent.forbid_changes(
          "Use this machine's screen, or be a member of group rsip: sudo usermod --append --groups "
          "rsip alex (no new login is needed)");
    });
    state("error", Page::kOverview, [](Stage& stage) {
      stage.agent.status().gateways.pop_back();
      ipc::GatewayStatus& gateway = stage.agent.status().gateways[0];
      gateway.state = "registered";
      gateway.leases.clear();
      gateway.device.clear();
      gateway.problem = ipc::ProblemStatus{"no_resources", 9, "the gateway's pool is full (309)",
                                           "wait, or ask for fewer ports"};
    });
    state("sign-in", Page::kOverview, [](Stage& stage) {
      stage.agent.status().network = {"sign_in", "https://portal.example/"};
      for (auto& gateway : stage.agent.status().gateways) gateway.state = "connecting";
      for (auto& gateway : stage.agent.status().gateways) gateway.leases.clear();
    });
    state("expiring", Page::kOverview, [](Stage& stage) {
      ipc::GatewayStatus& gateway = stage.agent.status().gateways[0];
      gateway.leases.resize(1);
      gateway.leases[0].expires_in_seconds = 95;
      gateway.problem = ipc::ProblemStatus{"unreachable", 7, "gateway 10.20.0.1 does not answer",
                                           "check that it runs; the agent tries again by itself"};
    });
    state("nothing-configured", Page::kGateways, [](Stage& stage) {
      stage.agent.status().gateways.clear();
      stage.agent.status().profiles.clear();
    });
    state("off", Page::kLeases, [](Stage& stage) {
      for (auto& gateway : stage.agent.status().gateways) {
        gateway.state = "disabled";
        gateway.leases.clear();
      }
    });
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: rsip_screenshots FOLDER\n", stderr);
    return 2;
  }
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  const QTemporaryDir scratch;
  qputenv("XDG_CONFIG_HOME", scratch.path().toUtf8());
  QApplication application(argc, argv);
  QApplication::setOrganizationName("rsip");
  QApplication::setApplicationName("screenshots");
  QApplication::setStyle(QStyleFactory::create("Fusion"));
  QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
  QTranslator translator;  // of plurals, or of what RSIP_LOCALE names
  const QString language = qEnvironmentVariable("RSIP_LOCALE", "en");
  if (translator.load(QStringLiteral(RSIP_TRANSLATIONS "/rsip-tray_%1.qm").arg(language))) {
    QApplication::installTranslator(&translator);
  }
  QSettings().setValue("window/assistant_shown", true);
  const QPalette light = QApplication::palette();
  const QDir folder(argv[1]);
  if (!folder.mkpath(".")) {
    std::fprintf(stderr, "cannot make %s\n", argv[1]);
    return 1;
  }
  for (const bool dark : {false, true}) {
    QApplication::setPalette(dark ? darkPalette() : light);
    const Photographer photographer{folder, dark ? "-dark" : "", fakeRsipctl(scratch)};
    photographer.everyPage();
    photographer.everyState();
  }
  return 0;
}
