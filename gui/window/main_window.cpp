#include "gui/window/main_window.h"

#include <algorithm>

#include <QBoxLayout>
#include <QCloseEvent>
#include <QSettings>
#include <QShortcut>

#include "gui/models/words.h"
#include "gui/plots/plot_colors.h"
#include "gui/text/sentences.h"
#include "gui/window/assistant.h"
#include "gui/window/page_doctor.h"
#include "gui/window/page_flows.h"
#include "gui/window/page_gateways.h"
#include "gui/window/page_icons.h"
#include "gui/window/page_ipsec.h"
#include "gui/window/page_leases.h"
#include "gui/window/page_log.h"
#include "gui/window/page_overview.h"
#include "gui/window/page_ports.h"
#include "gui/window/page_settings.h"

namespace rsip::gui {
namespace {

const QString kGeometry = QStringLiteral("window/geometry");
const QString kAssistantShown = QStringLiteral("window/assistant_shown");

}  // namespace

QString pageName(Page page) {
  switch (page) {
    case Page::kOverview:
      return MainWindow::tr("Overview");
    case Page::kLeases:
      return MainWindow::tr("Leases");
    case Page::kPorts:
      return MainWindow::tr("Ports");
    case Page::kFlows:
      return MainWindow::tr("Connections");
    case Page::kGateways:
      return MainWindow::tr("Gateways");
    case Page::kIpsec:
      return MainWindow::tr("IPsec");
    case Page::kDoctor:
      return MainWindow::tr("Doctor");
    case Page::kLog:
      return MainWindow::tr("Log");
    case Page::kSettings:
      return MainWindow::tr("Settings");
  }
  return {};
}

MainWindow::MainWindow(AgentMirror& mirror, Preferences& preferences, QString rsipctl,
                       QWidget* parent)
    : QMainWindow(parent),
      mirror_(mirror),
      preferences_(preferences),
      rsipctl_(std::move(rsipctl)),
      list_(new QListWidget),
      state_(new QLabel),
      stack_(new QStackedWidget) {
  setWindowTitle(tr("RSIP"));
  auto* const all = new QWidget;
  auto* const row = new QHBoxLayout(all);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  row->addWidget(makeSide());
  row->addWidget(stack_, 1);
  setCentralWidget(all);
  makeShortcuts();
  restorePlace();
  connect(list_, &QListWidget::currentRowChanged, this, [this](int page) {
    if (page >= 0) stack_->setCurrentWidget(&this->page(Page(page)));
  });
  connect(&mirror_, &AgentMirror::changed, this, &MainWindow::updateSide);
  updateSide();
  list_->setCurrentRow(0);
}

QWidget* MainWindow::makeSide() {
  auto* const side = new QWidget;
  auto* const column = new QVBoxLayout(side);
  column->setContentsMargins(10, 16, 10, 14);
  list_->setAccessibleName(tr("Pages"));
  list_->setFrameShape(QFrame::NoFrame);
  list_->viewport()->setAutoFillBackground(false);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setIconSize(QSize(20, 20));
  list_->setSpacing(1);
  for (const Page page : kPages) {
    auto* const item = new QListWidgetItem(pageIcon(page, palette()), pageName(page), list_);
    item->setSizeHint(QSize(0, fontMetrics().height() + 14));
    item->setToolTip(tr("Ctrl+%1").arg(int(page) + 1));
  }
  state_->setWordWrap(true);
  state_->setAccessibleName(tr("State"));
  column->addWidget(list_, 1);
  column->addWidget(state_);
  return side;
}

void MainWindow::makeShortcuts() {
  for (const Page page : kPages) {
    auto* const shortcut =
        new QShortcut(QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_1 + int(page))), this);
    connect(shortcut, &QShortcut::activated, this, [this, page] { showPage(page); });
  }
  auto* const again = new QShortcut(QKeySequence(Qt::Key_F5), this);
  connect(again, &QShortcut::activated, this, [this] { page(currentPage()).reload(); });
  auto* const close = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Q), this);
  connect(close, &QShortcut::activated, this, &QWidget::close);
}

void MainWindow::restorePlace() {
  const QByteArray place = QSettings().value(kGeometry).toByteArray();
  if (place.isEmpty() || !restoreGeometry(place)) resize(1000, 700);
}

void MainWindow::showPage(Page page) {
  list_->setCurrentRow(int(page));
}

Page MainWindow::currentPage() const {
  return Page(std::max(0, list_->currentRow()));
}

PageBase& MainWindow::page(Page page) {
  PageBase*& made = pages_[std::size_t(page)];
  if (made == nullptr) {
    made = makePage(page);
    stack_->addWidget(made);
  }
  return *made;
}

PageBase* MainWindow::makePage(Page page) {
  switch (page) {
    case Page::kOverview: {
      auto* const overview = new PageOverview(mirror_);
      connect(overview, &PageOverview::doctorWanted, this, [this] { showPage(Page::kDoctor); });
      return overview;
    }
    case Page::kLeases:
      return new PageLeases(mirror_);
    case Page::kPorts: {
      auto* const ports = new PagePorts(mirror_);
      connect(ports, &PagePorts::flowsWanted, this, [this](const QString& filter) {
        static_cast<PageFlows&>(this->page(Page::kFlows)).setFilter(filter);
        showPage(Page::kFlows);
      });
      return ports;
    }
    case Page::kFlows:
      return new PageFlows(mirror_);
    case Page::kGateways: {
      auto* const gateways = new PageGateways(mirror_);
      connect(gateways, &PageGateways::assistantWanted, this, &MainWindow::showAssistant);
      return gateways;
    }
    case Page::kIpsec:
      return new PageIpsec(mirror_);
    case Page::kDoctor:
      return new PageDoctor(mirror_, rsipctl_);
    case Page::kLog:
      return new PageLog(mirror_);
    case Page::kSettings:
      return new PageSettings(mirror_, preferences_);
  }
  return nullptr;
}

void MainWindow::offerAssistant() {
  if (!mirror_.isConnected() || !mirror_.status().gateways.empty()) return;
  if (QSettings().value(kAssistantShown).toBool()) return;
  showAssistant();
}

void MainWindow::showAssistant() {
  QSettings().setValue(kAssistantShown, true);
  auto* const assistant = new Assistant(mirror_, preferences_, this);
  assistant->setAttribute(Qt::WA_DeleteOnClose);
  assistant->open();
}

void MainWindow::updateSide() {
  const QString version = text(mirror_.status().agent);
  const QString state = moodName(mirror_.summary().mood);
  state_->setText(version.isEmpty() ? state : tr("%1\nAgent %2").arg(state, version));
  QPalette calm = palette();
  calm.setColor(QPalette::WindowText, plotColors(palette()).faint);
  state_->setPalette(calm);
  list_->setFixedWidth(listWidth());
  state_->setMaximumWidth(list_->width());
  if (isVisible()) offerAssistant();
}

int MainWindow::listWidth() const {
  int widest = 0;
  for (const Page page : kPages) {
    widest = std::max(widest, fontMetrics().horizontalAdvance(pageName(page)));
  }
  return widest + list_->iconSize().width() + fontMetrics().averageCharWidth() * 6;
}

void MainWindow::showEvent(QShowEvent* event) {
  QMainWindow::showEvent(event);
  offerAssistant();
}

void MainWindow::closeEvent(QCloseEvent* event) {
  QSettings().setValue(kGeometry, saveGeometry());
  QMainWindow::closeEvent(event);
  emit closed();
}

void MainWindow::changeEvent(QEvent* event) {
  QMainWindow::changeEvent(event);
  if (event->type() != QEvent::PaletteChange && event->type() != QEvent::FontChange) return;
  for (const Page page : kPages) {
    if (list_->item(int(page)) != nullptr)
      list_->item(int(page))->setIcon(pageIcon(page, palette()));
  }
  updateSide();
}

}  // namespace rsip::gui
