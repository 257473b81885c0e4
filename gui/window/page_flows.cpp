#include "gui/window/page_flows.h"

#include <QBoxLayout>
#include <QLocale>
#include <QSortFilterProxyModel>

namespace rsip::gui {

PageFlows::PageFlows(AgentMirror& mirror, QWidget* parent)
    : PageBase(mirror, tr("Connections"), parent),
      filter_(new QLineEdit),
      count_(faint()),
      empty_(emptyText({})),
      card_(new Card) {
  table_ = makeTable(&model_, FlowTableModel::kGateway, tr("Connections"), this);
  table_.view->sortByColumn(FlowTableModel::kDown, Qt::DescendingOrder);
  table_.view->setMinimumHeight(fontMetrics().height() * 10);
  filter_->setPlaceholderText(tr("Filter: a program, an address, :port \u2026"));
  filter_->setAccessibleName(tr("Filter of the connections"));
  filter_->setClearButtonEnabled(true);
  card_->body()->addWidget(filter_);
  card_->body()->addWidget(table_.view, 1);
  card_->body()->addWidget(count_);
  content()->addWidget(card_, 1);
  content()->addWidget(empty_);
  connect(filter_, &QLineEdit::textChanged, this, [this](const QString& wanted) {
    table_.proxy->setFilterFixedString(wanted);
    updateCount();
  });
  pollEach(1000);
}

std::string PageFlows::json() const {
  return document(ipc::Flows{model_.rows(), hidden_});
}

void PageFlows::setFilter(const QString& filter) {
  filter_->setText(filter);
}

void PageFlows::refresh() {
  if (!mirror().isConnected()) show({});
}

void PageFlows::poll() {
  mirror().ask(ipc::FlowsRequest{}, this, [this](const Result<ipc::Flows>& answer) {
    if (!answer) return notice().say(answer.error());
    show(*answer);
  });
}

void PageFlows::show(const ipc::Flows& flows) {
  hidden_ = flows.hidden;
  model_.setRows(flows.flows);
  updateCount();
}

void PageFlows::updateCount() {
  const QLocale locale;
  const int shown = table_.proxy->rowCount();
  const bool none = model_.rowCount() == 0;
  empty_->setVisible(none);
  card_->setVisible(!none || hidden_ > 0);
  empty_->setText(hidden_ > 0 ? tr("You have no connection through a tunnel now.")
                              : tr("Nothing goes through a tunnel now."));
  QString words = shown == model_.rowCount()
                      ? tr("%1 connections").arg(locale.toString(shown))
                      : tr("%1 of %2 connections match the filter")
                            .arg(locale.toString(shown), locale.toString(model_.rowCount()));
  if (hidden_ > 0) {
    words +=
        QLatin1Char(' ') +
        tr("\u2013 and %1 of other users, which you may not see").arg(locale.toString(hidden_));
  }
  count_->setText(words);
}

}  // namespace rsip::gui
