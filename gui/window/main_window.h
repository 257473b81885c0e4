#pragma once

#include <array>

#include <QLabel>
#include <QListWidget>
#include <QMainWindow>
#include <QStackedWidget>

#include "gui/agent/agent_mirror.h"
#include "gui/settings/preferences.h"
#include "gui/window/page_id.h"

namespace rsip::gui {

class PageBase;

/// Everything about the agent, on pages that are made when they are first looked at. It can be
/// closed at any time: the agent goes on, and so does this program.
class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  using Page = gui::Page;

  /// rsipctl   the program that the page Doctor runs; empty: it is not there
  MainWindow(AgentMirror& mirror, Preferences& preferences, QString rsipctl,
             QWidget* parent = nullptr);

  void showPage(Page page);
  [[nodiscard]] Page currentPage() const;
  /// The page, made if it was not there yet.
  PageBase& page(Page page);
  /// The assistant, if nothing is configured and it was not shown before.
  void offerAssistant();
  void showAssistant();

 signals:
  /// The user closed it.
  void closed();

 protected:
  void closeEvent(QCloseEvent* event) override;
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  QWidget* makeSide();
  void makeShortcuts();
  PageBase* makePage(Page page);
  void updateSide();
  [[nodiscard]] int listWidth() const;
  void restorePlace();

  AgentMirror& mirror_;
  Preferences& preferences_;
  QString rsipctl_;
  QListWidget* list_;
  QLabel* state_;
  QStackedWidget* stack_;
  std::array<PageBase*, std::size(kPages)> pages_{};
};

/// The page's name, as it stands in the list.
QString pageName(Page page);

}  // namespace rsip::gui
