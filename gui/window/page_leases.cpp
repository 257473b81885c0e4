#include "gui/window/page_leases.h"

#include <ctime>

#include <QBoxLayout>
#include <QDateTime>
#include <QItemSelectionModel>
#include <QLocale>
#include <QSortFilterProxyModel>

#include "gui/models/words.h"
#include "gui/window/release_question.h"

namespace rsip::gui {
namespace {

/// Often enough that a sleep is put where it was.
constexpr int kClocksMilliseconds = 10000;

std::int64_t milliseconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
}

}  // namespace

PageLeases::PageLeases(AgentMirror& mirror, QWidget* parent)
    : PageBase(mirror, tr("Leases"), parent),
      model_([&mirror](const std::string& gateway, std::uint32_t seconds) {
        return mirror.secondsLeft(gateway, seconds);
      }) {
  build();
  connect(table_.view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
          &PageLeases::showDetail);
  connect(&mirror, &AgentMirror::happened, this, [this](const ipc::Happening& what) {
    timeline_.happened(what, QDateTime::currentMSecsSinceEpoch());
  });
  connect(&clocks_, &QTimer::timeout, this, &PageLeases::observeClocks);
  observeClocks();
  clocks_.start(kClocksMilliseconds);
  pollEach(1000);
}

void PageLeases::build() {
  table_ = makeTable(&model_, LeaseTableModel::kLast, tr("Leases"), this);
  table_.view->setMinimumHeight(fontMetrics().height() * 8);
  plot_ = new LeaseTimelinePlot;
  empty_ =
      emptyText(tr("Nothing is leased now. A gateway leases an address when it is turned on "
                   "and registered; the page Gateways shows how far it is."));
  filled_ = new QWidget;
  auto* const column = new QVBoxLayout(filled_);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(kSpace);
  auto* const list = new Card;
  list->body()->addWidget(table_.view);
  list->body()->addWidget(makeButtons());
  column->addWidget(list, 3);
  auto* const time = new Card(tr("Past hour, and until the last lease ends"));
  time->body()->addWidget(plot_);
  time->body()->addWidget(faint(
      tr("Square: granted. Disc: renewed. Triangle: not renewed. Cross: ended or lost. Dotted "
         "lines: when it is renewed, and the last try. Hatched: this computer slept.")));
  column->addWidget(time);
  column->addWidget(makeDetail(), 1);
  content()->addWidget(empty_);
  content()->addWidget(filled_, 1);
}

QWidget* PageLeases::makeButtons() {
  renew_ = changing(tr("&Renew"), tr("Asks the gateway for a new life of the selected lease"));
  release_ = changing(tr("Re&lease"), tr("Gives the selected lease back"));
  hold_ = changing(tr("&Hold"), tr("Keeps the selected lease though nothing uses it"));
  copy_ = new QPushButton(tr("Copy address"));
  copy_->setAccessibleName(tr("Copy the address of the selected lease"));
  connect(renew_, &QPushButton::clicked, this, &PageLeases::renew);
  connect(release_, &QPushButton::clicked, this, &PageLeases::release);
  connect(hold_, &QPushButton::clicked, this, &PageLeases::hold);
  connect(copy_, &QPushButton::clicked, this, [this] {
    if (const LeaseRow* const row = selected()) copyFrom(copy_, text(row->lease.address));
  });
  question_ = new ReleaseQuestion(mirror(), notice(), this);
  auto* const buttons = new QWidget;
  auto* const row = new QHBoxLayout(buttons);
  row->setContentsMargins(0, 0, 0, 0);
  for (QPushButton* const button :
       {static_cast<QPushButton*>(renew_), static_cast<QPushButton*>(release_),
        static_cast<QPushButton*>(hold_), copy_}) {
    row->addWidget(button);
  }
  row->addStretch();
  return buttons;
}

QWidget* PageLeases::makeDetail() {
  auto* const card = new Card(tr("Selected lease"));
  detail_ = wrapped();
  history_ = new QListWidget;
  history_->setAccessibleName(tr("What happened to the selected lease"));
  history_->setFrameShape(QFrame::NoFrame);
  history_->setSelectionMode(QAbstractItemView::NoSelection);
  history_->setMinimumHeight(fontMetrics().height() * 4);
  card->body()->addWidget(detail_);
  card->body()->addWidget(history_, 1);
  return card;
}

std::string PageLeases::json() const {
  ipc::Leases leases;
  for (const LeaseRow& row : model_.rows()) leases.leases.push_back(row.lease);
  return document(leases);
}

void PageLeases::refresh() {
  model_.setStatus(mirror().status());
  const bool some = model_.rowCount() > 0;
  empty_->setVisible(!some);
  filled_->setVisible(some);
  if (some && !table_.view->selectionModel()->hasSelection()) table_.view->selectRow(0);
  showDetail();
  updateTimeline();
}

void PageLeases::poll() {
  model_.tick();
  updateTimeline();
}

void PageLeases::observeClocks() {
  timeline_.observeClocks(milliseconds(CLOCK_BOOTTIME), milliseconds(CLOCK_MONOTONIC),
                          QDateTime::currentMSecsSinceEpoch());
}

void PageLeases::updateTimeline() {
  if (!mirror().isConnected()) return;
  const std::int64_t now = QDateTime::currentMSecsSinceEpoch();
  timeline_.update(
      mirror().status(),
      [this](const std::string& gateway, std::uint32_t seconds) {
        return mirror().secondsLeft(gateway, seconds);
      },
      now);
  plot_->setTimeline(timeline_, now);
}

const LeaseRow* PageLeases::selected() const {
  const QModelIndexList rows = table_.view->selectionModel()->selectedRows();
  if (rows.isEmpty()) return nullptr;
  return model_.rowAt(table_.proxy->mapToSource(rows.first()).row());
}

void PageLeases::showDetail() {
  updateButtons();
  history_->clear();
  const LeaseRow* const row = selected();
  if (row == nullptr) return detail_->setText(tr("No lease is selected."));
  const ipc::LeaseStatus& lease = row->lease;
  detail_->setText(tr("%1 of %2, %3. Asked for %4 at a time.")
                       .arg(kindText(lease), text(lease.address), holdingText(lease),
                            durationText(lease.granted_seconds)));
  const QDateTime now = QDateTime::currentDateTime();
  for (auto past = lease.history.rbegin(); past != lease.history.rend(); ++past) {
    history_->addItem(tr("%1: %2").arg(momentText(timeOf(past->time), now), renewalText(*past)));
  }
  if (lease.history.empty()) history_->addItem(tr("Nothing is known of its past."));
}

void PageLeases::updateButtons() {
  const LeaseRow* const row = selected();
  const QString reason = row == nullptr ? tr("Select a lease first.") : QString();
  for (ActionButton* const button : {renew_, release_, hold_}) setReason(button, reason);
  copy_->setEnabled(row != nullptr);
  const bool held = row != nullptr && row->lease.held;
  hold_->setName(held ? tr("&Hold no longer") : tr("&Hold"));
}

void PageLeases::renew() {
  const LeaseRow* const row = selected();
  if (row == nullptr) return;
  change(renew_, ipc::RenewRequest{row->gateway, {row->lease.bind}},
         tr("The gateway was asked for a new life of lease %1.").arg(row->lease.bind));
}

void PageLeases::release() {
  if (const LeaseRow* const row = selected()) question_->ask(*row, release_);
}

void PageLeases::hold() {
  const LeaseRow* const row = selected();
  if (row == nullptr) return;
  const bool wanted = !row->lease.held;
  change(hold_, ipc::HoldRequest{row->gateway, row->lease.bind, wanted},
         wanted ? tr("Lease %1 is kept though nothing uses it.").arg(row->lease.bind)
                : tr("Lease %1 goes back when nothing uses it.").arg(row->lease.bind));
}

}  // namespace rsip::gui
