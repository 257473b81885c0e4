#include "gui/window/page_log.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QScrollBar>
#include <QSortFilterProxyModel>

#include "gui/models/words.h"

namespace rsip::gui {
namespace {

constexpr std::uint32_t kLevelSeconds = 600;

/// Lines of at least a level with a text in them.
class LogFilter : public QSortFilterProxyModel {
 public:
  using QSortFilterProxyModel::QSortFilterProxyModel;
  void setLevel(int level) {
    level_ = level;
    invalidateFilter();
  }

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override {
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    return index.data(kLevelRole).toInt() >= level_ &&
           QSortFilterProxyModel::filterAcceptsRow(row, parent);
  }

 private:
  int level_ = 0;
};

void fill(QComboBox* levels) {
  levels->addItem(PageLog::tr("Trace"), QStringLiteral("trace"));
  levels->addItem(PageLog::tr("Debug"), QStringLiteral("debug"));
  levels->addItem(PageLog::tr("Info"), QStringLiteral("info"));
  levels->addItem(PageLog::tr("Warning"), QStringLiteral("warn"));
  levels->addItem(PageLog::tr("Error"), QStringLiteral("error"));
}

}  // namespace

PageLog::PageLog(AgentMirror& mirror, QWidget* parent)
    : PageBase(mirror, tr("Log"), parent),
      filter_(new QLineEdit),
      from_(new QComboBox),
      wanted_(new QComboBox),
      empty_(emptyText(tr("No line of the log is shown."))),
      card_(new Card) {
  table_ = makeTable(&model_, LogModel::kText, tr("Log"), this);
  auto* const filter = new LogFilter(table_.view);
  filter->setSourceModel(&model_);
  filter->setFilterRole(kFilterRole);
  filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
  table_.proxy = filter;
  table_.view->setSortingEnabled(false);
  table_.view->setModel(filter);
  table_.view->horizontalHeader()->setSectionResizeMode(LogModel::kText, QHeaderView::Stretch);
  table_.view->setMinimumHeight(fontMetrics().height() * 10);
  card_->body()->addWidget(makeTools());
  card_->body()->addWidget(table_.view, 1);
  card_->body()->addWidget(empty_);
  content()->addWidget(card_, 1);
  connect(&mirror, &AgentMirror::logged, this, &PageLog::add);
  connect(filter_, &QLineEdit::textChanged, this, &PageLog::filter);
  connect(from_, &QComboBox::activated, this, &PageLog::filter);
}

QWidget* PageLog::makeTools() {
  auto* const tools = new QWidget;
  auto* const row = new QHBoxLayout(tools);
  row->setContentsMargins(0, 0, 0, 0);
  fill(from_);
  fill(wanted_);
  from_->setAccessibleName(tr("Show lines from this level on"));
  wanted_->setAccessibleName(tr("Level that the agent logs from"));
  wanted_->setCurrentIndex(1);
  filter_->setPlaceholderText(tr("Filter"));
  filter_->setAccessibleName(tr("Filter of the log"));
  filter_->setClearButtonEnabled(true);
  set_ = changing(tr("Log for 10 minutes"),
                  tr("The agent logs from this level on for 10 minutes, then as configured again"));
  connect(set_, &QPushButton::clicked, this, [this] {
    change(set_,
           ipc::LogLevelRequest{wanted_->currentData().toString().toStdString(), kLevelSeconds},
           tr("The agent logs from %1 on for 10 minutes.").arg(wanted_->currentText()));
  });
  row->addWidget(filter_, 1);
  row->addWidget(from_);
  row->addSpacing(kSpace);
  row->addWidget(wanted_);
  row->addWidget(set_);
  return tools;
}

std::string PageLog::json() const {
  return document(ipc::Log{level_, model_.lines()});
}

void PageLog::refresh() {
  updateEmpty();
}

void PageLog::poll() {
  if (!mirror().mayChange()) return;
  mirror().ask(ipc::LogRequest{}, this, [this](const Result<ipc::Log>& answer) {
    if (!answer) return notice().say(answer.error());
    show(*answer);
  });
}

void PageLog::showEvent(QShowEvent* event) {
  mirror().wantLog(true);
  PageBase::showEvent(event);
}

void PageLog::hideEvent(QHideEvent* event) {
  PageBase::hideEvent(event);
  mirror().wantLog(false);
}

void PageLog::show(const ipc::Log& log) {
  level_ = log.level;
  model_.setLines(log.lines);
  table_.view->scrollToBottom();
  updateEmpty();
}

void PageLog::add(const ipc::LogLine& line) {
  const QScrollBar* const bar = table_.view->verticalScrollBar();
  const bool atEnd = bar->value() >= bar->maximum() - 2;
  model_.add(line);
  if (atEnd) table_.view->scrollToBottom();
  updateEmpty();
}

void PageLog::filter() {
  static_cast<LogFilter*>(table_.proxy)->setLevel(from_->currentIndex());
  table_.proxy->setFilterFixedString(filter_->text());
  updateEmpty();
}

void PageLog::updateEmpty() {
  empty_->setVisible(table_.proxy->rowCount() == 0);
  empty_->setText(mirror().isConnected() && !mirror().mayChange()
                      ? tr("The log may name what others do: only who may change something reads "
                           "it. %1")
                            .arg(mirror().whyMayNotChange())
                      : tr("No line of the log fits."));
}

}  // namespace rsip::gui
