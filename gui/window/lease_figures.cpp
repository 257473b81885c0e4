#include "gui/window/lease_figures.h"

#include <QBoxLayout>
#include <QDateTime>

#include "gui/models/words.h"

namespace rsip::gui {
namespace {

/// A screen reader is told the countdown in steps, not each second.
constexpr std::uint32_t kSpokenStepSeconds = 10;

/// A text that is never cut, however narrow the page is.
QLabel* whole(QLabel* label) {
  label->setWordWrap(false);
  label->setMinimumWidth(0);
  return label;
}

/// button   beside the value; may be null
Card* figure(const QString& title, QLabel* value, QLabel* more, QPushButton* button) {
  auto* const card = new Card;
  auto* const row = new QHBoxLayout;
  row->addWidget(value);
  if (button != nullptr) row->addWidget(button);
  row->addStretch();
  card->body()->setSpacing(4);
  card->body()->addWidget(faint(title));
  card->body()->addLayout(row);
  card->body()->addWidget(more);
  card->body()->addStretch();
  return card;
}

}  // namespace

LeaseFigures::LeaseFigures(QWidget* parent)
    : QWidget(parent),
      countdown_(whole(large(2.2, true))),
      renews_(faint()),
      address_(whole(large(1.6, true))),
      ports_(faint()),
      copy_(new QPushButton(tr("Copy"))) {
  copy_->setAccessibleName(tr("Copy the public address"));
  connect(copy_, &QPushButton::clicked, this, [this] { copyFrom(copy_, address_->text()); });
  auto* const row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(kSpace);
  row->addWidget(figure(tr("Lease ends in"), countdown_, renews_, nullptr), 1);
  row->addWidget(figure(tr("Public address"), address_, ports_, copy_), 1);
}

void LeaseFigures::show(const ipc::Summary& summary) {
  setVisible(summary.ends_in_seconds.has_value());
  if (!summary.ends_in_seconds) return;
  showEnd(*summary.ends_in_seconds, summary.mood == ipc::Mood::kAssigned);
  address_->setText(text(summary.address));
  ports_->setText(summary.ports == 0 ? tr("all of its ports")
                                     : tr("%n of its port(s)", nullptr, int(summary.ports)));
}

void LeaseFigures::showEnd(std::uint32_t seconds, bool renewsByItself) {
  countdown_->setText(clockText(seconds));
  countdown_->setAccessibleName(
      tr("Lease ends in %1").arg(durationText(seconds / kSpokenStepSeconds * kSpokenStepSeconds)));
  const QDateTime now = QDateTime::currentDateTime();
  const QString moment = momentText(now.addSecs(seconds), now);
  renews_->setText(renewsByItself ? tr("%1, renewed by itself before then").arg(moment) : moment);
}

}  // namespace rsip::gui
