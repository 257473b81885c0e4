#include "gui/window/usage_card.h"

#include <QBoxLayout>
#include <QDate>

#include "gui/models/words.h"

namespace rsip::gui {

UsageCard::UsageCard(AgentMirror& mirror, QWidget* parent)
    : Card({}, parent),
      mirror_(mirror),
      by_(new QComboBox),
      chart_(new UsageChart),
      words_(faint()),
      warning_(wrapped()) {
  by_->addItem(tr("By day"));
  by_->addItem(tr("By gateway"));
  by_->setAccessibleName(tr("Usage by day or by gateway"));
  auto* const head = new QHBoxLayout;
  head->addWidget(large(1.0, true, tr("Usage of the last 30 days")), 1);
  head->addWidget(by_);
  body()->addLayout(head);
  body()->addWidget(chart_);
  body()->addWidget(words_);
  body()->addWidget(warning_);
  warning_->hide();
  connect(by_, &QComboBox::activated, this, &UsageCard::show);
  connect(chart_, &UsageChart::pointedAt, this, [this](const QString& words) {
    if (words.isEmpty()) return show();
    words_->setText(words);
  });
  show();
}

void UsageCard::ask() {
  ipc::UsageRequest request;
  request.by = "gateway";
  mirror_.ask(request, this, [this](const Result<ipc::Usage>& answer) {
    rows_ = answer ? answer->rows : std::vector<ipc::UsageRow>{};
    warning_->setText(answer ? text(answer->warning) : text(answer.error().message));
    warning_->setVisible(!warning_->text().isEmpty());
    show();
  });
}

void UsageCard::show() {
  const UsageBars bars = by_->currentIndex() == 0 ? UsageBars::byDay(rows_, QDate::currentDate())
                                                  : UsageBars::byGateway(rows_);
  chart_->setBars(bars);
  words_->setText(bars.peak() == 0 ? tr("Nothing went through a leased address in 30 days.")
                                   : tr("In all: %1. Orange is sent, blue is received.")
                                         .arg(UsageBars::words(bars.total())));
}

}  // namespace rsip::gui
