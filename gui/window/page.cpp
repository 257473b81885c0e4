#include "gui/window/page.h"

#include <QBoxLayout>
#include <QDateTime>
#include <QScrollArea>

#include "gui/models/words.h"

namespace rsip::gui {

PageBase::PageBase(AgentMirror& mirror, const QString& title, QWidget* parent)
    : QWidget(parent),
      mirror_(mirror),
      away_(new Notice),
      readOnly_(new Notice),
      notice_(new Notice),
      body_(new QWidget),
      content_(new QVBoxLayout(body_)),
      corner_(new QHBoxLayout) {
  setAccessibleName(title);
  auto* const head = new QHBoxLayout;
  head->setSpacing(8);
  head->addWidget(large(1.6, true, title), 1);
  head->addLayout(corner_);
  auto* const copy = new QPushButton(tr("Copy as JSON"));
  copy->setToolTip(tr("Copies what this page shows, as rsipctl prints it with --json"));
  connect(copy, &QPushButton::clicked, this, [this, copy] { copyFrom(copy, text(json())); });
  head->addWidget(copy);

  auto* const scroll = new QScrollArea;
  scroll->setWidget(body_);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setFocusPolicy(Qt::NoFocus);
  scroll->viewport()->setAutoFillBackground(false);
  body_->setAutoFillBackground(false);
  content_->setContentsMargins(0, 0, 0, 0);
  content_->setSpacing(kSpace);
  away_->setClosable(false);
  readOnly_->setClosable(false);

  auto* const all = new QVBoxLayout(this);
  all->setContentsMargins(24, 20, 24, 20);
  all->setSpacing(kSpace);
  all->addLayout(head);
  all->addWidget(away_);
  all->addWidget(readOnly_);
  all->addWidget(notice_);
  all->addWidget(scroll, 1);

  connect(&mirror_, &AgentMirror::changed, this, [this] {
    if (isVisible()) update();
  });
  connect(&timer_, &QTimer::timeout, this, [this] {
    if (mirror_.isConnected()) poll();
  });
}

void PageBase::reload() {
  update();
  if (mirror_.isConnected() || worksAlone()) poll();
}

void PageBase::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  reload();
  if (timer_.interval() > 0) timer_.start();
}

void PageBase::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  timer_.stop();
}

void PageBase::pollEach(int milliseconds) {
  timer_.setInterval(milliseconds);
}

std::string PageBase::document(const ipc::Documents& shown) const {
  return ipc::document(shown, mirror_.status().agent,
                       QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString());
}

ActionButton* PageBase::changing(const QString& name, const QString& purpose) {
  auto* const button = new ActionButton(name);
  button->setPurpose(purpose);
  changing_.push_back(button);
  return button;
}

void PageBase::update() {
  updateAway();
  for (ActionButton* const button : changing_) setReason(button, {});
  refresh();
}

QString PageBase::reasonOfAll() const {
  if (!mirror_.isConnected()) return tr("The agent is not running.");
  return mirror_.mayChange() ? QString() : tr("You may look, but not change anything.");
}

void PageBase::setReason(ActionButton* button, const QString& reason) const {
  const QString all = reasonOfAll();
  button->setReason(all.isEmpty() ? reason : all);
}

void PageBase::updateAway() {
  const bool here = mirror_.isConnected();
  body_->setVisible(here || worksAlone());
  if (here) {
    away_->clear();
  } else {
    away_->say(mirror_.whyNot());
    notice_->clear();
  }
  if (!here || mirror_.mayChange() || changing_.empty()) return readOnly_->clear();
  readOnly_->say(Notice::Kind::kInfo, tr("You may look at everything, but not change it."),
                 capitalized(mirror_.whyMayNotChange()));
}

}  // namespace rsip::gui
