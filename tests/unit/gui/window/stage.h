#pragma once

#include <QSettings>
#include <QStandardPaths>
#include <gmock/gmock.h>

#include "gui/window/main_window.h"
#include "gui/window/page.h"
#include "tests/gui/rich_agent.h"
#include "tests/unit/gui/wait_for.h"

namespace rsip::gui {

/// A window on an agent that has something of everything. Its clock stands still.
struct Stage : testing::Test {
  std::int64_t clock = 1'000'000;
  fakes::FakeAgent agent;
  Preferences preferences;
  AgentMirror mirror{agent.path(), [this] { return clock; }};
  std::unique_ptr<MainWindow> window;

  void SetUp() override {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("rsip");
    QCoreApplication::setApplicationName("window_test");
    QSettings().clear();
    QSettings().setValue("window/assistant_shown", true);
    fakes::make_rich(agent);
  }
  void open(Page page) {
    window = std::make_unique<MainWindow>(mirror, preferences, QString());
    window->resize(1000, 700);
    window->showPage(page);
    window->show();
    mirror.start();
    ASSERT_TRUE(waitFor([this] { return mirror.isConnected(); }));
    settle();
  }
  /// The first visible widget of that type with that accessible name.
  template <class Widget>
  Widget* find(const QString& name) const {
    for (Widget* const widget : window->findChildren<Widget*>()) {
      if (widget->accessibleName() == name && widget->isVisibleTo(window.get())) return widget;
    }
    return nullptr;
  }
  /// All texts of visible labels.
  std::string shown() const {
    QStringList texts;
    for (const QLabel* const label : window->findChildren<QLabel*>()) {
      if (label->isVisibleTo(window.get())) texts << label->text();
    }
    return texts.join(QLatin1Char('\n')).toStdString();
  }
  bool says(const std::string& words) const { return shown().find(words) != std::string::npos; }
  template <class Request>
  int asked() const {
    int count = 0;
    for (const ipc::Call& call : agent.calls())
      count += std::holds_alternative<Request>(call) ? 1 : 0;
    return count;
  }
};

}  // namespace rsip::gui
