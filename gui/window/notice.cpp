#include "gui/window/notice.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

#include "gui/models/words.h"
#include "gui/plots/plot_colors.h"

namespace rsip::gui {
namespace {

QColor colorOf(Notice::Kind kind, const PlotColors& colors) {
  switch (kind) {
    case Notice::Kind::kInfo:
      return colors.blue;
    case Notice::Kind::kGood:
      return colors.green;
    case Notice::Kind::kWarning:
      return colors.amber;
    case Notice::Kind::kError:
      return colors.red;
  }
  return colors.text;
}

QString signOf(Notice::Kind kind) {
  switch (kind) {
    case Notice::Kind::kInfo:
      return QStringLiteral("i");
    case Notice::Kind::kGood:
      return QStringLiteral("\u2713");
    case Notice::Kind::kWarning:
      return QStringLiteral("!");
    case Notice::Kind::kError:
      return QStringLiteral("\u2715");
  }
  return {};
}

}  // namespace

Notice::Notice(QWidget* parent)
    : QFrame(parent),
      sign_(new QLabel(this)),
      words_(new QLabel(this)),
      close_(new QPushButton(tr("Close"), this)),
      buttons_(new QHBoxLayout) {
  auto* const row = new QHBoxLayout(this);
  row->setContentsMargins(14, 10, 10, 10);
  row->setSpacing(12);
  QFont bold = font();
  bold.setBold(true);
  sign_->setFont(bold);
  words_->setWordWrap(true);
  words_->setTextFormat(Qt::PlainText);
  words_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  close_->setFlat(true);
  close_->setAccessibleName(tr("Close this message"));
  connect(close_, &QPushButton::clicked, this, &Notice::clear);
  row->addWidget(sign_, 0, Qt::AlignTop);
  row->addWidget(words_, 1);
  row->addLayout(buttons_);
  row->addWidget(close_, 0, Qt::AlignTop);
  hide();
}

void Notice::say(Kind kind, const QString& words, const QString& hint) {
  removeButtons();
  kind_ = kind;
  sign_->setText(signOf(kind));
  words_->setText(hint.isEmpty() ? words : words + QLatin1Char('\n') + hint);
  words_->setAccessibleName(words_->text());
  QPalette colored = palette();
  colored.setColor(QPalette::WindowText, colorOf(kind, plotColors(palette())));
  sign_->setPalette(colored);
  show();
}

void Notice::say(const Error& error) {
  say(Kind::kError, sentence(error.message), sentence(error.hint));
}

void Notice::clear() {
  removeButtons();
  words_->clear();
  hide();
}

QPushButton* Notice::addButton(const QString& name) {
  auto* const button = new QPushButton(name, this);
  buttons_->addWidget(button, 0, Qt::AlignTop);
  return button;
}

void Notice::setClosable(bool closable) {
  close_->setVisible(closable);
}

QString Notice::words() const {
  return isHidden() ? QString() : words_->text();
}

void Notice::removeButtons() {
  while (QLayoutItem* const item = buttons_->takeAt(0)) {
    item->widget()->hide();
    item->widget()->deleteLater();
    delete item;
  }
}

void Notice::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QColor color = colorOf(kind_, plotColors(palette()));
  QColor ground = color;
  ground.setAlphaF(0.10F);
  painter.setPen(Qt::NoPen);
  painter.setBrush(ground);
  painter.drawRoundedRect(rect(), 6, 6);
  painter.setBrush(color);
  painter.drawRoundedRect(QRectF(0, 0, 4, height()), 2, 2);
}

}  // namespace rsip::gui
